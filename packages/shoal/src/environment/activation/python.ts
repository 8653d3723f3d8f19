/** `activate_this.py`, for programs that embed Python: it turns the running interpreter to the environment's modules. */
import type { ActivationFacts } from './activation-scripts.ts';

export function activateThisPy({ sitePackages, prompt = '' }: ActivationFacts): string {
  return String.raw`"""Make the modules of this virtual environment importable in the running interpreter:

    import runpy
    runpy.run_path(path_of_this_file)
"""

import os
import site
import sys

try:
    _programs = os.path.dirname(os.path.abspath(__file__))
except NameError:
    raise AssertionError("Run this file with runpy.run_path(), which tells it its own path")

_root = os.path.dirname(_programs)
os.environ["PATH"] = os.pathsep.join([_programs] + os.environ.get("PATH", "").split(os.pathsep))
os.environ["VIRTUAL_ENV"] = _root
os.environ["VIRTUAL_ENV_PROMPT"] = ${quotePython(prompt)} or os.path.basename(_root)

# The environment's modules come before those that were importable so far.
_before = len(sys.path)
for _folder in [${sitePackages.map(quotePython).join(', ')}]:
    site.addsitedir(os.path.realpath(os.path.join(_programs, _folder)))
sys.path[:] = sys.path[_before:] + sys.path[:_before]

sys.real_prefix = sys.prefix
sys.prefix = _root
`;
}

/** A literal that every Python from 3.3 on reads, in ASCII. */
export function quotePython(text: string): string {
  const escaped = Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (character === '"' || character === '\\') return `\\${character}`;
    if (code >= 0x20 && code < 0x7f) return character;
    return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
  return `"${escaped.join('')}"`;
}
