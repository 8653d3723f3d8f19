/** What of a policy decides a resolution for one environment, as JSON: in the order in which it was written. */
import type { JsonValue } from '@shoal/cache';
import { formatVersion } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import type { InterpreterFacts } from '../environment/interpreter-facts.ts';
import type { Preference, ProjectSelection } from '../resolve/resolve-input.ts';
import type { ResolutionPolicy } from './change-environment.ts';

interface DecidingFacts {
  readonly policy: ResolutionPolicy;
  readonly excludes: readonly NormalizedName[];
  readonly interpreter: InterpreterFacts;
  readonly preferences: ReadonlyMap<NormalizedName, readonly Preference[]>;
}

/** Building is left out: what has to be built is decided by more than a policy. */
export function policyFacts({ policy, excludes, interpreter, preferences }: DecidingFacts): JsonValue {
  const { target, excludeNewer, buildOptions, prereleaseOf } = policy;
  return [
    policy.withoutDependencies,
    policy.mode,
    policy.prerelease,
    [...prereleaseOf],
    excludeNewer === undefined ? null : [excludeNewer.default ?? null, [...excludeNewer.perProject]],
    [selection(buildOptions.noBuild), selection(buildOptions.noBinary)],
    [...excludes],
    formatVersion(interpreter.version),
    target === undefined
      ? { ...interpreter.tags }
      : [
          formatVersion(target.python),
          target.tags.map(({ interpreter: python, abi, platform }) => `${python}-${abi}-${platform}`),
        ],
    [...preferences].map(([name, kept]) => [name, kept.map(preferenceFacts)]),
  ] as JsonValue;
}

function selection(projects: ProjectSelection): JsonValue {
  return projects === 'all' ? 'all' : [...projects].toSorted();
}

function preferenceFacts({ version, index }: Preference): JsonValue {
  return [formatVersion(version), index?.url ?? ''];
}
