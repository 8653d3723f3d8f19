/** `pip compile`: a resolution for this interpreter, another one, or all, and what its output file needs to be written. */
import { formatVersion, rangeAtLeast, supportedTags } from '@shoal/packaging';
import type { NormalizedName, Version } from '@shoal/packaging';
import type { InterpreterFacts } from '../environment/interpreter-facts.ts';
import type { ForkStrategy, Preference, ResolveTarget } from '../resolve/resolve-input.ts';
import type { Provider } from '../resolve/provider.ts';
import type { Resolution, ResolutionWarning } from '../resolve/resolution.ts';
import type { RequirementSet, ResolutionPolicy } from './change-environment.ts';
import { lazyBuilder } from './builder.ts';
import type { Builder } from './builder.ts';
import type { Context } from './context.ts';
import { describeResolutionWarning } from './describe-resolution-warning.ts';
import type { WorkflowOptions } from './install-phases.ts';
import { timed } from './install-phases.ts';
import { nameRequirements } from './name-requirements.ts';
import { policyFacts } from './policy-facts.ts';
import { environmentTarget, policyInput } from './policy-input.ts';
import { rememberedResolution } from './remembered-resolution.ts';
import type { ResolutionQuestion } from './remembered-resolution.ts';
import { createResolveProvider } from './resolve-provider.ts';

export interface CompileInput {
  readonly requirements: RequirementSet;
  readonly policy: ResolutionPolicy;
  readonly interpreter: InterpreterFacts;
  /** Resolve for all platforms and for this Python and later ones. */
  readonly universal: { readonly minimumPython: Version; readonly forkStrategy: ForkStrategy } | undefined;
  /** Pins of an existing output file, to be kept where they fit. */
  readonly preferences: ReadonlyMap<NormalizedName, readonly Preference[]>;
  readonly folder: string;
}

/** @throws {NoSolutionError} {NeedsBuildError} */
export async function compileRequirements(
  input: CompileInput,
  context: Context,
  options: WorkflowOptions,
): Promise<Resolution> {
  const builder = builderFor(input, context, options);
  const resolution = await timed('resolved', options.onEvent, async () => {
    const provider = createResolveProvider(context.index, { folder: input.folder, builder });
    const anew = async (asked: Provider): Promise<Resolution> =>
      await resolveAnew(input, { context, options, builder, provider: asked });
    const question = questionOf(input);
    const result =
      question === undefined ? await anew(provider) : await rememberedResolution(question, { context, provider }, anew);
    for (const warning of result.warnings)
      if (isKnownBefore(warning)) options.onEvent({ type: 'warning', message: describeResolutionWarning(warning) });
    return {
      count: new Set(result.nodes.map(({ name, version }) => `${name} ${formatVersion(version)}`)).size,
      result,
    };
  });
  for (const warning of resolution.warnings)
    if (!isKnownBefore(warning)) options.onEvent({ type: 'warning', message: describeResolutionWarning(warning) });
  return resolution;
}

/** `undefined` for what is resolved for all environments, or decided by more than indexes. */
function questionOf({
  requirements,
  policy,
  interpreter,
  universal,
  preferences,
}: CompileInput): ResolutionQuestion | undefined {
  const kept = [...preferences.values()].flat();
  if (universal !== undefined || requirements.unnamed.length > 0 || kept.some(({ marker }) => marker !== undefined))
    return undefined;
  return {
    ...requirements,
    policy: policyFacts({ policy, excludes: requirements.excludes, interpreter, preferences }),
    markers: policy.target?.markers ?? interpreter.markers,
  };
}

async function resolveAnew(
  input: CompileInput,
  {
    context,
    options,
    builder,
    provider,
  }: {
    readonly context: Context;
    readonly options: WorkflowOptions;
    readonly builder: Builder;
    readonly provider: Provider;
  },
): Promise<Resolution> {
  const { policy, requirements } = input;
  const { resolve } = await import('../resolve/resolve.ts');
  return await resolve(
    {
      ...requirements,
      requirements: [...requirements.requirements, ...(await nameRequirements(requirements.unnamed, builder))],
      ...policyInput(policy, context),
      preferences: input.preferences,
      target: targetOf(input),
      ...(input.universal === undefined ? {} : { forkStrategy: input.universal.forkStrategy }),
      hashes: { mode: 'none', digests: new Map() },
    },
    provider,
    { ...(options.signal === undefined ? {} : { signal: options.signal }), onEvent: options.onEvent },
  );
}

/** What the requirements themselves show is said before what came out. */
function isKnownBefore(warning: ResolutionWarning): boolean {
  return warning.kind === 'missing-lower-bound' && warning.direct;
}

function builderFor(input: CompileInput, context: Context, options: WorkflowOptions): Builder {
  return lazyBuilder({
    context,
    options,
    interpreter: input.interpreter,
    policy: input.policy.build,
    folder: input.folder,
    editables: input.requirements.editables,
    installed: () => [],
  });
}

function targetOf({ interpreter, policy, universal }: CompileInput): ResolveTarget {
  if (universal !== undefined) {
    return {
      kind: 'universal',
      requiresPython: rangeAtLeast(universal.minimumPython),
      environments: [],
      requiredEnvironments: [],
      installedPython: interpreter.version,
      currentMarkers: interpreter.markers,
    };
  }
  const target = policy.target ?? {
    markers: interpreter.markers,
    tags: supportedTags(interpreter.tags),
    python: interpreter.version,
  };
  return environmentTarget(target, interpreter);
}
