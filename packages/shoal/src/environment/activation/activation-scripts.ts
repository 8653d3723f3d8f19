/**
 * The scripts that put an environment to use in a shell, one for each kind of shell.
 *
 * All of them set `VIRTUAL_ENV`, `VIRTUAL_ENV_PROMPT` and the search path, unset `PYTHONHOME`, show the prompt unless
 * `VIRTUAL_ENV_DISABLE_PROMPT` is set, and leave a `deactivate` that undoes it. What was before is kept under the names that
 * `venv` and virtualenv use, so that activating one kind of environment ends another.
 */
import { activateBat, deactivateBat, pydocBat } from './cmd.ts';
import { activateCsh } from './csh.ts';
import { activateFish } from './fish.ts';
import { activateNu } from './nushell.ts';
import { activatePs1 } from './powershell.ts';
import { activateThisPy } from './python.ts';
import { activateSh } from './sh.ts';
import { activateXsh } from './xonsh.ts';

export interface ActivationFacts {
  /** Absolute. */
  readonly root: string;
  /** Name of the folder of programs in it: `bin`, `Scripts`. */
  readonly scriptsFolder: string;
  /** Folders of modules, relative to the folder of programs: `../lib/python3.12/site-packages`. */
  readonly sitePackages: readonly string[];
  /** `undefined`: the name of the root. */
  readonly prompt: string | undefined;
  /** The scripts find the root from their own place, so that it can be moved. */
  readonly relocatable: boolean;
}

export interface ActivationScript {
  readonly name: string;
  readonly text: string;
}

/** A script of csh cannot know its own place: there is none for an environment that can be moved. */
export function activationScripts(facts: ActivationFacts): readonly ActivationScript[] {
  return [
    { name: 'activate', text: activateSh(facts) },
    ...(facts.relocatable ? [] : [{ name: 'activate.csh', text: activateCsh(facts) }]),
    { name: 'activate.fish', text: activateFish(facts) },
    { name: 'activate.nu', text: activateNu(facts) },
    { name: 'activate.xsh', text: activateXsh(facts) },
    { name: 'activate.ps1', text: activatePs1(facts) },
    { name: 'activate.bat', text: activateBat(facts) },
    { name: 'deactivate.bat', text: deactivateBat },
    { name: 'pydoc.bat', text: pydocBat },
    { name: 'activate_this.py', text: activateThisPy(facts) },
  ];
}
