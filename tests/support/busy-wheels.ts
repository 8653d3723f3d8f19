/** Two versions of a package whose import takes its time: many submodules, files that are read at import, its own metadata, a module beside it and a part of a namespace. */
import { buildWheel } from './wheel-builder.ts';
import type { BuiltDistribution } from './wheel-builder.ts';

const MODULES = 60;
const PARTS = 6;
const DATA_FILES = 10;

/** The same modules in each version, and `busy.only<major>`, which nobody imports. */
export function busyWheel(version: string): BuiltDistribution {
  const files: Record<string, string> = {
    'busy/__init__.py': INITIAL,
    [`busy/only${version.split('.')[0]}.py`]: '',
    'busy_single.py': `VERSION = "${version}"\n`,
    'busyspace/busy.py': `VERSION = "${version}"\n`,
  };
  for (let part = 0; part < PARTS; part += 1) files[`busy/part${part}/__init__.py`] = '';
  for (let number = 0; number < MODULES; number += 1)
    files[`busy/part${number % PARTS}/m${number}.py`] = `VERSION = "${version}"\n${FUNCTIONS}`;
  for (let number = 0; number < DATA_FILES; number += 1)
    files[`busy/data/d${number}.txt`] = `${version} ${'x'.repeat(100)}\n`;
  return buildWheel({ name: 'busy', version, files, entryPoints: { console_scripts: { busy: 'busy:main' } } });
}

/** Shares the namespace with it. */
export function neighbourWheel(): BuiltDistribution {
  return buildWheel({ name: 'neighbour', version: '1.0', files: { 'busyspace/neighbour.py': '' } });
}

const FUNCTIONS = Array.from({ length: 40 }, (_, number) => `def f${number}(x): return x + ${number}\n`).join('');

const INITIAL = `import importlib.metadata, os
${Array.from({ length: MODULES }, (_, number) => `import busy.part${number % PARTS}.m${number}`).join('\n')}
for number in range(${DATA_FILES}):
    with open(os.path.join(os.path.dirname(__file__), "data", "d%d.txt" % number)) as file:
        assert file.read().endswith("x\\n")
__version__ = importlib.metadata.version("busy")
assert __version__ in ("1.0", "2.0"), __version__
import busy_single, busyspace.busy, busyspace.neighbour

def main():
    print(__version__)
`;
