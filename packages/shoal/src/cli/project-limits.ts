/** Constraints, overrides and excludes that a project's settings have for every resolution in its folder. */
import { parseRequirement, PackagingError, tryNormalizeName } from '@shoal/packaging';
import type { RequirementSources } from '../project/requirement-sources.ts';
import type { Settings } from '../project/settings/settings.ts';
import { InputError } from './input-error.ts';

type Limits = Pick<RequirementSources, 'constraints' | 'buildConstraints' | 'overrides' | 'excludes'>;

/** `sources`, with what the settings add. @throws {InputError} for an entry that is no requirement. */
export function withProjectLimits(sources: RequirementSources, settings: Settings | undefined): RequirementSources {
  if (settings === undefined) return sources;
  const limits: Limits = {
    constraints: [...sources.constraints, ...requirements(settings, 'constraint-dependencies')],
    buildConstraints: [...sources.buildConstraints, ...requirements(settings, 'build-constraint-dependencies')],
    overrides: [...sources.overrides, ...requirements(settings, 'override-dependencies')],
    excludes: [
      ...sources.excludes,
      ...settings.texts('exclude-dependencies').flatMap((text) => tryNormalizeName(text) ?? []),
    ],
  };
  return { ...sources, ...limits };
}

/** As annotations name them. */
const FLAGS = {
  'constraint-dependencies': '-c',
  'build-constraint-dependencies': '-b',
  'override-dependencies': '--override',
} as const;

function requirements(settings: Settings, key: keyof typeof FLAGS): Limits['constraints'] {
  return settings.texts(key).map((text) => {
    try {
      return { requirement: parseRequirement(text), origin: `${FLAGS[key]} (workspace)` };
    } catch (error) {
      if (!(error instanceof PackagingError)) throw error;
      throw new InputError(`\`${key}\` of the settings holds something that is no requirement: \`${text}\``, {
        cause: error,
      });
    }
  });
}
