import { compareVersions, formatVersion, parseVersion, supportedTags } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import type { Context } from '../../commands/context.ts';
import { findLatestVersions } from '../../commands/latest-version.ts';
import type { InterpreterFacts } from '../../environment/interpreter-facts.ts';
import { lockTree } from '../../lock/lock-tree.ts';
import type { Lockfile } from '../../lock/lockfile.ts';
import { targetPlatform } from '../change-options.ts';
import type { CommandDefinition } from '../command-table.ts';
import { excludeNewerOf } from '../exclude-newer.ts';
import { lockInterpreter } from '../lock-interpreter.ts';
import { GroupChoice } from '../project-selection.ts';
import { obtainLock } from '../obtain-lock.ts';
import { lockTargetOf, openForLock } from '../open-for-lock.ts';
import type { OptionValues } from '../option-values.ts';
import { scriptOption } from '../options/export-options.ts';
import { targetOptions } from '../options/resolver-options.ts';
import { groupOptions, lockOptions } from '../options/project-options.ts';
import { treeOptions } from '../options/tree-options.ts';
import { packageNames } from '../package-names.ts';
import { renderLockTree } from '../render/lock-tree.ts';
import { UsageError } from '../usage-error.ts';
import { lockGroups } from '../options/lock-and-sync-options.ts';

const EXTRA_KEYS: ReadonlySet<string> = new Set(['extra', 'allExtras', 'noExtra']);

/** `tree`. */
export const tree: CommandDefinition = {
  arguments: [],
  groups: [
    {
      title: 'Options',
      options: [
        ...treeOptions,
        ...groupOptions.filter(({ key }) => !EXTRA_KEYS.has(key)),
        ...lockOptions,
        scriptOption,
        ...targetOptions,
      ],
    },
    ...lockGroups,
  ],
  run: async ({ values }, session) => {
    refuseJson(values);
    const isUniversal = values.flag('universal');
    const first = lockTargetOf(session, values);
    await using opened = openForLock(session, values, first);
    const { context } = opened;
    const { target, result, interpreter: known } = await obtainLock(session, values, { target: first, opened });
    const needsInterpreter = !isUniversal || values.flag('outdated');
    const interpreter =
      known ?? (needsInterpreter ? await lockInterpreter(session, { values, target, context }) : undefined);
    const groups = new GroupChoice(values, target.workspace);
    const roots = lockTree(result.lockfile, {
      markers: isUniversal || interpreter === undefined ? undefined : markersOf(values, interpreter),
      pruned: packageNames(values.list('prune'), '--prune <PRUNE>'),
      packages: packageNames(values.list('package'), '--package <PACKAGE>'),
      includesGroup: (group) => groups.of([group]).length > 0,
      includesProjects: !groups.isOnly,
      depth: depthOf(values),
      repeats: values.flag('noDedupe'),
      invert: values.flag('invert'),
    });
    const latest =
      values.flag('outdated') && interpreter !== undefined
        ? await latestOf(result.lockfile, values, { interpreter, context })
        : new Map<NormalizedName, string>();
    if (session.reporter.quiet === 0)
      session.reporter.data(
        renderLockTree(roots, {
          latestOf: ({ locked }) => latest.get(locked.name),
          showSizes: values.flag('showSizes'),
          repeats: values.flag('noDedupe'),
          style: session.reporter.outStyle,
        }),
      );
    return 0;
  },
};

function refuseJson(values: OptionValues): void {
  if (values.choice('format', ['text', 'json']) === 'json')
    throw new UsageError('the format `json` is not available in this release', 'leave `--format` out');
}

function markersOf(values: OptionValues, interpreter: InterpreterFacts): InterpreterFacts['markers'] {
  return targetPlatform(values, { interpreter })?.markers ?? interpreter.markers;
}

const DEEPEST = 255;

function depthOf(values: OptionValues): number {
  const depth = values.integer('depth') ?? DEEPEST;
  if (depth <= DEEPEST) return depth;
  throw new UsageError(
    `invalid value '${values.text('depth')}' for '--depth <DEPTH>': ${values.text('depth')} is not in 0..=${DEEPEST}`,
  );
}

/** Newer versions than those that are locked, of packages that come from an index. */
async function latestOf(
  { packages }: Lockfile,
  values: OptionValues,
  { interpreter, context }: { readonly interpreter: InterpreterFacts; readonly context: Context },
): Promise<ReadonlyMap<NormalizedName, string>> {
  const listed = packages.filter(({ source }) => source.kind === 'registry');
  const policy = {
    python: interpreter.version,
    tags: supportedTags(interpreter.tags),
    excludeNewer: excludeNewerOf(values, new Date()),
  };
  const found = await findLatestVersions(
    listed.map(({ name }) => name),
    policy,
    context,
  );
  return new Map(
    listed.flatMap(({ name, version }) => {
      const newest = found.get(name)?.version;
      const isNewer =
        newest !== undefined && version !== undefined && compareVersions(newest, parseVersion(version)) > 0;
      return isNewer ? [[name, formatVersion(newest)] as const] : [];
    }),
  );
}
