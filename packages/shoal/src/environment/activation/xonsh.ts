/** `activate.xsh`, for xonsh, whose language is Python. */
import type { ActivationFacts } from './activation-scripts.ts';
import { quotePython } from './python.ts';

export function activateXsh({ root, scriptsFolder, prompt = '', relocatable }: ActivationFacts): string {
  const place = relocatable ? '_path.dirname(_path.dirname(_path.realpath(__file__)))' : quotePython(root);
  return String.raw`# Read this file into a shell, do not run it:  source ${scriptsFolder}/activate.xsh

def _virtual_activate():
    from os import path as _path
    from xonsh.built_ins import XSH

    variables = XSH.env
    before = {}

    def deactivate(args=()):
        for name, value in before.items():
            if value is None:
                variables.pop(name, None)
            else:
                variables[name] = value
        before.clear()
        if not args:
            XSH.aliases.pop("deactivate", None)

    if "deactivate" in XSH.aliases:
        XSH.aliases["deactivate"](["nondestructive"])

    root = ${place}
    for name in ("PATH", "PYTHONHOME", "VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT"):
        before[name] = variables[name].copy() if name == "PATH" else variables.get(name, None)
    variables["VIRTUAL_ENV"] = root
    variables["VIRTUAL_ENV_PROMPT"] = ${quotePython(prompt)} or _path.basename(root)
    variables["PATH"].insert(0, _path.join(root, ${quotePython(scriptsFolder)}))
    variables.pop("PYTHONHOME", None)
    XSH.aliases["deactivate"] = deactivate


_virtual_activate()
del _virtual_activate
`;
}
