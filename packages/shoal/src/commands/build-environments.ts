/**
 * Environments that builds run in. The same requirements, files and interpreter give the same environment: one immutable tree
 * of the cache, linked from the wheels' trees once for all builds and processes.
 */
import { delimiter, join } from 'node:path';
import { digestOf, LostEntryError } from '@shoal/cache';
import type { Digest, JsonValue, PinnedTree, TreeContent } from '@shoal/cache';
import { createTagPriorities, formatRequirement, formatVersion, supportedTags } from '@shoal/packaging';
import type { Requirement } from '@shoal/packaging';
import type { BuildEnvironment } from '../build/build-distribution.ts';
import type { InterpreterFacts } from '../environment/interpreter-facts.ts';
import { wheelNoteOf } from '../fetch/wheel-note.ts';
import type { Provider } from '../resolve/provider.ts';
import type { Resolution, ResolvedNode } from '../resolve/resolution.ts';
import type { SourcedRequirement } from '../resolve/resolve-input.ts';
import type { BuildPolicy } from './build-policy.ts';
import type { Context } from './context.ts';
import { fillEnvironment, interpreterIdentity } from './environment-tree.ts';
import { fetchWheels } from './fetch-wheels.ts';
import type { WorkflowOptions } from './install-phases.ts';
import { rememberedResolution } from './remembered-resolution.ts';
import { repairTree } from './repair-tree.ts';
import { createResolveProvider } from './resolve-provider.ts';
import type { SourceBuilder } from './source-builder.ts';

export interface BuildEnvironmentsOptions {
  readonly context: Context;
  readonly interpreter: InterpreterFacts;
  readonly policy: BuildPolicy;
  readonly folder: string;
  readonly options: WorkflowOptions;
}

/** A build environment that is known and perhaps not yet made. */
export interface PlannedBuildEnvironment {
  readonly key: string;
  make(): Promise<BuildEnvironment>;
}

export class BuildEnvironments {
  readonly #options: BuildEnvironmentsOptions;
  readonly #plans = new Map<string, Promise<PlannedBuildEnvironment>>();

  constructor(options: BuildEnvironmentsOptions) {
    this.#options = options;
  }

  /**
   * The environment for `requirements`, resolved once in a process.
   *
   * @param builder Builds what they need to be built themselves.
   * @throws {NoSolutionError} {BuildCycleError}
   */
  plan(requirements: readonly Requirement[], builder: SourceBuilder): Promise<PlannedBuildEnvironment> {
    const key = `${builder.chain.join(' ')}\n${requirements.map(formatRequirement).sort().join('\n')}`;
    const known = this.#plans.get(key) ?? this.#resolve(requirements, builder);
    this.#plans.set(key, known);
    return known;
  }

  async #resolve(requirements: readonly Requirement[], builder: SourceBuilder): Promise<PlannedBuildEnvironment> {
    const { context, interpreter, policy, folder } = this.#options;
    const sourced = requirements.map((requirement) => ({ requirement, origin: undefined }));
    const { nodes } = await rememberedResolution(
      {
        requirements: sourced,
        constraints: policy.constraints,
        overrides: [],
        markers: interpreter.markers,
        policy: ['build environment', formatVersion(interpreter.version), { ...interpreter.tags }] as JsonValue,
      },
      { context, provider: createResolveProvider(context.index, { folder, builder }) },
      async (provider) => await this.#resolveAnew(sourced, provider),
    );
    const digest = digestOf(
      JSON.stringify(['build-environment 2', interpreterIdentity(interpreter), nodes.map(identityOf)]),
    );
    return { key: digest, make: async () => await this.#make(digest, nodes, builder) };
  }

  async #resolveAnew(requirements: readonly SourcedRequirement[], provider: Provider): Promise<Resolution> {
    const { context, interpreter, policy, options } = this.#options;
    const { resolve } = await import('../resolve/resolve.ts');
    const tags = supportedTags(interpreter.tags);
    return await resolve(
      {
        requirements,
        constraints: policy.constraints,
        overrides: [],
        excludes: [],
        dependencyMode: 'transitive',
        resolutionMode: 'highest',
        prerelease: 'if-necessary-or-explicit',
        indexStrategy: context.options.indexes.strategy,
        preferences: new Map(),
        target: {
          kind: 'environment',
          markers: interpreter.markers,
          tags: createTagPriorities(tags),
          tagList: tags,
          python: interpreter.version,
        },
        buildOptions: { noBuild: new Set(), noBinary: new Set() },
      },
      provider,
      options.signal === undefined ? {} : { signal: options.signal },
    );
  }

  async #make(digest: Digest, nodes: readonly ResolvedNode[], builder: SourceBuilder): Promise<BuildEnvironment> {
    const { context, options, policy, interpreter } = this.#options;
    const names = nodes.map(({ name, version }) => `${name}==${formatVersion(version)}`);
    const tree = await context.cache.trees.pinOrProduce({
      digest,
      resource: `the build environment with ${names.join(', ') || 'nothing'}`,
      signal: options.signal,
      produce: async ({ folder }) => await this.#fill(folder, nodes, builder),
    });
    return heldEnvironment(tree, { interpreter, variables: policy.variables, key: digest });
  }

  async #fill(root: string, nodes: readonly ResolvedNode[], builder: SourceBuilder): Promise<TreeContent> {
    const { context, interpreter, folder, options } = this.#options;
    const input = { nodes, folder, hashes: new Map<string, readonly string[]>(), builder };
    const trees = await fetchWheels(input, context, { signal: options.signal, onEvent: () => undefined });
    const byName = new Map(nodes.map((node) => [node.name, node]));
    try {
      return await fillEnvironment(root, {
        interpreter,
        additions: [...trees].map(([name, tree]) => ({ name, tree, wheel: wheelNoteOf(tree) })),
        installer: undefined,
        version: 'build',
        note: { environment: nodes.map(({ name }) => name) },
        repair: async ({ name }, reason) =>
          await repairTree({ reason, context, options, trees, node: byName.get(name), folder, builder }),
        signal: options.signal,
      });
    } finally {
      for (const tree of trees.values()) tree.release();
    }
  }
}

function heldEnvironment(
  tree: PinnedTree,
  {
    interpreter,
    variables,
    key,
  }: Pick<BuildEnvironment, 'key' | 'variables'> & { readonly interpreter: InterpreterFacts },
): BuildEnvironment {
  const scripts = join(tree.folder, interpreter.virtualScheme.scripts);
  return {
    key,
    python: join(scripts, process.platform === 'win32' ? 'python.exe' : 'python'),
    variables: {
      ...withoutPythonVariables(variables),
      PATH: [scripts, variables['PATH']].filter((part) => part !== undefined && part !== '').join(delimiter),
      VIRTUAL_ENV: tree.folder,
    },
    discardDamaged: async () => {
      const reason = await tree.findDamage();
      if (reason !== undefined) tree.discard(reason);
      return reason === undefined ? undefined : tree.folder;
    },
    [Symbol.dispose]: () => tree.release(),
  };
}

/** A build that failed in a damaged environment has failed for that. @throws {LostEntryError}, or what `build` throws. */
export async function blamingEnvironment<T>(environment: BuildEnvironment, build: () => Promise<T>): Promise<T> {
  try {
    return await build();
  } catch (error) {
    const lost = await environment.discardDamaged();
    throw lost === undefined ? error : new LostEntryError(lost, error);
  }
}

/** What would lead the backend's Python out of its environment. */
export function withoutPythonVariables(
  variables: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  return { ...variables, PYTHONPATH: undefined, PYTHONHOME: undefined, PYTHONNOUSERSITE: '1' };
}

/** Which file a node is: a version alone would not do, since indexes differ. */
function identityOf({ name, version, source }: ResolvedNode): readonly unknown[] {
  if (source.kind === 'url') return [name, formatVersion(version), source.url];
  const file = source.kind === 'registry' ? (source.wheel ?? source.sdist) : undefined;
  return [name, formatVersion(version), file?.hashes, file?.url];
}
