import { existsSync } from 'node:fs';
import { tryNormalizeName, parseRequirement, PackagingError } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import { removeFromProject } from '../../commands/remove-from-project.ts';
import { removeFromScript } from '../../commands/change-script.ts';
import { findProjectToChange } from '../../commands/project-transaction.ts';
import { workspaceTarget } from '../../project/lock-target.ts';
import type { CommandDefinition } from '../command-table.ts';
import { followUpOf, projectPythons, scriptLock } from '../follow-up.ts';
import { NO_INDEX_SOURCES } from '../index-locations.ts';
import { openContext } from '../open-context.ts';
import { lockTargetOf, openForLock } from '../open-for-lock.ts';
import type { OptionValues } from '../option-values.ts';
import { lockAndSyncOptions } from '../options/lock-and-sync-options.ts';
import { followUpOptions, memberOption, placeOptions, scriptOption } from '../options/project-edit-options.ts';
import { dependencyPlace, projectPlace } from '../project-place.ts';
import { scriptPlace, warnOfProjectOptions } from '../script-place.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';

/** `remove PACKAGE…`. */
export const remove: CommandDefinition = {
  arguments: [{ name: 'PACKAGES', description: 'The names of the dependencies to remove', required: true, many: true }],
  groups: [
    { title: 'Options', options: [...placeOptions, ...followUpOptions, memberOption, scriptOption] },
    ...lockAndSyncOptions,
  ],
  run: async ({ values, words }, session) => {
    const names = words.map(nameOf);
    const script = values.text('script');
    if (script === undefined) await removeProject(names, session, values);
    else await removeScript(script, names, { session, values });
    return 0;
  },
};

async function removeProject(names: readonly NormalizedName[], session: Session, values: OptionValues): Promise<void> {
  const place = projectPlace(session, values);
  const target = workspaceTarget(findProjectToChange(place).workspace);
  await using opened = openForLock(session, values, target);
  const pythons = projectPythons(session, values, opened);
  const followUp = followUpOf({ session, values, opened, ...pythons, isExact: true });
  await removeFromProject({ place, list: dependencyPlace(values), names, followUp }, opened.context, {
    signal: session.signal,
    onEvent: opened.onEvent,
  });
}

async function removeScript(
  written: string,
  names: readonly NormalizedName[],
  { session, values }: { readonly session: Session; readonly values: OptionValues },
): Promise<void> {
  warnOfProjectOptions(session, values);
  const script = scriptPlace(session, written);
  const isLocked = existsSync(`${script.path}.lock`);
  await using opened = isLocked
    ? openForLock(session, values, lockTargetOf(session, values))
    : openContext(session, values, NO_INDEX_SOURCES);
  const pythons = projectPythons(session, values, opened);
  const lock = scriptLock(script, { session, values, opened, ...pythons, isExact: true });
  await removeFromScript({ script, names, lock }, opened.context, { signal: session.signal, onEvent: opened.onEvent });
  if (!isLocked) session.reporter.line(`Updated \`${session.reporter.style.value(written)}\``);
}

/** What stands beside the name does not matter. */
function nameOf(word: string): NormalizedName {
  const name = tryNormalizeName(word);
  if (name !== undefined) return name;
  try {
    return parseRequirement(word).name;
  } catch (error) {
    if (!(error instanceof PackagingError)) throw error;
    throw new UsageError(`invalid value '${word}' for '<PACKAGES>...': ${error.message}`);
  }
}
