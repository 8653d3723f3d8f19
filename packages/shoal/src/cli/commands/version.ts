import { formatVersion, InvalidVersionError, parseVersion } from '@shoal/packaging';
import type { Version } from '@shoal/packaging';
import { changeVersion, readProjectVersion } from '../../commands/project-version.ts';
import type { ProjectVersion } from '../../commands/project-version.ts';
import { bumpVersion, VERSION_COMPONENTS } from '../../project/bump-version.ts';
import type { Bump } from '../../project/bump-version.ts';
import { findProjectToChange } from '../../commands/project-transaction.ts';
import { workspaceTarget } from '../../project/lock-target.ts';
import type { CommandDefinition } from '../command-table.ts';
import { followUpOf, projectPythons } from '../follow-up.ts';
import { InputError } from '../input-error.ts';
import { openForLock } from '../open-for-lock.ts';
import type { OptionValues } from '../option-values.ts';
import { lockAndSyncOptions } from '../options/lock-and-sync-options.ts';
import { followUpOptions, memberOption } from '../options/project-edit-options.ts';
import { projectPlace } from '../project-place.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';

const SELF = "If you meant to view shoal's version, use `shoal self version` instead";

/** `version [VALUE]`. */
export const version: CommandDefinition = {
  arguments: [
    {
      name: 'VALUE',
      description: 'Set the project version to this value',
      required: false,
      many: false,
    },
  ],
  groups: [
    {
      title: 'Options',
      options: [
        {
          key: 'bump',
          long: '--bump',
          value: 'BUMP[=VALUE]',
          repeat: true,
          description: `Update the project version using the given component: ${VERSION_COMPONENTS.join(', ')}`,
        },
        { key: 'dryRun', long: '--dry-run', description: "Don't write a new version to the `pyproject.toml`" },
        { key: 'short', long: '--short', description: 'Only show the version' },
        {
          key: 'outputFormat',
          long: '--output-format',
          value: 'OUTPUT_FORMAT',
          choices: ['text', 'json'],
          description: 'The format of the output',
        },
        ...followUpOptions,
        memberOption,
      ],
    },
    ...lockAndSyncOptions,
  ],
  run: async ({ values, words }, session) => {
    const [value] = words;
    const bumps = values.list('bump').map(bumpOf);
    if (value !== undefined && bumps.length > 0)
      throw new UsageError("the argument '[VALUE]' cannot be used with '--bump <BUMP[=VALUE]>'");
    const place = { ...projectPlace(session, values), hint: values.isGiven('project') ? undefined : SELF };
    const wanted = wantedVersion(value, bumps);
    if (wanted === undefined || values.flag('dryRun')) {
      const { name, version: old } = readProjectVersion(place);
      return show({ name, old, next: wanted?.(old) }, { values, session });
    }
    await using opened = openForLock(session, values, workspaceTarget(findProjectToChange(place).workspace));
    const pythons = projectPythons(session, values, opened);
    const followUp = followUpOf({ session, values, opened, ...pythons, isExact: false });
    const changed = await changeVersion({ place, wanted, followUp }, opened.context, {
      signal: session.signal,
      onEvent: opened.onEvent,
    });
    return show(changed, { values, session });
  },
};

/** What the version becomes; `undefined` when it is only to be shown. */
function wantedVersion(value: string | undefined, bumps: readonly Bump[]): ((old: Version) => Version) | undefined {
  if (value !== undefined) {
    const next = versionOf(value);
    return () => next;
  }
  return bumps.length === 0 ? undefined : (old) => bumpVersion(old, bumps);
}

function versionOf(text: string): Version {
  try {
    return parseVersion(text);
  } catch (error) {
    if (!(error instanceof InvalidVersionError)) throw error;
    if ((VERSION_COMPONENTS as readonly string[]).includes(text))
      throw new InputError(`Invalid version \`${text}\`, did you mean to pass \`--bump ${text}\`?`);
    throw new InputError(error.message);
  }
}

function bumpOf(written: string): Bump {
  const [name = '', value] = written.split(/=(.*)/s);
  const component = VERSION_COMPONENTS.find((one) => one === name);
  if (component === undefined) throw new UsageError(`invalid bump component \`${name}\``);
  if (value === undefined) return { component, value: undefined };
  if (component === 'stable') throw new UsageError('`--bump stable` does not accept a value');
  if (!/^\d{1,15}$/.test(value)) throw new UsageError(`invalid numeric value \`${value}\` for \`--bump ${component}\``);
  return { component, value: Number(value) };
}

function show(
  { name, old, next }: ProjectVersion,
  { values, session: { reporter } }: { readonly values: OptionValues; readonly session: Session },
): number {
  const shown = formatVersion(next ?? old);
  const { outStyle } = reporter;
  if (values.choice('outputFormat', ['text', 'json']) === 'json')
    reporter.data(`${JSON.stringify({ package_name: name, version: shown, commit_info: null }, undefined, 2)}\n`);
  else if (values.flag('short')) reporter.data(`${outStyle.value(shown)}\n`);
  else {
    const before = next === undefined ? '' : `${outStyle.value(formatVersion(old))} => `;
    reporter.data(`${name} ${before}${outStyle.value(shown)}\n`);
  }
  return 0;
}
