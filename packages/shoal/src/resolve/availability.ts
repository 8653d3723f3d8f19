/** Why a project or one of its versions cannot be used, in the words errors print. */
import {
  compareVersions,
  formatMarker,
  formatSpecifier,
  formatSpecifierSet,
  type Marker,
  type NormalizedName,
  type Requirement,
  type Specifier,
  type SpecifierSet,
} from '@shoal/packaging';

/** The best a wheel came to fitting, worst first: its interpreter, ABI or platform is not ours. */
export type TagMismatch = 'invalid' | 'python' | 'abi' | 'freethreaded-abi' | 'abi-python-version' | 'platform';

/** Nothing of a project can be used. */
export type ProjectProblem =
  | { readonly kind: 'no-index' }
  | { readonly kind: 'offline' }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'unauthorized' | 'forbidden'; readonly url: string }
  | { readonly kind: 'invalid-metadata'; readonly detail: string }
  | { readonly kind: 'invalid-structure'; readonly detail: string }
  | { readonly kind: 'network'; readonly status: string };

/** One version cannot be used. */
export type VersionProblem =
  | { readonly kind: 'unsatisfiable-dependency'; readonly requirement: Requirement }
  | { readonly kind: 'tag'; readonly mismatch: TagMismatch }
  | { readonly kind: 'no-binary' }
  | { readonly kind: 'no-build' }
  | { readonly kind: 'yanked'; readonly reason: string }
  | { readonly kind: 'exclude-newer'; readonly timed: boolean }
  | {
      readonly kind: 'requires-python';
      readonly requiresPython: SpecifierSet;
      readonly which: 'installed' | 'target' | 'metadata';
    }
  | { readonly kind: 'missing-platform'; readonly marker: Marker }
  | { readonly kind: 'not-pep625' }
  | { readonly kind: 'no-distributions' }
  | { readonly kind: 'offline' }
  | { readonly kind: 'invalid-metadata'; readonly detail: string }
  | { readonly kind: 'inconsistent-metadata'; readonly detail: string }
  | { readonly kind: 'invalid-structure'; readonly detail: string }
  | { readonly kind: 'network'; readonly status: string };

export type UnavailableReason =
  | { readonly scope: 'project'; readonly problem: ProjectProblem }
  | { readonly scope: 'version'; readonly problem: VersionProblem };

const tagWords: Readonly<Record<TagMismatch, string>> = {
  invalid: 'no wheels with valid tags',
  python: 'no wheels with a matching Python implementation tag',
  abi: 'no wheels with a matching Python ABI tag',
  'freethreaded-abi': 'no wheels with a free-threading compatible ABI tag',
  'abi-python-version': 'no wheels with a matching Python version tag',
  platform: 'no wheels with a matching platform tag',
};

/** `was not found in the package registry`. */
export function describeProjectProblem(problem: ProjectProblem): string {
  switch (problem.kind) {
    case 'no-index':
      return 'was not found in the provided package locations';
    case 'offline':
      return 'was not found in the cache';
    case 'not-found':
    case 'unauthorized':
    case 'forbidden':
      return 'was not found in the package registry';
    case 'invalid-metadata':
      return 'has invalid metadata';
    case 'invalid-structure':
      return 'has an invalid package format';
    case 'network':
      break;
  }
  return `could not be fetched from the network (\`${problem.status}\`)`;
}

/** The verb and the words of a problem, for one version (`has …`) or several (`have …`). */
export function describeVersionProblem(problem: VersionProblem, plural: boolean): string {
  const [singularVerb, pluralVerb] = verbsOf(problem);
  const verb = plural ? pluralVerb : singularVerb;
  const words = wordsOf(problem);
  return verb === '' ? words : `${verb} ${words}`;
}

const verbs: Readonly<Partial<Record<VersionProblem['kind'], readonly [string, string]>>> = {
  'unsatisfiable-dependency': ['depends on', 'depend on'],
  yanked: ['was', 'were'],
  'requires-python': ['requires', 'require'],
  offline: ['needs', 'need'],
  network: ['', ''],
};

function verbsOf(problem: VersionProblem): readonly [string, string] {
  if (problem.kind === 'exclude-newer' && problem.timed) return ['was', 'were'];
  return verbs[problem.kind] ?? ['has', 'have'];
}

function wordsOf(problem: VersionProblem): string {
  switch (problem.kind) {
    case 'unsatisfiable-dependency':
      return describeUnsatisfiable(problem.requirement);
    case 'tag':
      return tagWords[problem.mismatch];
    case 'no-binary':
      return 'no source distribution';
    case 'no-build':
      return 'no usable wheels';
    case 'yanked':
      return problem.reason.trim() === '' ? 'yanked' : `yanked (reason: ${problem.reason.trim().replace(/\.+$/, '')})`;
    case 'exclude-newer':
      return problem.timed ? 'published after the exclude newer time' : 'no publish time';
    case 'requires-python':
      return `Python ${formatSpecifierSet(problem.requiresPython)}`;
    case 'missing-platform':
      return `no ${platformOfMarker(problem.marker)}-compatible wheels`;
    case 'not-pep625':
      return 'a non-PEP 625-compliant source distribution filename';
    case 'no-distributions':
      return 'no available distributions';
    case 'offline':
      return 'to be downloaded from a registry';
    case 'invalid-metadata':
      return 'invalid metadata';
    case 'inconsistent-metadata':
      return 'inconsistent metadata';
    case 'invalid-structure':
      return 'an invalid package format';
    case 'network':
      break;
  }
  return `could not be fetched from the network (\`${problem.status}\`)`;
}

const platformNames: ReadonlyMap<string, string> = new Map([
  ["sys_platform == 'linux'", 'Linux'],
  ["sys_platform == 'win32'", 'Windows'],
  ["sys_platform == 'darwin'", 'macOS'],
]);

function platformOfMarker(marker: Marker): string {
  const text = formatMarker(marker) ?? '';
  return platformNames.get(text) ?? `\`${text}\``;
}

/** `foo<1 and foo>2, which are incompatible`. */
function describeUnsatisfiable(requirement: Requirement): string {
  const name = nameWithExtras(requirement.name, requirement.extras);
  const specifiers = requirement.specifiers.specifiers.toSorted(compareSpecifiers);
  const parts = specifiers.map((specifier) => `${name}${formatSpecifier(specifier)}`).join(' and ');
  return specifiers.length > 1 ? `${parts}, which are incompatible` : `${parts}, which does not allow any versions`;
}

function compareSpecifiers(a: Specifier, b: Specifier): number {
  return a.version === undefined || b.version === undefined ? 0 : compareVersions(a.version, b.version);
}

function nameWithExtras(name: NormalizedName, extras: readonly NormalizedName[]): string {
  return extras.length === 0 ? name : `${name}[${extras.join(',')}]`;
}

/** True when two versions can be told of in one sentence. */
export function reasonsEqual(a: UnavailableReason, b: UnavailableReason): boolean {
  if (a === b) return true;
  if (a.scope === 'project')
    return b.scope === 'project' && describeProjectProblem(a.problem) === describeProjectProblem(b.problem);
  if (b.scope === 'project') return false;
  if (a.problem.kind !== b.problem.kind) return false;
  return describeVersionProblem(a.problem, false) === describeVersionProblem(b.problem, false);
}
