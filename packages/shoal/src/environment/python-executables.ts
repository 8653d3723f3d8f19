/**
 * Where interpreters may be, in the order in which they are tried. Lazy: a place is looked at when those before it did not
 * have what was asked for. What is found here still has to be asked whether it is what was wanted.
 */
import { activeEnvironment, condaEnvironment, nearestEnvironment } from './active-environment.ts';
import { executableOfRoot } from './environment-paths.ts';
import { executableNames, isMinorExecutable } from './executable-names.ts';
import type { ImplementationName } from './implementation-name.ts';
import { managedInterpreters } from './managed-pythons.ts';
import { pyenvInterpreters } from './pyenv.ts';
import type { PythonHost } from './python-host.ts';
import type { EnvironmentPreference, PythonPreference, PythonSource } from './python-source.ts';
import { programIn, programsIn, searchFolders } from './search-path.ts';
import type { VersionRequest } from './version-request.ts';
import { registeredInterpreters } from './windows-pythons.ts';

export interface ExecutableSearch {
  readonly version: VersionRequest;
  readonly implementation: ImplementationName | undefined;
  readonly environments: EnvironmentPreference;
  readonly preference: PythonPreference;
}

/** Executables of equal standing: the best of them by version is tried first. */
export interface ExecutableGroup {
  readonly source: PythonSource;
  readonly paths: readonly string[];
}

/** @throws {InvalidEnvironmentError} from the iteration, when it comes to a `.venv` that is none. */
export function* pythonExecutables(search: ExecutableSearch, host: PythonHost): Generator<ExecutableGroup> {
  const { environments } = search;
  if (environments !== 'only-system') yield* environmentExecutables(host);
  if (environments === 'only-virtual') return;
  yield* below('base-conda-prefix', condaEnvironment('base', host));
  yield* installedExecutables(search, host);
}

function* environmentExecutables(host: PythonHost): Generator<ExecutableGroup> {
  yield* below('active-environment', activeEnvironment(host));
  yield* below('conda-prefix', condaEnvironment('child', host));
  yield* below('discovered-environment', nearestEnvironment(host));
}

function* below(source: PythonSource, root: string | undefined): Generator<ExecutableGroup> {
  if (root !== undefined) yield { source, paths: [executableOfRoot(root).path] };
}

function* installedExecutables(search: ExecutableSearch, host: PythonHost): Generator<ExecutableGroup> {
  const { preference } = search;
  if (preference === 'managed' || preference === 'only-managed') yield* managed(search, host);
  if (preference === 'only-managed') return;
  yield* searchPathExecutables(search, host);
  yield* oneByOne('registry', registeredInterpreters(host));
  if (preference === 'system') yield* managed(search, host);
  yield* oneByOne('pyenv', pyenvInterpreters(search.version, host));
}

function managed({ version }: ExecutableSearch, host: PythonHost): Generator<ExecutableGroup> {
  return oneByOne('managed', managedInterpreters(version, host));
}

function* oneByOne(source: PythonSource, paths: readonly string[]): Generator<ExecutableGroup> {
  for (const path of paths) yield { source, paths: [path] };
}

/**
 * In each folder the names that fit the request best come first, then, when the request names no minor version, all
 * `python3.N` that may fit. The first group of the whole search path is special: it may be an environment put there by hand.
 */
function* searchPathExecutables(
  { version, implementation }: ExecutableSearch,
  host: PythonHost,
): Generator<ExecutableGroup> {
  const names = executableNames(version, implementation);
  let source: PythonSource = 'search-path-first';
  for (const folder of searchFolders(host)) {
    for (const paths of groupsIn(folder, names)) {
      yield { source, paths };
      source = 'search-path';
    }
  }

  function* groupsIn(folder: string, wanted: readonly string[]): Generator<readonly string[]> {
    for (const name of wanted) {
      const path = programIn(folder, name, host);
      if (path !== undefined) yield [path];
    }
    const minors = programsIn(folder, (name) => isMinorExecutable(name, version, implementation));
    if (minors.length > 0) yield minors;
  }
}

/** Every program called `name` on the search path, in its order. */
export function* executablesNamed(name: string, host: PythonHost): Generator<ExecutableGroup> {
  for (const folder of searchFolders(host)) {
    const path = programIn(folder, name, host);
    if (path !== undefined) yield { source: 'search-path', paths: [path] };
  }
}
