/**
 * The shared middle of `pip install` and `pip sync`: under the environment's exclusive lock, look at what is installed, resolve,
 * plan, fetch, and apply in one transaction. Whatever ends early leaves the environment as it was.
 */
import { createTagPriorities, supportedTags } from '@shoal/packaging';
import type { MarkerEnvironment, NormalizedName, Tag, Version } from '@shoal/packaging';
import type { Environment } from '../environment/environment.ts';
import { lockEnvironment } from '../environment/environment-lock.ts';
import { readInstalledDistributions } from '../environment/site-packages.ts';
import type { InstalledDistribution } from '../environment/site-packages.ts';
import type { LinkMode } from '../install/link-mode.ts';
import { recoverEnvironment } from '../install/transaction.ts';
import type {
  BuildOptions,
  ExcludeNewer,
  InstalledCandidate,
  PrereleaseMode,
  ProjectSelection,
  ResolutionMode,
  SourcedRequirement,
} from '../resolve/resolve-input.ts';
import { resolve } from '../resolve/resolve.ts';
import type { Resolution, ResolutionWarning } from '../resolve/resolution.ts';
import { isBuiltFrom, lazyBuilder } from './builder.ts';
import type { Builder } from './builder.ts';
import type { BuildPolicy } from './build-policy.ts';
import { carryOut } from './carry-out.ts';
import { changesOf, planChanges } from './plan-changes.ts';
import { checkHashMode } from './check-hash-mode.ts';
import { checkInstalled } from './check-installed.ts';
import type { Incompatibility } from './check-installed.ts';
import { checkUrlWheels } from './check-url-wheels.ts';
import type { Context } from './context.ts';
import { missingFromCache } from './fetch-wheels.ts';
import { isInstalledFrom } from './is-installed-from.ts';
import { describeResolutionWarning } from './describe-resolution-warning.ts';
import type { EnvironmentChange, WorkflowOptions } from './install-phases.ts';
import { timed } from './install-phases.ts';
import { directUrlsOf } from './direct-urls.ts';
import { nameRequirements } from './name-requirements.ts';
import type { LocatedRequirement } from './name-requirements.ts';
import { createResolveProvider } from './resolve-provider.ts';
import { isSatisfied } from './satisfied.ts';

/** What is wanted, as requirements files and the command line say it. */
export interface RequirementSet {
  readonly requirements: readonly SourcedRequirement[];
  /** Further requirements, which only their source can name. */
  readonly unnamed: readonly LocatedRequirement[];
  readonly constraints: readonly SourcedRequirement[];
  readonly overrides: readonly SourcedRequirement[];
  readonly excludes: readonly NormalizedName[];
  /** `algorithm:hex` by `name==version` or URL. */
  readonly digests: ReadonlyMap<string, readonly string[]>;
  /** The URLs, as written, of what is to be installed editable. */
  readonly editables: ReadonlySet<string>;
}

/** What a resolution aims at when it is not the environment itself (`--python-version`, `--python-platform`). */
export interface TargetPlatform {
  readonly markers: MarkerEnvironment;
  readonly tags: readonly Tag[];
  readonly python: Version;
}

export interface ResolutionPolicy {
  readonly withoutDependencies: boolean;
  readonly mode: ResolutionMode;
  readonly prerelease: PrereleaseMode;
  readonly prereleaseOf: ReadonlyMap<NormalizedName, PrereleaseMode>;
  readonly excludeNewer?: ExcludeNewer;
  readonly buildOptions: BuildOptions;
  readonly build: BuildPolicy;
  readonly hashMode: 'none' | 'verify' | 'require';
  readonly target?: TargetPlatform;
}

export interface ChangePolicy {
  readonly reinstall: ProjectSelection;
  readonly upgrade: ProjectSelection;
  /** Remove what the resolution does not hold. */
  readonly exact: boolean;
  /** `pip sync`: resolve always, and look at the indexes alone. */
  readonly isSync: boolean;
  readonly dryRun: boolean;
  readonly strict: boolean;
  readonly linkMode: LinkMode | undefined;
  readonly compileBytecode: boolean;
  /** For one file, in milliseconds; 0 waits for ever; absent is a minute. */
  readonly compileTimeoutMs?: number | undefined;
  /** For processes that are started. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Whether INSTALLER, REQUESTED and direct_url.json are written. */
  readonly installerMetadata: boolean;
}

export interface ChangeInput {
  readonly environment: Environment;
  readonly requirements: RequirementSet;
  readonly resolution: ResolutionPolicy;
  readonly change: ChangePolicy;
  /** Where relative paths of requirements start. */
  readonly folder: string;
}

export type ChangeResult =
  | { readonly kind: 'satisfied'; readonly count: number; readonly incompatibilities: readonly Incompatibility[] }
  | {
      readonly kind: 'planned';
      readonly toFetch: number;
      readonly changes: readonly EnvironmentChange[];
      /** What is to be said of the resolution: yanked files, extras that do not exist. */
      readonly remarks: readonly string[];
    }
  | {
      readonly kind: 'changed';
      readonly resolved: number;
      readonly changes: readonly EnvironmentChange[];
      readonly remarks: readonly string[];
      readonly incompatibilities: readonly Incompatibility[];
    };

/** Bring the environment to what is wanted. @throws {NoSolutionError} and whatever fetching and installing throw. */
export async function changeEnvironment(
  input: ChangeInput,
  context: Context,
  options: WorkflowOptions,
): Promise<ChangeResult> {
  using _lock = await lockEnvironment(input.environment, 'exclusive', context.lockOptions);
  return await changeLocked(input, context, options);
}

async function changeLocked(input: ChangeInput, context: Context, options: WorkflowOptions): Promise<ChangeResult> {
  const started = performance.now();
  const { environment, change } = input;
  recoverEnvironment(environment, options);
  const installed = readInstalledDistributions(environment);
  if (isNothingToDo(input, installed)) {
    const count = input.requirements.requirements.length;
    options.onEvent({ type: 'phase', phase: 'checked', count, elapsedMs: performance.now() - started });
    return { kind: 'satisfied', count, incompatibilities: strictFindings(input, installed) };
  }
  if (input.resolution.hashMode === 'require') checkHashMode(input.requirements, targetOf(input).markers);
  const builder = builderFor(input, context, { options, installed });
  const resolution = await timed('resolved', options.onEvent, async () => {
    const result = await resolveForEnvironment(input, context, { options, installed, builder });
    return { count: result.nodes.length, result };
  });
  checkUrlWheels(resolution, targetOf(input).tags, input.folder);
  const directUrls = await directUrlsOf(resolution, { folder: input.folder, builder });
  const plan = planChanges(resolution, installed, { input, directUrls });
  const changes = changesOf(plan, directUrls);
  const remarks = resolution.warnings.filter(isRemark).map(describeResolutionWarning);
  if (changes.length === 0 && change.dryRun) announceChecked(resolution, started, options);
  if (change.dryRun)
    return {
      kind: 'planned',
      toFetch: missingFromCache(
        plan.add.map(({ node }) => node),
        context,
        input.folder,
      ),
      changes,
      remarks,
    };
  await carryOut(plan, { input, context, options, installed, builder, directUrls });
  if (changes.length === 0) announceChecked(resolution, started, options);
  return {
    kind: 'changed',
    resolved: resolution.nodes.length,
    changes,
    remarks,
    incompatibilities: strictFindings(input, undefined),
  };
}

function announceChecked(resolution: Resolution, started: number, { onEvent }: WorkflowOptions): void {
  onEvent({
    type: 'phase',
    phase: 'checked',
    count: resolution.nodes.length,
    elapsedMs: performance.now() - started,
  });
}

/** Warnings about what was chosen come last; those about what was asked for come at once. */
function isRemark({ kind }: ResolutionWarning): boolean {
  return kind === 'yanked' || kind === 'missing-extra';
}

function isNothingToDo(
  { requirements, resolution, change, environment, folder }: ChangeInput,
  installed: readonly InstalledDistribution[],
): boolean {
  if (change.isSync || change.exact || isSelecting(change.reinstall) || isSelecting(change.upgrade)) return false;
  if (resolution.hashMode === 'require' || requirements.unnamed.length > 0) return false;
  if (requirements.requirements.some(({ requirement: { url } }) => url !== undefined && isBuiltFrom(url))) return false;
  return isSatisfied(installed, {
    requirements: requirements.requirements.map(({ requirement }) => requirement),
    constraints: requirements.constraints.map(({ requirement }) => requirement),
    overrides: requirements.overrides.map(({ requirement }) => requirement),
    excludes: requirements.excludes,
    markers: resolution.target?.markers ?? environment.interpreter.markers,
    withoutDependencies: resolution.withoutDependencies,
    isFrom: (one, url) => isInstalledFrom(one, url, folder),
  });
}

function isSelecting(selection: ProjectSelection): boolean {
  return selection === 'all' || selection.size > 0;
}

interface ResolveSurroundings {
  readonly options: WorkflowOptions;
  readonly installed: readonly InstalledDistribution[];
}

function builderFor(input: ChangeInput, context: Context, { options, installed }: ResolveSurroundings): Builder {
  return lazyBuilder({
    context,
    options,
    interpreter: input.environment.interpreter,
    policy: input.resolution.build,
    folder: input.folder,
    editables: input.requirements.editables,
    installed: () => installed.map(({ name, version }) => `${name}==${version.text}`),
  });
}

async function resolveForEnvironment(
  input: ChangeInput,
  context: Context,
  { options, installed, builder }: ResolveSurroundings & { readonly builder: Builder },
): Promise<Resolution> {
  const { requirements, resolution: policy, change, environment } = input;
  const { interpreter } = environment;
  const target = targetOf(input);
  const resolution = await resolve(
    {
      ...requirements,
      requirements: [...requirements.requirements, ...(await nameRequirements(requirements.unnamed, builder))],
      dependencyMode: policy.withoutDependencies ? 'direct' : 'transitive',
      resolutionMode: policy.mode,
      prerelease: policy.prerelease,
      prereleaseOf: policy.prereleaseOf,
      indexStrategy: context.options.indexes.strategy,
      indexes: context.options.indexes.indexes,
      preferences: new Map(),
      target: {
        kind: 'environment',
        markers: target.markers,
        tags: createTagPriorities(target.tags),
        tagList: target.tags,
        python: target.python,
        installedPython: interpreter.version,
      },
      ...(policy.excludeNewer === undefined ? {} : { excludeNewer: policy.excludeNewer }),
      buildOptions: policy.buildOptions,
      installed: change.isSync ? new Map<NormalizedName, readonly InstalledCandidate[]>() : candidatesOf(installed),
      reinstall: change.reinstall,
      upgrade: change.upgrade,
      hashes: { mode: policy.hashMode, digests: requirements.digests },
    },
    createResolveProvider(context.index, { folder: input.folder, builder }),
    { ...(options.signal === undefined ? {} : { signal: options.signal }), onEvent: options.onEvent },
  );
  for (const warning of resolution.warnings.filter((one) => !isRemark(one)))
    options.onEvent({ type: 'warning', message: describeResolutionWarning(warning) });
  return resolution;
}

/** What it is resolved for: the environment itself unless options say something else. */
function targetOf({ resolution, environment: { interpreter } }: ChangeInput): TargetPlatform {
  return (
    resolution.target ?? {
      markers: interpreter.markers,
      tags: supportedTags(interpreter.tags),
      python: interpreter.version,
    }
  );
}

function candidatesOf(
  installed: readonly InstalledDistribution[],
): ReadonlyMap<NormalizedName, readonly InstalledCandidate[]> {
  const candidates = new Map<NormalizedName, InstalledCandidate[]>();
  for (const one of installed) {
    const candidate: InstalledCandidate = { version: one.version, metadata: () => one.metadata(), compatible: true };
    const same = candidates.get(one.name);
    if (same === undefined) candidates.set(one.name, [candidate]);
    else same.push(candidate);
  }
  return candidates;
}

function strictFindings(
  { environment, change }: ChangeInput,
  installed: readonly InstalledDistribution[] | undefined,
): readonly Incompatibility[] {
  if (!change.strict) return [];
  const { markers, version } = environment.interpreter;
  return checkInstalled(installed ?? readInstalledDistributions(environment), {
    markers,
    python: version,
    tags: supportedTags(environment.interpreter.tags),
  });
}
