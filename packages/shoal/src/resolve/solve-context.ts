/** What all forks of one resolution share: the input made ready, what is known, and what was found out on the way. */
import {
  compareVersions,
  formatVersion,
  trueMarker,
  versionsEqual,
  type Marker,
  type NormalizedName,
  type Requirement,
  type Version,
} from '@shoal/packaging';
import type { IndexLocation } from '../project/distribution-file.ts';
import type { ProjectProblem } from './availability.ts';
import { CandidateSelector, includesProject } from './candidate-selector.ts';
import { DependencyReader } from './dependency-reader.ts';
import { DirectPolicies } from './direct-policies.ts';
import type { FilePolicy } from './file-choice.ts';
import { includesMarker, type ForkEnvironment } from './fork-environment.ts';
import { GapNotes } from './gap-notes.ts';
import { Knowledge } from './knowledge.ts';
import { Manifest } from './manifest.ts';
import { PreferenceStore } from './preference-store.ts';
import type { Provider } from './provider.ts';
import { boundsOfRange, compareLowerBounds, pythonFrom, type PythonBounds } from './python-bounds.ts';
import { RequirementUrls } from './requirement-urls.ts';
import { UnhashedProjectError } from './resolve-errors.ts';
import type { ForkStrategy, ResolveInput } from './resolve-input.ts';

interface MarkedIndex {
  readonly index: IndexLocation;
  readonly marker: Marker;
}

export interface ContextOptions {
  readonly provider: Provider;
  /** Requirements of URL requirements, whose URLs are thereby allowed. */
  readonly lookaheads: readonly Requirement[];
  readonly announce: (name: NormalizedName, version: Version) => void;
}

export class SolveContext {
  readonly input: ResolveInput;
  readonly environment: ForkEnvironment;
  readonly python: PythonBounds;
  readonly targetIsInstalled: boolean;
  readonly forkStrategy: ForkStrategy;
  readonly requiredEnvironments: readonly Marker[];
  readonly manifest: Manifest;
  readonly policies: DirectPolicies;
  readonly selector: CandidateSelector;
  readonly knowledge: Knowledge;
  readonly reader: DependencyReader;
  readonly urls: RequirementUrls;
  readonly preferences: PreferenceStore;
  readonly announce: (name: NormalizedName, version: Version) => void;
  /** Projects nothing of which can be used. */
  readonly unavailable: Map<NormalizedName, ProjectProblem> = new Map();
  readonly incomplete: GapNotes = new GapNotes();
  /** Projects whose listing was looked at. */
  readonly visited: Set<NormalizedName> = new Set();
  readonly #indexes: Map<NormalizedName, MarkedIndex[]> = new Map();
  readonly #known: Map<string, readonly Version[]> = new Map();

  constructor(input: ResolveInput, { provider, lookaheads, announce }: ContextOptions) {
    const { target } = input;
    this.input = input;
    this.announce = announce;
    this.environment =
      target.kind === 'environment'
        ? { kind: 'specific', markers: target.markers }
        : { kind: 'universal', marker: trueMarker };
    this.python = target.kind === 'environment' ? pythonFrom(target.python) : boundsOfRange(target.requiresPython);
    this.targetIsInstalled = isSamePython(input, this.python);
    this.forkStrategy = input.forkStrategy ?? 'requires-python';
    this.requiredEnvironments = target.kind === 'universal' ? target.requiredEnvironments : [];
    this.manifest = new Manifest(input);
    this.policies = new DirectPolicies(input, this.manifest, this.environment);
    this.selector = new CandidateSelector(input, this.policies);
    this.knowledge = new Knowledge(provider, (name) => this.#policyOf(name));
    this.reader = new DependencyReader(this.manifest);
    this.urls = new RequirementUrls(
      [...this.manifest.selectionRequirements, ...lookaheads],
      input.overrides.map(({ requirement }) => requirement),
    );
    this.preferences = new PreferenceStore(input.preferences);
    const sourced = [...input.requirements, ...input.constraints, ...input.overrides, ...(input.indexPins ?? [])];
    for (const { requirement, index } of sourced) this.#pinIndex(requirement, index);
  }

  #pinIndex(requirement: Requirement, index: IndexLocation | undefined): void {
    if (index === undefined) return;
    const pinned = this.#indexes.get(requirement.name);
    const entry = { index, marker: requirement.marker ?? trueMarker };
    if (pinned === undefined) this.#indexes.set(requirement.name, [entry]);
    else pinned.push(entry);
  }

  hasPinnedIndex(name: NormalizedName): boolean {
    return this.#indexes.has(name);
  }

  pinnedIndexes(name: NormalizedName, environment: ForkEnvironment): readonly IndexLocation[] {
    const pinned = this.#indexes.get(name) ?? [];
    return pinned.filter(({ marker }) => includesMarker(environment, marker)).map(({ index }) => index);
  }

  #policyOf(name: NormalizedName): FilePolicy {
    const { target, buildOptions, excludeNewer, hashes } = this.input;
    const cutoff = excludeNewer?.perProject.get(name) ?? excludeNewer?.default;
    return {
      tags: target.kind === 'environment' ? target.tags : undefined,
      python: this.python,
      noBinary: includesProject(buildOptions.noBinary, name),
      noBuild: includesProject(buildOptions.noBuild, name),
      cutoffMs: cutoff === undefined || cutoff === false ? undefined : Date.parse(cutoff),
      allowsYanked: (version) => this.policies.allowsYanked(name, version),
      digestsOf: (version) => hashes?.digests.get(`${name}==${formatVersion(version)}`) ?? [],
    };
  }

  /** @throws {UnhashedProjectError} in hash-checking mode, when the version has no digest. */
  requireHashes(name: NormalizedName, version: Version): void {
    if (this.input.hashes?.mode !== 'require') return;
    if ((this.input.hashes.digests.get(`${name}==${formatVersion(version)}`)?.length ?? 0) === 0)
      throw new UnhashedProjectError(name);
  }

  /** All versions that might be chosen, highest first; empty while the listing is unknown. */
  knownVersions(name: NormalizedName, index: IndexLocation | undefined): readonly Version[] {
    const key = index === undefined ? name : `${name} ${index.url}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.knowledge.listing(name, index) === undefined) return [];
    const lists = this.knowledge.tables(name, index).map((table) => table.versions);
    const installed = (this.input.installed?.get(name) ?? []).map(({ version }) => version);
    const versions = mergeVersions(installed.length === 0 ? lists : [...lists, installed]);
    this.#known.set(key, versions);
    return versions;
  }
}

function mergeVersions(lists: readonly (readonly Version[])[]): readonly Version[] {
  const [first, ...others] = lists;
  if (first === undefined || others.length === 0) return first ?? [];
  const sorted = lists.flat().toSorted((a, b) => compareVersions(b, a));
  return sorted.filter((version, index) => {
    const before = sorted[index - 1];
    return before === undefined || !versionsEqual(before, version);
  });
}

function isSamePython({ target }: ResolveInput, python: PythonBounds): boolean {
  const installed = target.installedPython;
  return (
    installed === undefined ||
    (python.upper === undefined && compareLowerBounds(pythonFrom(installed).lower, python.lower) === 0)
  );
}
