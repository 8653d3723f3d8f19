/**
 * The shared middle of `pip install` and `pip sync`: under the environment's exclusive lock, look at what is installed, resolve,
 * plan, fetch, and apply in one transaction. Whatever ends early leaves the environment as it was.
 */
import type { LockHandle, PinnedTree } from '@shoal/cache';
import { createTagPriorities, formatDirectUrl, formatVersion, supportedTags } from '@shoal/packaging';
import type { MarkerEnvironment, NormalizedName, Tag, Version } from '@shoal/packaging';
import type { Environment } from '../environment/environment.ts';
import { lockEnvironment } from '../environment/environment-lock.ts';
import { readInstalledDistributions } from '../environment/site-packages.ts';
import type { InstalledDistribution } from '../environment/site-packages.ts';
import { wheelNoteOf } from '../fetch/wheel-note.ts';
import { applyPlan } from '../install/apply-plan.ts';
import type { LinkMode } from '../install/link-mode.ts';
import { planInstall } from '../install/plan.ts';
import type { InstallPlan, WantedDistribution } from '../install/plan.ts';
import { recoverEnvironment } from '../install/transaction.ts';
import type { BuildOptions, ExcludeNewer, InstalledCandidate, PrereleaseMode, ProjectSelection, ResolutionMode, SourcedRequirement } from '../resolve/resolve-input.ts';
import { resolve } from '../resolve/resolve.ts';
import type { Resolution, ResolvedNode } from '../resolve/resolution.ts';
import { checkInstalled } from './check-installed.ts';
import type { Incompatibility } from './check-installed.ts';
import type { Context } from './context.ts';
import { fetchWheels, missingFromCache } from './fetch-wheels.ts';
import type { EnvironmentChange, WorkflowOptions } from './install-phases.ts';
import { timed } from './install-phases.ts';
import { createResolveProvider } from './resolve-provider.ts';
import { isSatisfied } from './satisfied.ts';

/** What is wanted, as requirements files and the command line say it. */
export interface RequirementSet {
  readonly requirements: readonly SourcedRequirement[];
  readonly constraints: readonly SourcedRequirement[];
  readonly overrides: readonly SourcedRequirement[];
  readonly excludes: readonly NormalizedName[];
  /** `algorithm:hex` by `name==version` or URL. */
  readonly digests: ReadonlyMap<string, readonly string[]>;
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
  readonly excludeNewer?: ExcludeNewer;
  readonly buildOptions: BuildOptions;
  readonly hashMode: 'none' | 'verify' | 'require';
  readonly target?: TargetPlatform;
}

export interface ChangePolicy {
  readonly reinstall: ProjectSelection;
  readonly upgrade: ProjectSelection;
  /** Remove what the resolution does not hold. */
  readonly exact: boolean;
  /** Never answer "nothing to do" without resolving (`pip sync`). */
  readonly alwaysResolve: boolean;
  readonly dryRun: boolean;
  readonly strict: boolean;
  readonly linkMode: LinkMode | undefined;
  readonly compileBytecode: boolean;
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
  | { readonly kind: 'planned'; readonly toFetch: number; readonly changes: readonly EnvironmentChange[] }
  | { readonly kind: 'changed'; readonly resolved: number; readonly changes: readonly EnvironmentChange[]; readonly incompatibilities: readonly Incompatibility[] };

/** Bring the environment to what is wanted. @throws {NoSolutionError} and whatever fetching and installing throw. */
export async function changeEnvironment(input: ChangeInput, context: Context, options: WorkflowOptions): Promise<ChangeResult> {
  using lock = await lockEnvironment(input.environment, 'exclusive', context.lockOptions);
  return await changeLocked(input, context, { ...options, lock });
}

async function changeLocked(input: ChangeInput, context: Context, options: WorkflowOptions & { readonly lock: LockHandle }): Promise<ChangeResult> {
  const started = performance.now();
  const { environment, change } = input;
  recoverEnvironment(environment, options);
  const installed = readInstalledDistributions(environment);
  if (isNothingToDo(input, installed)) {
    const count = input.requirements.requirements.length;
    options.onEvent({ type: 'phase', phase: 'checked', count, elapsedMs: performance.now() - started });
    return { kind: 'satisfied', count, incompatibilities: strictFindings(input, installed) };
  }
  const resolution = await timed('resolved', options.onEvent, async () => {
    const result = await resolveForEnvironment(input, context, { options, installed });
    return { count: result.nodes.length, result };
  });
  const plan = planInstall({ wanted: resolution.nodes.map(wantedOf), installed, reinstall: change.reinstall, exact: change.exact });
  if (change.dryRun) return describePlan(plan, resolution, { context, folder: input.folder });
  const changes = await carryOut(plan, resolution, { input, context, options });
  if (changes.length === 0) options.onEvent({ type: 'phase', phase: 'checked', count: resolution.nodes.length, elapsedMs: performance.now() - started });
  return { kind: 'changed', resolved: resolution.nodes.length, changes, incompatibilities: strictFindings(input, undefined) };
}

function isNothingToDo({ requirements, resolution, change, environment }: ChangeInput, installed: readonly InstalledDistribution[]): boolean {
  if (change.alwaysResolve || change.exact || isSelecting(change.reinstall) || isSelecting(change.upgrade)) return false;
  if (resolution.hashMode === 'require' || requirements.requirements.length === 0) return false;
  return isSatisfied(installed, {
    requirements: requirements.requirements.map(({ requirement }) => requirement),
    constraints: requirements.constraints.map(({ requirement }) => requirement),
    overrides: requirements.overrides.map(({ requirement }) => requirement),
    excludes: requirements.excludes,
    markers: resolution.target?.markers ?? environment.interpreter.markers,
    withoutDependencies: resolution.withoutDependencies,
  });
}

function isSelecting(selection: ProjectSelection): boolean {
  return selection === 'all' || selection.size > 0;
}

interface ResolveSurroundings {
  readonly options: WorkflowOptions;
  readonly installed: readonly InstalledDistribution[];
}

async function resolveForEnvironment(input: ChangeInput, context: Context, { options, installed }: ResolveSurroundings): Promise<Resolution> {
  const { requirements, resolution: policy, change, environment } = input;
  const { interpreter } = environment;
  const target = policy.target ?? { markers: interpreter.markers, tags: supportedTags(interpreter.tags), python: interpreter.version };
  const resolution = await resolve(
    {
      ...requirements,
      dependencyMode: policy.withoutDependencies ? 'direct' : 'transitive',
      resolutionMode: policy.mode,
      prerelease: policy.prerelease,
      indexStrategy: context.options.indexes.strategy,
      preferences: new Map(),
      target: { kind: 'environment', markers: target.markers, tags: createTagPriorities(target.tags), tagList: target.tags, python: target.python, installedPython: interpreter.version },
      ...(policy.excludeNewer === undefined ? {} : { excludeNewer: policy.excludeNewer }),
      buildOptions: policy.buildOptions,
      installed: change.alwaysResolve ? new Map<NormalizedName, readonly InstalledCandidate[]>() : candidatesOf(installed),
      reinstall: change.reinstall,
      upgrade: change.upgrade,
      hashes: { mode: policy.hashMode, digests: requirements.digests },
    },
    createResolveProvider(context.index, input.folder),
    { ...(options.signal === undefined ? {} : { signal: options.signal }), onEvent: options.onEvent },
  );
  for (const warning of resolution.warnings) options.onEvent({ type: 'warning', message: describeWarning(warning) });
  return resolution;
}

function describeWarning(warning: Resolution['warnings'][number]): string {
  switch (warning.kind) {
    case 'yanked':
      return `\`${warning.name}==${formatVersion(warning.version)}\` is yanked${warning.reason === '' ? '' : ` (reason: "${warning.reason}")`}`;
    case 'missing-extra':
      return `The package \`${warning.name}==${formatVersion(warning.version)}\` does not have an extra named \`${warning.extra}\``;
    case 'missing-lower-bound':
      return `The ${warning.direct ? 'direct' : 'transitive'} dependency \`${warning.name}\` is unpinned. Consider setting a lower bound when using \`--resolution lowest\` to avoid using outdated versions.`;
    case 'missing-upload-time':
      return `${warning.filename} is missing an upload date, but user provided: \`--exclude-newer\``;
  }
}

function candidatesOf(installed: readonly InstalledDistribution[]): ReadonlyMap<NormalizedName, readonly InstalledCandidate[]> {
  const candidates = new Map<NormalizedName, InstalledCandidate[]>();
  for (const one of installed) {
    const candidate: InstalledCandidate = { version: one.version, metadata: () => one.metadata(), compatible: true };
    const same = candidates.get(one.name);
    if (same === undefined) candidates.set(one.name, [candidate]);
    else same.push(candidate);
  }
  return candidates;
}

function wantedOf(node: ResolvedNode): WantedDistribution {
  return { name: node.name, version: node.version, url: node.source.kind === 'url' ? bareUrl(node.source.url) : undefined, isInstalled: node.source.kind === 'installed' };
}

interface CarryOut {
  readonly input: ChangeInput;
  readonly context: Context;
  readonly options: WorkflowOptions;
}

async function carryOut(plan: InstallPlan, resolution: Resolution, { input, context, options }: CarryOut): Promise<readonly EnvironmentChange[]> {
  if (plan.add.length === 0 && plan.remove.length === 0) return [];
  const byName = new Map(resolution.nodes.map((node) => [node.name, node]));
  const nodes = plan.add.flatMap(({ name }) => byName.get(name) ?? []);
  const trees = await fetchWheels({ nodes, folder: input.folder, hashes: input.requirements.digests }, context, options);
  try {
    await applyPlan({
      target: input.environment,
      removals: plan.remove,
      additions: nodes.map((node) => additionOf(node, trees)),
      linkMode: input.change.linkMode,
      compileBytecode: input.change.compileBytecode,
      signal: options.signal,
      onEvent: options.onEvent,
    });
  } finally {
    for (const tree of trees.values()) tree.release();
  }
  return changesOf(plan, byName);
}

function additionOf(node: ResolvedNode, trees: ReadonlyMap<NormalizedName, PinnedTree>): Parameters<typeof applyPlan>[0]['additions'][number] {
  const tree = trees.get(node.name);
  if (tree === undefined) throw new TypeError(`no tree was fetched for ${node.name}`);
  return { name: node.name, tree, wheel: wheelNoteOf(tree), ...(node.source.kind === 'url' ? { directUrl: directUrlText(node.source.url) } : {}) };
}

function directUrlText(url: string): string {
  return formatDirectUrl({ url: bareUrl(url), origin: { kind: 'archive', hashes: {} } });
}

/** Without fragment and without credentials, as `direct_url.json` demands. */
function bareUrl(url: string): string {
  return url.replace(/#.*$/, '').replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1');
}

function changesOf(plan: InstallPlan, byName: ReadonlyMap<NormalizedName, ResolvedNode>): EnvironmentChange[] {
  const removed = plan.remove.map((one): EnvironmentChange => ({ kind: 'removed', name: one.name, version: formatVersion(one.version), from: plan.urlOf(one) }));
  const added = plan.add.map(({ name, version }): EnvironmentChange => {
    const source = byName.get(name)?.source;
    return { kind: 'added', name, version: formatVersion(version), from: source?.kind === 'url' ? bareUrl(source.url) : undefined };
  });
  const keyOf = ({ name, version, from }: EnvironmentChange): string => `${name}==${version} ${from ?? ''}`;
  const both = new Set(removed.map(keyOf).filter((key) => added.some((one) => keyOf(one) === key)));
  return [...removed.filter((one) => !both.has(keyOf(one))), ...added.map((one) => (both.has(keyOf(one)) ? { ...one, kind: 'reinstalled' as const } : one))];
}

function describePlan(plan: InstallPlan, resolution: Resolution, { context, folder }: { readonly context: Context; readonly folder: string }): ChangeResult {
  const byName = new Map(resolution.nodes.map((node) => [node.name, node]));
  const nodes = plan.add.flatMap(({ name }) => byName.get(name) ?? []);
  return { kind: 'planned', toFetch: missingFromCache(nodes, context, folder), changes: changesOf(plan, byName) };
}

function strictFindings({ environment, change }: ChangeInput, installed: readonly InstalledDistribution[] | undefined): readonly Incompatibility[] {
  if (!change.strict) return [];
  const { markers, version } = environment.interpreter;
  return checkInstalled(installed ?? readInstalledDistributions(environment), { markers, python: version });
}
