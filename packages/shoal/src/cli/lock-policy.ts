/** The options of commands that lock, as the workflow wants them. */
import { normalizeName } from '@shoal/packaging';
import type { LockPolicy } from '../commands/lock-project.ts';
import { optional } from '../lock/optional.ts';
import type { LockTarget } from '../project/lock-target.ts';
import type { RequirementSources } from '../project/requirement-sources.ts';
import { buildPolicy } from './build-options.ts';
import { selectionOf } from './change-options.ts';
import { excludeNewerOf } from './exclude-newer.ts';
import { lockedCutoffs } from './locked-cutoffs.ts';
import type { OpenedContext } from './open-context.ts';
import type { OptionValues } from './option-values.ts';
import { packageNames, upgradeRequirements } from './package-names.ts';
import { prereleasePolicy } from './prerelease-policy.ts';
import type { Session } from './session.ts';

/** @throws {UsageError} */
export function lockPolicy(
  values: OptionValues,
  {
    session,
    target,
    opened,
  }: { readonly session: Session; readonly target: LockTarget; readonly opened: OpenedContext },
): LockPolicy {
  const excludeNewer = excludeNewerOf(values, new Date());
  const mode = values.choice('resolution', ['highest', 'lowest', 'lowest-direct']) ?? 'highest';
  const forkStrategy = values.choice('forkStrategy', ['fewest', 'requires-python']) ?? 'requires-python';
  const prereleases = prereleasePolicy(values, { pre: false });
  const { everywhere, perPackage } = lockedCutoffs(values, excludeNewer);
  const { indexes } = opened.context.options;
  const constraints = target.workspace.root.toolUv.buildConstraintDependencies;
  return {
    withoutDependencies: false,
    mode,
    ...prereleases,
    ...optional('excludeNewer', excludeNewer),
    buildOptions: {
      noBuild: values.flag('noBuild') ? 'all' : namesOf(values, 'noBuildPackage'),
      noBinary: values.flag('noBinary') ? 'all' : namesOf(values, 'noBinaryPackage'),
    },
    build: {
      ...buildPolicy(values, { session, sources: NO_SOURCES }),
      constraints: constraints.map((requirement) => ({ requirement, origin: undefined })),
    },
    hashMode: 'none',
    forkStrategy,
    recorded: {
      ...optional('resolutionMode', mode === 'highest' ? undefined : mode),
      ...optional('prereleaseMode', prereleases.prerelease === 'if-necessary' ? undefined : prereleases.prerelease),
      prereleasePackage: new Map([...prereleases.prereleaseOf].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      ...optional('forkStrategy', forkStrategy === 'requires-python' ? undefined : forkStrategy),
      ...optional('excludeNewer', everywhere),
      excludeNewerPackage: perPackage,
    },
    sources: {
      ignored: values.flag('noSources') ? 'all' : namesOf(values, 'noSourcesPackage'),
      named: indexes.indexes.filter(({ name }) => name !== undefined),
    },
    upgrade: selectionOf(values, 'upgrade'),
    upgradeGroups: values.list('upgradeGroup').map((group) => normalizeName(group)),
    upgradeLimits: upgradeRequirements(values)
      .filter(({ specifiers }) => specifiers.specifiers.length > 0)
      .map((requirement) => ({ requirement, origin: undefined })),
    refreshes: values.flag('refresh') || values.list('refreshPackage').length > 0,
    hasIndexes: opened.places.isConfigured,
  };
}

function namesOf(values: OptionValues, key: string): ReturnType<typeof packageNames> {
  return packageNames(values.list(key), values.shown(key));
}

/** Build constraints of projects stand in their files. */
const NO_SOURCES: Pick<RequirementSources, 'buildConstraints'> = { buildConstraints: [] };
