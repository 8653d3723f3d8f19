/** The part of a resolver's input that a policy and the settings of the indexes give, whatever is resolved. */
import { createTagPriorities } from '@shoal/packaging';
import type { EnvironmentTarget, ResolveInput } from '../resolve/resolve-input.ts';
import type { InterpreterFacts } from '../environment/interpreter-facts.ts';
import type { ResolutionPolicy, TargetPlatform } from './change-environment.ts';
import type { Context } from './context.ts';

type PolicyInput = Pick<
  ResolveInput,
  | 'dependencyMode'
  | 'resolutionMode'
  | 'prerelease'
  | 'prereleaseOf'
  | 'indexStrategy'
  | 'indexes'
  | 'excludeNewer'
  | 'buildOptions'
>;

export function policyInput(policy: ResolutionPolicy, { options: { indexes } }: Context): PolicyInput {
  return {
    dependencyMode: policy.withoutDependencies ? 'direct' : 'transitive',
    resolutionMode: policy.mode,
    prerelease: policy.prerelease,
    prereleaseOf: policy.prereleaseOf,
    indexStrategy: indexes.strategy,
    indexes: indexes.indexes,
    ...(policy.excludeNewer === undefined ? {} : { excludeNewer: policy.excludeNewer }),
    buildOptions: policy.buildOptions,
  };
}

/** One platform, as the resolver takes it; `interpreter` is the one that builds and runs. */
export function environmentTarget(
  { markers, tags, python }: TargetPlatform,
  interpreter: Pick<InterpreterFacts, 'version'>,
): EnvironmentTarget {
  return {
    kind: 'environment',
    markers,
    tags: createTagPriorities(tags),
    tagList: tags,
    python,
    installedPython: interpreter.version,
  };
}
