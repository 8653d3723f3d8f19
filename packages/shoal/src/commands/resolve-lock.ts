/** The heart of locking: keep the lockfile when it still holds, else resolve with what it says as preferences. */
import { areMarkersDisjoint, formatMarker, markerOfPythonRange, trueMarker } from '@shoal/packaging';
import { OperationalError } from '@shoal/cache';
import type { InterpreterFacts } from '../environment/interpreter-facts.ts';
import { forksOf, lockPreferences } from '../lock/lock-preferences.ts';
import type { LockPreferences } from '../lock/lock-preferences.ts';
import type { Lockfile } from '../lock/lockfile.ts';
import { lockfileOfResolution } from '../lock/resolution-to-lockfile.ts';
import { extraOfGroup } from '../project/dependency-group-extra.ts';
import type { LoweredRequirement } from '../project/lowered-requirement.ts';
import { isPackaged } from '../project/workspace.ts';
import type { Workspace } from '../project/workspace.ts';
import type { WorkspacePython } from '../project/workspace-python.ts';
import type { Marker, NormalizedName } from '@shoal/packaging';
import { resolve } from '../resolve/resolve.ts';
import type { Resolution } from '../resolve/resolution.ts';
import type { ResolveInput, SourcedRequirement } from '../resolve/resolve-input.ts';
import { lazyBuilder } from './builder.ts';
import type { Builder } from './builder.ts';
import type { Context } from './context.ts';
import { describeResolutionWarning } from './describe-resolution-warning.ts';
import type { WorkflowOptions } from './install-phases.ts';
import { locatedPackages } from './located-packages.ts';
import { conflictsOf, lockedManifest, loweredManifest } from './lock-manifest.ts';
import type { LoweredManifest } from './lock-manifest.ts';
import type { LockInput } from './lock-project.ts';
import { createLockProvider } from './lock-provider.ts';
import { isLockSatisfied } from './lock-satisfies.ts';
import { LockSources } from './lock-sources.ts';
import { lockValidity } from './lock-validity.ts';
import type { LockValidity, WantedLock } from './lock-validity.ts';
import { createResolveProvider } from './resolve-provider.ts';

/** Environments of `tool.uv` that contradict each other or the Pythons of the project. */
class EnvironmentsError extends OperationalError {
  override readonly code = 'ENVIRONMENTS';
}

/** `tool.uv.conflicts` needs a resolution. */
class ConflictsError extends OperationalError {
  override readonly code = 'CONFLICTS';
}

export interface ResolveLockInput extends LockInput {
  readonly interpreter: InterpreterFacts;
  readonly python: WorkspacePython;
  readonly previous: Lockfile | undefined;
}

export interface ResolvedLock {
  readonly lockfile: Lockfile;
  /** The previous lockfile holds, and nothing was resolved. */
  readonly isSatisfied: boolean;
  /** The previous lockfile, to tell what changed. */
  readonly kept: Lockfile | undefined;
  readonly warnings: readonly string[];
}

/** @throws {NoSolutionError}, and what building throws */
export async function resolveLock(
  input: ResolveLockInput,
  context: Context,
  options: WorkflowOptions,
): Promise<ResolvedLock> {
  checkEnvironments(input);
  const work = new LockWork(input, context, options);
  const { previous } = input;
  const validity = previous === undefined ? undefined : await work.validity(previous);
  if (previous !== undefined && validity?.kind === 'unchanged')
    return { lockfile: previous, isSatisfied: true, kept: previous, warnings: [] };
  return await work.resolve(validity);
}

function checkEnvironments({ target, python }: ResolveLockInput): void {
  const { environments, requiredEnvironments } = target.workspace.root.toolUv;
  for (const list of [environments, requiredEnvironments])
    for (const [index, marker] of list.entries()) refuseOverlap(marker, list[index + 1]);
  const pythons = markerOfPythonRange(python.range);
  const foreign = environments.find((marker) => areMarkersDisjoint(pythons, marker));
  if (foreign !== undefined)
    throw new EnvironmentsError(
      `The \`environments\` marker \`${formatMarker(foreign) ?? ''}\` is disjoint with the \`requires-python\` of the project: \`${python.text}\``,
      { hint: 'Correct `tool.uv.environments` or `project.requires-python`' },
    );
}

function refuseOverlap(left: Marker, right: Marker | undefined): void {
  if (right === undefined || areMarkersDisjoint(left, right)) return;
  throw new EnvironmentsError(
    `Supported environments must be disjoint, but the following markers overlap: \`${formatMarker(left) ?? 'true'}\` and \`${formatMarker(right) ?? 'true'}\``,
    { hint: 'Write each so that it excludes the other' },
  );
}

class LockWork {
  readonly #input: ResolveLockInput;
  readonly #context: Context;
  readonly #options: WorkflowOptions;
  readonly #builder: Builder;
  readonly #preferences: LockPreferences;
  readonly #sources: LockSources;
  readonly #manifest: LoweredManifest;

  constructor(input: ResolveLockInput, context: Context, options: WorkflowOptions) {
    const { target, policy, interpreter, previous } = input;
    const { workspace } = target;
    this.#input = input;
    this.#context = context;
    this.#options = options;
    this.#builder = lazyBuilder({
      context,
      options,
      interpreter,
      policy: policy.build,
      folder: workspace.root.folder,
      editables: new Set(),
      installed: () => [],
    });
    this.#preferences =
      previous === undefined
        ? { versions: new Map(), commits: new Map() }
        : lockPreferences(previous, upgradesOf(previous, input));
    const { commits } = this.#preferences;
    this.#sources = new LockSources({ workspace, rules: policy.sources, builder: this.#builder, commits });
    this.#manifest = loweredManifest(target, this.#sources);
  }

  async validity(previous: Lockfile): Promise<LockValidity> {
    const { policy, target } = this.#input;
    const settings = this.#context.options.indexes;
    const manifest = lockedManifest(target, this.#manifest);
    const validity = lockValidity(previous, this.#wanted(manifest));
    if (validity.kind !== 'unchanged') {
      if (validity.reason !== undefined) this.#options.onEvent({ type: 'note', message: validity.reason });
      return validity;
    }
    const isSatisfied = await isLockSatisfied(previous, {
      workspace: target.workspace,
      manifest,
      sources: this.#sources,
      indexes: policy.hasIndexes ? [...settings.indexes, ...settings.flat] : undefined,
    });
    return isSatisfied ? validity : { kind: 'preferable' };
  }

  #wanted(manifest: WantedLock['manifest']): WantedLock {
    const { target, policy, python } = this.#input;
    const { toolUv } = target.workspace.root;
    const hasUpgrades = policy.upgrade === 'all' || policy.upgrade.size + policy.upgradeGroups.length > 0;
    return {
      options: policy.recorded,
      manifest,
      conflicts: conflictsOf(target),
      supported: toolUv.environments,
      required: toolUv.requiredEnvironments,
      python: python.range,
      upgrades: policy.upgrade === 'all' ? 'all' : hasUpgrades ? 'some' : 'none',
      refreshes: policy.refreshes,
    };
  }

  async resolve(validity: LockValidity | undefined): Promise<ResolvedLock> {
    const { target, previous } = this.#input;
    if (conflictsOf(target).length > 0)
      throw new ConflictsError('Conflicts (`tool.uv.conflicts`) are not resolved in this release', {
        hint: 'Lock with uv: a lockfile that is up to date is understood',
      });
    const isUsable = validity !== undefined && validity.kind !== 'unusable';
    const forks = validity?.kind === 'preferable' && previous !== undefined ? forksOf(previous) : [];
    const { environments, requiredEnvironments } = target.workspace.root.toolUv;
    const { signal, onEvent } = this.#options;
    const provider = createResolveProvider(this.#context.index, {
      folder: target.workspace.root.folder,
      builder: this.#builder,
    });
    const resolution = await resolve(
      this.#resolveInput({ versions: isUsable, forks: forks.length > 0 ? forks : environments }),
      createLockProvider(provider, this.#sources, target.workspace.root.toolUv),
      { ...(signal === undefined ? {} : { signal }), onEvent },
    );
    return {
      lockfile: await this.#lockfile(resolution, { supported: environments, required: requiredEnvironments }),
      isSatisfied: false,
      kept: previous,
      warnings: resolution.warnings.map((warning) => describeResolutionWarning(warning)),
    };
  }

  #resolveInput({ versions, forks }: { readonly versions: boolean; readonly forks: readonly Marker[] }): ResolveInput {
    const { target, policy, python, interpreter } = this.#input;
    const { environments, requiredEnvironments } = target.workspace.root.toolUv;
    const { constraints, overrides, excludes } = this.#manifest;
    return {
      requirements: this.#requirements(),
      constraints: [...constraints.map((lowered) => this.#sourced(lowered)), ...policy.upgradeLimits],
      overrides: overrides.map((lowered) => this.#sourced(lowered)),
      excludes,
      dependencyMode: 'transitive',
      resolutionMode: policy.mode,
      prerelease: policy.prerelease,
      prereleaseOf: policy.prereleaseOf,
      forkStrategy: policy.forkStrategy,
      indexStrategy: this.#context.options.indexes.strategy,
      indexes: this.#context.options.indexes.indexes,
      preferences: versions ? this.#preferences.versions : new Map(),
      target: {
        kind: 'universal',
        requiresPython: python.range,
        environments: forks,
        requiredEnvironments: [...environments, ...requiredEnvironments],
        installedPython: interpreter.version,
        currentMarkers: interpreter.markers,
      },
      ...(policy.excludeNewer === undefined ? {} : { excludeNewer: policy.excludeNewer }),
      buildOptions: policy.buildOptions,
      indexPins: this.#sources.pins,
      workspaceMembers: new Set(target.workspace.members.keys()),
    };
  }

  /** Members with all their extras, then with all their groups, then what is asked for beside them. */
  #requirements(): readonly SourcedRequirement[] {
    const { workspace } = this.#input.target;
    const members = memberRequirements(workspace);
    const { requirements, groups } = this.#manifest;
    return [...members, ...requirements, ...groups.values()].flat().map((lowered) => this.#sourced(lowered));
  }

  #sourced(lowered: LoweredRequirement): SourcedRequirement {
    const { source } = lowered;
    return {
      requirement: this.#sources.requirement(lowered),
      origin: undefined,
      ...(source.kind === 'registry' && source.index !== undefined ? { index: source.index } : {}),
    };
  }

  async #lockfile(
    resolution: Resolution,
    { supported, required }: { readonly supported: readonly Marker[]; readonly required: readonly Marker[] },
  ): Promise<Lockfile> {
    const { target, policy, python } = this.#input;
    const root = target.workspace.root.folder;
    const located = await locatedPackages(resolution, {
      sources: this.#sources,
      builder: this.#builder,
      context: this.#context,
      root,
    });
    return lockfileOfResolution(resolution, {
      requiresPython: python,
      supported,
      required,
      conflicts: conflictsOf(target),
      options: policy.recorded,
      manifest: lockedManifest(target, this.#manifest),
      located,
      root,
    });
  }
}

function memberRequirements(workspace: Workspace): readonly LoweredRequirement[] {
  const members = [...workspace.members].map(([name, member]) => {
    const editable = workspace.requiredMembers.get(name) ?? true;
    const kind = isPackaged(workspace, member) ? (editable ? 'editable' : 'directory') : 'virtual';
    const source = { kind, path: member.folder, isWrittenAbsolute: false } as const;
    return { member, lowered: { name, extras: [], marker: trueMarker, source } };
  });
  const withExtras = members.map(({ member, lowered }) => ({
    ...lowered,
    extras: [...member.optionalDependencies.keys()],
  }));
  const withGroups = members.flatMap(({ member, lowered }) => {
    const extras = [...member.dependencyGroups.keys()].map(extraOfGroup);
    return extras.length === 0 ? [] : [{ ...lowered, extras }];
  });
  return [...withExtras, ...withGroups];
}

/** By name, and all that a group of `--upgrade-group` asks for. */
function upgradesOf(previous: Lockfile, { policy }: ResolveLockInput): 'all' | ReadonlySet<NormalizedName> {
  if (policy.upgrade === 'all') return 'all';
  const names = new Set(policy.upgrade);
  const groups = [previous.manifest.dependencyGroups, ...previous.packages.map(({ metadata }) => metadata.requiresDev)];
  for (const map of groups)
    for (const [group, list] of map)
      if (policy.upgradeGroups.includes(group)) for (const { name } of list) names.add(name);
  return names;
}
