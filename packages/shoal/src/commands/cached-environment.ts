/**
 * Environments for `run --with` and for scripts: what is asked for is resolved, and the environment that holds it is one immutable
 * tree of the cache, named by the interpreter and by the content of each distribution. Equal questions share it, in all processes.
 */
import { digestOf } from '@shoal/cache';
import type { PinnedTree } from '@shoal/cache';
import { formatDirectUrl, formatVersion } from '@shoal/packaging';
import type { DirectUrl, NormalizedName } from '@shoal/packaging';
import type { InterpreterFacts } from '../environment/interpreter-facts.ts';
import { wheelNoteOf } from '../fetch/wheel-note.ts';
import type { Addition } from '../install/install-target.ts';
import type { ResolvedNode } from '../resolve/resolution.ts';
import { lazyBuilder } from './builder.ts';
import type { Builder } from './builder.ts';
import { INSTALLER } from './carry-out.ts';
import type { RequirementSet, ResolutionPolicy } from './change-environment.ts';
import type { Context } from './context.ts';
import { directUrlsOf } from './direct-urls.ts';
import type { DirectUrls } from './direct-urls.ts';
import { fillEnvironment, interpreterIdentity } from './environment-tree.ts';
import { fetchWheels } from './fetch-wheels.ts';
import type { WorkflowOptions } from './install-phases.ts';
import { repairTree } from './repair-tree.ts';
import { resolveForEnvironment } from './resolve-for-environment.ts';

export interface CachedEnvironmentInput {
  readonly interpreter: InterpreterFacts;
  readonly requirements: RequirementSet;
  readonly resolution: ResolutionPolicy;
  /** Absolute: where relative paths of requirements start. */
  readonly folder: string;
  /** The version of this program, for `pyvenv.cfg`. */
  readonly version: string;
}

/** Held until it is released, so that no collector takes it from whoever runs in it. @throws {NoSolutionError} and what fetching and building throw. */
export async function cachedEnvironment(
  input: CachedEnvironmentInput,
  context: Context,
  options: WorkflowOptions,
): Promise<PinnedTree> {
  const builder = lazyBuilder({
    context,
    options,
    interpreter: input.interpreter,
    policy: input.resolution.build,
    folder: input.folder,
    editables: input.requirements.editables,
    installed: () => [],
  });
  const { interpreter, requirements, folder } = input;
  const asked = { requirements, policy: input.resolution, interpreter, folder };
  const resolution = await resolveForEnvironment(asked, { context, options, builder });
  const directUrls = await directUrlsOf(resolution, { folder: input.folder, builder });
  return await environmentOf(resolution.nodes, { input, context, options, builder, directUrls });
}

interface Surroundings {
  readonly context: Context;
  readonly options: WorkflowOptions;
  readonly builder: Builder;
}

interface Filling extends Surroundings {
  readonly input: CachedEnvironmentInput;
  readonly directUrls: DirectUrls;
}

async function environmentOf(nodes: readonly ResolvedNode[], filling: Filling): Promise<PinnedTree> {
  const { input, context, options, builder, directUrls } = filling;
  const digests = input.requirements.digests;
  const trees = await fetchWheels({ nodes, folder: input.folder, hashes: digests, builder }, context, options);
  try {
    const content = [...trees]
      .map(([name, tree]) => [name, tree.digest, shownUrl(directUrls.get(name))] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const digest = digestOf(
      JSON.stringify(['environment 2', input.version, interpreterIdentity(input.interpreter), content]),
    );
    const names = nodes.map(({ name, version }) => `${name}==${formatVersion(version)}`);
    const byName = new Map(nodes.map((node) => [node.name, node]));
    const started = performance.now();
    return await context.cache.trees.pinOrProduce({
      digest,
      resource: `the environment with ${names.join(', ') || 'nothing'}`,
      signal: options.signal,
      produce: async ({ folder }) => {
        const made = await fillEnvironment(folder, {
          interpreter: input.interpreter,
          additions: [...trees].map(([name, tree]) => additionOf(name, tree, directUrls)),
          installer: INSTALLER,
          version: input.version,
          note: { environment: names },
          repair: async ({ name }, reason) =>
            await repairTree({
              reason,
              context,
              options,
              trees,
              node: byName.get(name),
              folder: input.folder,
              builder,
            }),
          signal: options.signal,
        });
        options.onEvent({
          type: 'phase',
          phase: 'installed',
          count: names.length,
          elapsedMs: performance.now() - started,
        });
        return made;
      },
    });
  } finally {
    for (const tree of trees.values()) tree.release();
  }
}

function additionOf(name: NormalizedName, tree: PinnedTree, directUrls: DirectUrls): Addition {
  return { name, tree, wheel: wheelNoteOf(tree), directUrl: shownUrl(directUrls.get(name)) };
}

function shownUrl(direct: DirectUrl | undefined): string | undefined {
  return direct === undefined ? undefined : formatDirectUrl(direct);
}
