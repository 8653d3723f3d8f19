/** The programs of an environment on Windows: small launchers that come with Python and start the interpreter that `pyvenv.cfg` names. */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { InterpreterFacts } from './interpreter-facts.ts';

interface Copy {
  readonly path: string;
  readonly source: string;
}

/** `path` is relative to the environment's root. An interpreter without launchers (a build without `venv`) is copied itself. */
export function windowsLaunchers(interpreter: InterpreterFacts, base: string): readonly Copy[] {
  const { scripts } = interpreter.virtualScheme;
  const launchers = join(interpreter.stdlib, 'venv', 'scripts', 'nt');
  return programNames(interpreter).flatMap(({ name, launcherNames }) => {
    const sources = [...launcherNames.map((launcher) => join(launchers, launcher)), join(dirname(base), name)];
    const source = sources.find((path) => existsSync(path)) ?? (name === 'python.exe' ? base : undefined);
    return source === undefined ? [] : [{ path: join(scripts, basename(name)), source }];
  });
}

interface Program {
  readonly name: string;
  /** Files of the `venv` module that can stand for it, newest Python first. */
  readonly launcherNames: readonly string[];
}

function programNames({ implementation, gilDisabled, tags }: InterpreterFacts): readonly Program[] {
  const letter = gilDisabled ? 't' : '';
  const minor = tags.version.join('.');
  const console = [`venvlauncher${letter}.exe`, 'venvlauncher.exe', 'python.exe'];
  const windowed = [`venvwlauncher${letter}.exe`, 'venvwlauncher.exe', 'pythonw.exe'];
  const always = [
    { name: 'python.exe', launcherNames: console },
    { name: 'pythonw.exe', launcherNames: windowed },
  ];
  if (implementation === 'pypy') {
    return [
      ...always,
      ...['python3.exe', `python${minor}.exe`, 'pypy.exe', 'pypy3.exe'].map((name) => ({ name, launcherNames: [] })),
    ];
  }
  if (implementation === 'graalpy') return [...always, { name: 'graalpy.exe', launcherNames: [] }];
  return gilDisabled
    ? [
        ...always,
        { name: `python${minor}t.exe`, launcherNames: console },
        { name: `pythonw${minor}t.exe`, launcherNames: windowed },
      ]
    : always;
}
