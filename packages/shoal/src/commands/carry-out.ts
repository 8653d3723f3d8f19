/** A plan made true: wheels are fetched and pinned, link workers warmed meanwhile, then one transaction changes the environment. */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { PinnedTree } from '@shoal/cache';
import { formatDirectUrl } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import type { InstalledDistribution } from '../environment/site-packages.ts';
import { uvCacheInfo } from '../environment/uv-cache-info.ts';
import { wheelNoteOf } from '../fetch/wheel-note.ts';
import { applyPlan } from '../install/apply-plan.ts';
import type { Addition } from '../install/install-target.ts';
import { createLinkWorkers } from '../install/stage-wheels.ts';
import type { LinkWorkers } from '../install/stage-wheels.ts';
import type { ResolvedNode } from '../resolve/resolution.ts';
import type { Builder } from './builder.ts';
import type { ChangeInput } from './change-environment.ts';
import type { Context } from './context.ts';
import { fetchWheels } from './fetch-wheels.ts';
import type { WorkflowOptions } from './install-phases.ts';
import type { EnvironmentPlan } from './plan-changes.ts';
import { repairTree } from './repair-tree.ts';
import type { DirectUrls } from './direct-urls.ts';

/** Below this many wheels the main thread links faster than a worker starts. */
const FEWEST_WHEELS_FOR_WORKERS = 12;
/** What INSTALLER says: tools look for it to know who may change the distribution. */
export const INSTALLER = 'shoal';

/** Of the input of a change what carrying it out needs. */
export type CarryOutInput = Pick<ChangeInput, 'environment' | 'change' | 'folder'> & {
  readonly requirements: Pick<ChangeInput['requirements'], 'digests'>;
};

interface CarryOutSurroundings {
  readonly input: CarryOutInput;
  readonly context: Context;
  readonly options: WorkflowOptions;
  readonly installed: readonly InstalledDistribution[];
  readonly builder: Builder;
  readonly directUrls: DirectUrls;
}

/** Do what the plan says; nothing when it is empty. */
export async function carryOut(plan: EnvironmentPlan, surroundings: CarryOutSurroundings): Promise<void> {
  if (plan.add.length === 0 && plan.remove.length === 0) return;
  const { input, context, options } = surroundings;
  const workers = plan.add.length >= FEWEST_WHEELS_FOR_WORKERS ? createLinkWorkers(availableParallelism()) : undefined;
  workers?.warm();
  const nodes = plan.add.map(({ node }) => node);
  const trees = new Map<NormalizedName, PinnedTree>();
  try {
    for (const [name, tree] of await fetchWheels(
      { nodes, folder: input.folder, hashes: input.requirements.digests, builder: surroundings.builder },
      context,
      options,
    ))
      trees.set(name, tree);
    await readReinstalled(plan, { ...surroundings, trees });
    await apply(plan, { ...surroundings, trees, workers });
  } finally {
    for (const tree of trees.values()) tree.release();
    await workers?.close();
  }
}

/** Who asks for a reinstallation doubts what is there: the cached files are read before they are linked again. */
async function readReinstalled(
  plan: EnvironmentPlan,
  {
    input,
    context,
    options,
    trees,
    builder,
  }: CarryOutSurroundings & { readonly trees: Map<NormalizedName, PinnedTree> },
): Promise<void> {
  const { reinstall } = input.change;
  for (const { name, node } of plan.add) {
    if (reinstall !== 'all' && !reinstall.has(name)) continue;
    const reason = await trees.get(name)?.findDamage(options.signal);
    if (reason === undefined) continue;
    options.onEvent({ type: 'healed', distribution: name, reason });
    await repairTree({ reason, context, options, trees, node, folder: input.folder, builder });
  }
}

interface ApplySurroundings extends CarryOutSurroundings {
  readonly trees: Map<NormalizedName, PinnedTree>;
  readonly workers: LinkWorkers | undefined;
}

async function apply(
  plan: EnvironmentPlan,
  { input, context, options, installed, trees, workers, builder, directUrls }: ApplySurroundings,
): Promise<void> {
  const { environment, change, folder } = input;
  const byName = new Map(plan.add.map(({ name, node }) => [name, node]));
  const removed = [...plan.remove, ...plan.add.flatMap(({ replaces }) => replaces)];
  const started = performance.now();
  let committedAt = started;
  const report = await applyPlan({
    environment,
    remove: removed,
    add: plan.add.map(({ node }) => additionOf(node, trees, directUrls)),
    installed,
    linkMode: change.linkMode,
    installer: change.installerMetadata ? INSTALLER : undefined,
    workers,
    workerCount: workers === undefined ? 0 : Math.max(1, availableParallelism() - 1),
    repair: async ({ name }, reason) =>
      await repairTree({ reason, context, options, trees, node: byName.get(name), folder, builder }),
    signal: options.signal,
    onEvent: (event) => {
      if (event.type === 'step' && event.name === 'journal-written') committedAt = performance.now();
      options.onEvent(event);
    },
  });
  const ended = performance.now();
  if (removed.length > 0)
    options.onEvent({ type: 'phase', phase: 'uninstalled', count: removed.length, elapsedMs: ended - committedAt });
  if (plan.add.length > 0)
    options.onEvent({ type: 'phase', phase: 'installed', count: plan.add.length, elapsedMs: ended - started });
  if (change.compileBytecode) await compile(input, report.distInfos, options);
}

function additionOf(
  node: ResolvedNode,
  trees: ReadonlyMap<NormalizedName, PinnedTree>,
  directUrls: DirectUrls,
): Addition {
  const tree = trees.get(node.name);
  if (tree === undefined) throw new TypeError(`no tree was fetched for ${node.name}`);
  const direct = directUrls.get(node.name);
  return {
    name: node.name,
    tree,
    wheel: wheelNoteOf(tree),
    directUrl: direct === undefined ? undefined : formatDirectUrl(direct),
    uvCacheInfo: direct?.origin.kind === 'directory' ? uvCacheInfo(fileURLToPath(direct.url)) : undefined,
  };
}

async function compile(
  { environment, change }: CarryOutInput,
  distInfos: readonly string[],
  options: WorkflowOptions,
): Promise<void> {
  const { compileInstalled } = await import('./compile-installed.ts');
  const started = performance.now();
  const count = await compileInstalled({
    environment,
    distInfos,
    variables: change.variables,
    timeoutMs: change.compileTimeoutMs,
    signal: options.signal,
  });
  options.onEvent({ type: 'phase', phase: 'compiled', count, elapsedMs: performance.now() - started });
}
