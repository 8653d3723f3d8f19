/** The solver's port for locking: projects in folders are read from their files, and `tool.uv` may say what others require. */
import { formatVersion } from '@shoal/packaging';
import type { NormalizedName, Requirement } from '@shoal/packaging';
import type { DependencyMetadata } from '../project/distribution-file.ts';
import type { Scoped, StaticMetadata, ToolUv } from '../project/tool-uv.ts';
import type { DependencyAnswer, Provider } from '../resolve/provider.ts';
import type { LockSources } from './lock-sources.ts';

export type MetadataRules = Pick<ToolUv, 'dependencyMetadata' | 'overrideDependencies' | 'excludeDependencies'>;

export function createLockProvider(provider: Provider, sources: LockSources, rules: MetadataRules): Provider {
  const amended = new MetadataAmendments(rules);
  return {
    fetchProject: (name, location) => provider.fetchProject(name, location),
    fetchDependencies: async (file) => {
      const { name, version } = file.filename;
      const known = amended.given(name, formatVersion(version));
      if (known !== undefined)
        return { kind: 'found', metadata: amended.amend({ ...withoutRequirements(name, known), version }) };
      return amended.answer(await provider.fetchDependencies(file));
    },
    fetchUrlDependencies: async (source) => {
      const folder = sources.folderOf(source);
      if (folder !== undefined) {
        const { metadata } = await folder;
        return { kind: 'found', metadata: amended.amend(metadata), version: metadata.version };
      }
      const answer = await provider.fetchUrlDependencies(source);
      if (answer.kind !== 'found') return answer;
      const known = amended.given(source.name, formatVersion(answer.version));
      const metadata = known === undefined ? answer.metadata : { ...answer.metadata, ...known };
      return { ...answer, metadata: amended.amend(metadata) };
    },
  };
}

type GivenFields = Pick<DependencyMetadata, 'requiresDist' | 'requiresPython' | 'providesExtra'>;

function withoutRequirements(name: NormalizedName, given: GivenFields): Omit<DependencyMetadata, 'version'> {
  return { name, ...given, dynamic: [], metadataVersion: '2.4' };
}

/** What `tool.uv` changes in the metadata of packages. */
class MetadataAmendments {
  readonly #static: readonly StaticMetadata[];
  readonly #overrides: readonly Scoped<Requirement>[];
  readonly #excludes: readonly Scoped<NormalizedName>[];

  constructor({ dependencyMetadata, overrideDependencies, excludeDependencies }: MetadataRules) {
    this.#static = dependencyMetadata;
    this.#overrides = overrideDependencies.filter((entry) => 'package' in entry);
    this.#excludes = excludeDependencies.filter((entry) => typeof entry === 'object');
  }

  /** `dependency-metadata` for the version, else for all versions. */
  given(name: NormalizedName, version: string): GivenFields | undefined {
    const own = this.#static.filter((one) => one.name === name);
    const found = own.find((one) => one.version === version) ?? own.find((one) => one.version === undefined);
    if (found === undefined) return undefined;
    const { requiresDist, requiresPython, providesExtras } = found;
    return { requiresDist, requiresPython, providesExtra: providesExtras };
  }

  answer(answer: DependencyAnswer): DependencyAnswer {
    return answer.kind === 'found' ? { ...answer, metadata: this.amend(answer.metadata) } : answer;
  }

  /** Overrides and exclusions that are for this package alone. */
  amend(metadata: DependencyMetadata): DependencyMetadata {
    const overrides = this.#overrides.filter((one) => isFor(one, metadata)).flatMap((one) => one.dependencies);
    const excludes = this.#excludes.filter((one) => isFor(one, metadata)).flatMap((one) => one.dependencies);
    if (overrides.length + excludes.length === 0) return metadata;
    const kept = metadata.requiresDist.filter(({ name }) => !excludes.includes(name));
    return { ...metadata, requiresDist: kept.flatMap((requirement) => overridden(requirement, overrides)) };
  }
}

function isFor({ package: scope }: Scoped<unknown>, { name, version }: DependencyMetadata): boolean {
  return scope.name === name && (scope.version === undefined || scope.version === formatVersion(version));
}

function overridden(requirement: Requirement, overrides: readonly Requirement[]): readonly Requirement[] {
  const own = overrides.filter(({ name }) => name === requirement.name);
  return own.length === 0 ? [requirement] : own;
}
