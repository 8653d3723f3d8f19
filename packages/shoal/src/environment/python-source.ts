/** Places where interpreters are looked for, and what each place says about what is found there. */

export type PythonSource =
  | 'provided-path'
  | 'active-environment'
  | 'conda-prefix'
  | 'base-conda-prefix'
  | 'discovered-environment'
  | 'managed'
  | 'search-path-first'
  | 'search-path'
  | 'pyenv'
  | 'registry';

/** Which environments may be used. */
export type EnvironmentPreference =
  | 'any'
  /** Virtual ones, and the interpreter that a request points at: for commands that change the environment. */
  | 'explicit-system'
  | 'only-virtual'
  | 'only-system';

/** Which installations may be used, and which come first. */
export type PythonPreference = 'only-managed' | 'managed' | 'system' | 'only-system';

interface SourceTraits {
  readonly shown: string;
  readonly maybeVirtual: boolean;
  readonly maybeSystem: boolean;
  /** Found by looking around: pre-releases, debug builds and other implementations need to be asked for. */
  readonly isListing: boolean;
}

const TRAITS: Readonly<Record<PythonSource, SourceTraits>> = {
  'provided-path': { shown: 'provided path', maybeVirtual: true, maybeSystem: true, isListing: false },
  'active-environment': {
    shown: 'active virtual environment',
    maybeVirtual: true,
    maybeSystem: false,
    isListing: false,
  },
  'conda-prefix': { shown: 'conda prefix', maybeVirtual: true, maybeSystem: true, isListing: false },
  'base-conda-prefix': { shown: 'conda prefix', maybeVirtual: true, maybeSystem: true, isListing: false },
  'discovered-environment': { shown: 'virtual environment', maybeVirtual: true, maybeSystem: false, isListing: false },
  managed: { shown: 'managed installations', maybeVirtual: false, maybeSystem: true, isListing: true },
  'search-path-first': {
    shown: 'first executable in the search path',
    maybeVirtual: true,
    maybeSystem: true,
    isListing: false,
  },
  'search-path': { shown: 'search path', maybeVirtual: false, maybeSystem: true, isListing: false },
  pyenv: { shown: 'pyenv', maybeVirtual: false, maybeSystem: true, isListing: true },
  registry: { shown: 'registry', maybeVirtual: false, maybeSystem: true, isListing: true },
};

export function shownSource(source: PythonSource): string {
  return TRAITS[source].shown;
}

/** Whether an interpreter from there could be one that is allowed; asking it settles the rest. */
export function mayHoldAllowed(source: PythonSource, preference: EnvironmentPreference): boolean {
  if (preference === 'any') return true;
  return preference === 'only-system' ? TRAITS[source].maybeSystem : TRAITS[source].maybeVirtual;
}

/** Conda environments are no virtual environments by PEP 405, but people use them as such. */
export function isAllowed(source: PythonSource, isVirtual: boolean, preference: EnvironmentPreference): boolean {
  const counted = isVirtual || source === 'conda-prefix';
  if (preference === 'any') return true;
  if (preference === 'only-system') return !counted;
  return counted || (preference === 'explicit-system' && source === 'provided-path');
}

/** Whether pre-releases and debug builds found there are used without being asked for. */
export function allowsSpecialBuilds(source: PythonSource): boolean {
  return !TRAITS[source].isListing;
}

/** Whether other implementations than CPython, and builds of other variants, found there are used without being asked for. */
export function allowsAnyImplementation(source: PythonSource): boolean {
  return !TRAITS[source].isListing && source !== 'search-path' && source !== 'search-path-first';
}

/** As errors list them: `virtual environments, managed installations, or search path`. */
export function describeSources(
  environments: EnvironmentPreference,
  { preference, isExplicit }: { readonly preference: PythonPreference; readonly isExplicit: boolean },
): string {
  const installed = installedSources(preference);
  if (environments === 'only-system') return disjunction(installed);
  const onlyVirtual = environments === 'only-virtual' || (environments === 'explicit-system' && !isExplicit);
  return disjunction(onlyVirtual ? ['virtual environments'] : ['virtual environments', ...installed]);
}

function installedSources(preference: PythonPreference): readonly string[] {
  const system = process.platform === 'win32' ? ['search path', 'registry'] : ['search path'];
  switch (preference) {
    case 'only-managed':
      return ['managed installations'];
    case 'managed':
      return ['managed installations', ...system];
    case 'system':
      return [...system, 'managed installations'];
    case 'only-system':
    default:
      return system;
  }
}

function disjunction(items: readonly string[]): string {
  if (items.length < 3) return items.join(' or ');
  return `${items.slice(0, -1).join(', ')}, or ${items.at(-1)}`;
}
