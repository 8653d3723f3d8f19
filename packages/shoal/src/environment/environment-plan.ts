/** What a virtual environment consists of, before anything is written. */
import { basename, dirname, join, relative, sep } from 'node:path';
import { activationScripts } from './activation/activation-scripts.ts';
import type { ActivationFacts } from './activation/activation-scripts.ts';
import { baseExecutableOf } from './base-executable.ts';
import type { InterpreterFacts } from './interpreter-facts.ts';
import { formatPyvenvCfg } from './pyvenv-cfg.ts';
import { windowsLaunchers } from './windows-launchers.ts';

export interface EnvironmentSettings {
  readonly interpreter: InterpreterFacts;
  /** Written to `pyvenv.cfg` and shown in prompts. `undefined`: nothing is written, and prompts show the name of the folder. */
  readonly prompt?: string | undefined;
  readonly systemSitePackages?: boolean | undefined;
  readonly relocatable?: boolean | undefined;
  /** Recorded in `pyvenv.cfg`: the environment is made to hold seed packages. */
  readonly seed?: boolean | undefined;
  /** The version of this program. */
  readonly version: string;
}

/** Paths are relative to the root. Folders come before what is in them. */
export interface EnvironmentPlan {
  readonly folders: readonly string[];
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly links: readonly { readonly path: string; readonly target: string }[];
  /** Programs to copy, on systems where links to interpreters do not do. */
  readonly copies: readonly { readonly path: string; readonly source: string }[];
  /** The text of `pyvenv.cfg`, which makes the folder an environment and is therefore written last. */
  readonly configuration: string;
}

const CACHE_TAG = 'Signature: 8a477f597d28d172789f06886806bc55';

/** @param root Absolute: where the environment will be, whatever folder it is written to first. */
export function planEnvironment(root: string, settings: EnvironmentSettings): EnvironmentPlan {
  const { interpreter } = settings;
  const { scripts, purelib, platlib } = interpreter.virtualScheme;
  const base = baseExecutableOf(interpreter);
  const isWindows = process.platform === 'win32';
  return {
    folders: [...new Set([scripts, purelib, platlib])],
    files: [
      { path: 'CACHEDIR.TAG', text: CACHE_TAG },
      { path: '.gitignore', text: '*' },
      ...activationScripts(activationFacts(root, settings)).map(({ name, text }) => ({
        path: join(scripts, name),
        text,
      })),
    ],
    links: isWindows ? [] : [...interpreterLinks(interpreter, base), ...libraryLinks(interpreter)],
    copies: isWindows ? windowsLaunchers(interpreter, base) : [],
    configuration: configurationOf(base, settings),
  };
}

function activationFacts(root: string, { interpreter, prompt, relocatable }: EnvironmentSettings): ActivationFacts {
  const { scripts, purelib, platlib } = interpreter.virtualScheme;
  return {
    root,
    scriptsFolder: basename(scripts),
    sitePackages: [...new Set([purelib, platlib])].map((folder) => relative(scripts, folder).split(sep).join('/')),
    prompt,
    relocatable: relocatable === true,
  };
}

function interpreterLinks(interpreter: InterpreterFacts, base: string): EnvironmentPlan['links'] {
  const { scripts } = interpreter.virtualScheme;
  const names = interpreterNames(interpreter).map((name) => ({ path: join(scripts, name), target: 'python' }));
  return [{ path: join(scripts, 'python'), target: base }, ...names];
}

/** Further names of the interpreter: `python3`, `python3.13`, `python3.13t`, `pypy3`. */
function interpreterNames({ tags, implementation, gilDisabled }: InterpreterFacts): readonly string[] {
  const [major, minor] = tags.version;
  return [
    `python${major}`,
    `python${major}.${minor}`,
    ...(gilDisabled ? [`python${major}.${minor}t`] : []),
    ...(implementation === 'pypy' ? [`pypy${major}`, 'pypy'] : []),
    ...(implementation === 'graalpy' ? ['graalpy'] : []),
  ];
}

/** 64-bit systems but macOS may look in either: as the `venv` module does. */
function libraryLinks({ pointerBits, markers }: InterpreterFacts): EnvironmentPlan['links'] {
  const wanted = pointerBits === 64 && markers.os_name === 'posix' && markers.sys_platform !== 'darwin';
  return wanted ? [{ path: 'lib64', target: 'lib' }] : [];
}

function configurationOf(base: string, settings: EnvironmentSettings): string {
  const { interpreter, prompt, systemSitePackages, relocatable, seed, version } = settings;
  return formatPyvenvCfg([
    ['home', dirname(base)],
    ['implementation', interpreter.markers.platform_python_implementation],
    ['shoal', version],
    ['version_info', interpreter.markers.python_full_version],
    ['include-system-site-packages', String(systemSitePackages === true)],
    ...(relocatable === true ? [['relocatable', 'true'] as const] : []),
    ...(seed === true ? [['seed', 'true'] as const] : []),
    // A line break would start another key.
    ...(prompt === undefined ? [] : [['prompt', prompt.replaceAll(/[\r\n]+/g, ' ')] as const]),
  ]);
}
