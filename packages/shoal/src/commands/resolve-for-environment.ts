/** Resolving for one environment: from what is known of an earlier answer where indexes alone decide, else anew. */
import { supportedTags } from '@shoal/packaging';
import type { InterpreterFacts } from '../environment/interpreter-facts.ts';
import type { Provider } from '../resolve/provider.ts';
import type { Resolution } from '../resolve/resolution.ts';
import type { ResolveInput } from '../resolve/resolve-input.ts';
import type { Builder } from './builder.ts';
import type { RequirementSet, ResolutionPolicy, TargetPlatform } from './change-environment.ts';
import type { Context } from './context.ts';
import type { WorkflowOptions } from './install-phases.ts';
import { nameRequirements } from './name-requirements.ts';
import { policyFacts } from './policy-facts.ts';
import { environmentTarget, policyInput } from './policy-input.ts';
import { rememberedResolution } from './remembered-resolution.ts';
import type { ResolutionQuestion } from './remembered-resolution.ts';
import { createResolveProvider } from './resolve-provider.ts';

export interface EnvironmentResolution {
  readonly requirements: RequirementSet;
  readonly policy: ResolutionPolicy;
  readonly interpreter: InterpreterFacts;
  /** Absolute: where relative paths of requirements start. */
  readonly folder: string;
  /** What is there already, and what of it may change; absent when only indexes count. */
  readonly present?: Required<Pick<ResolveInput, 'installed' | 'reinstall' | 'upgrade'>> | undefined;
}

interface Surroundings {
  readonly context: Context;
  readonly options: WorkflowOptions;
  readonly builder: Builder;
}

/** @throws {NoSolutionError} and whatever fetching and building throw. */
export async function resolveForEnvironment(
  asked: EnvironmentResolution,
  surroundings: Surroundings,
): Promise<Resolution> {
  const { context, builder } = surroundings;
  const provider = createResolveProvider(context.index, { folder: asked.folder, builder });
  const anew = async (watched: Provider): Promise<Resolution> => await resolveAnew(asked, surroundings, watched);
  const question = questionOf(asked);
  return question === undefined
    ? await anew(provider)
    : await rememberedResolution(question, { context, provider }, anew);
}

/** What it is resolved for: the interpreter itself unless options say something else. */
export function targetPlatform({ target }: ResolutionPolicy, interpreter: InterpreterFacts): TargetPlatform {
  const { markers, tags, version } = interpreter;
  return target ?? { markers, tags: supportedTags(tags), python: version };
}

/** `undefined` for what more than indexes decide: what is installed already, and hashes that are required. */
function questionOf({
  requirements,
  policy,
  interpreter,
  present,
}: EnvironmentResolution): ResolutionQuestion | undefined {
  if (present !== undefined || requirements.unnamed.length > 0 || requirements.digests.size > 0) return undefined;
  if (policy.hashMode === 'require') return undefined;
  return {
    ...requirements,
    policy: policyFacts({ policy, excludes: requirements.excludes, interpreter, preferences: new Map() }),
    markers: policy.target?.markers ?? interpreter.markers,
  };
}

async function resolveAnew(
  { requirements, policy, interpreter, present }: EnvironmentResolution,
  { context, options, builder }: Surroundings,
  provider: Provider,
): Promise<Resolution> {
  const { resolve } = await import('../resolve/resolve.ts');
  return await resolve(
    {
      ...requirements,
      requirements: [...requirements.requirements, ...(await nameRequirements(requirements.unnamed, builder))],
      ...policyInput(policy, context),
      preferences: new Map(),
      target: environmentTarget(targetPlatform(policy, interpreter), interpreter),
      ...present,
      hashes: { mode: policy.hashMode, digests: requirements.digests },
    },
    provider,
    { ...(options.signal === undefined ? {} : { signal: options.signal }), onEvent: options.onEvent },
  );
}
