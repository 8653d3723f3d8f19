import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describeRequirement } from '../../project/describe-requirement.ts';
import { tellingOfAdding } from '../../commands/add-failed-error.ts';
import type { AddRequest } from '../../commands/add-requirements.ts';
import { addToProject } from '../../commands/add-to-project.ts';
import type { AddInput } from '../../commands/add-to-project.ts';
import { addToScript } from '../../commands/change-script.ts';
import { findProjectToChange } from '../../commands/project-transaction.ts';
import { scriptTarget, workspaceTarget } from '../../project/lock-target.ts';
import type { LockTarget } from '../../project/lock-target.ts';
import type { RequirementSources } from '../../project/requirement-sources.ts';
import { splitScript } from '../../project/script-block.ts';
import { BOUNDS } from '../../project/version-bounds.ts';
import { addedIndexes, warnOfUnkeptIndexes } from '../added-indexes.ts';
import { pythonHost, pythonPreference } from '../choose-environment.ts';
import type { CommandDefinition } from '../command-table.ts';
import { followUpOf, projectPythons, scriptLock } from '../follow-up.ts';
import type { FollowUpInput } from '../follow-up.ts';
import { nameOfLocation } from '../name-of-location.ts';
import { pythonOfNewScript } from '../new-project-python.ts';
import { openForLock } from '../open-for-lock.ts';
import { readSources } from '../open-for-requirements.ts';
import type { OptionValues } from '../option-values.ts';
import { addOptions } from '../options/add-options.ts';
import { lockAndSyncOptions } from '../options/lock-and-sync-options.ts';
import { omissionOptions } from '../options/project-options.ts';
import { followUpOptions, memberOption, placeOptions, scriptOption } from '../options/project-edit-options.ts';
import { dependencyPlace, projectPlace } from '../project-place.ts';
import {
  extrasOption,
  markerOption,
  refuseOtherFiles,
  requestedRequirements,
  sourceOptions,
} from '../requested-requirements.ts';
import { scriptPlace, warnOfProjectOptions } from '../script-place.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';

/** `add PACKAGE…`. */
export const add: CommandDefinition = {
  arguments: [
    { name: 'PACKAGES', description: 'The packages to add, as PEP 508 requirements', required: false, many: true },
  ],
  groups: [
    {
      title: 'Options',
      options: [...addOptions, ...placeOptions, ...followUpOptions, ...omissionOptions, memberOption, scriptOption],
    },
    ...lockAndSyncOptions,
  ],
  run: async ({ values, words }, session) => {
    const files = values.list('requirements');
    if (words.length + files.length === 0)
      throw new UsageError(
        'the following required arguments were not provided:\n  <PACKAGES|--requirements <REQUIREMENTS>>',
      );
    refuseOtherFiles(files);
    warnOfUnkeptIndexes(session, values);
    const sources = await readSources(session, values, { words, files, isAlone: true });
    const script = values.text('script');
    await tellingOfAdding(async () => {
      if (script === undefined) await addProject({ session, values, sources });
      else await addScript(script, { session, values, sources });
    });
    return 0;
  },
};

interface Start {
  readonly session: Session;
  readonly values: OptionValues;
  readonly sources: RequirementSources;
}

async function addProject(start: Start): Promise<void> {
  const { session, values } = start;
  const { reporter } = session;
  const place = projectPlace(session, values);
  const found = findProjectToChange(place);
  const target = workspaceTarget(found.workspace);
  await using opened = openForLock(session, values, target);
  const following = followingOf(start, opened);
  await addToProject(
    {
      ...(await commonInput(start, { root: found.current.folder, target, following })),
      place,
      followUp: followUpOf(following),
      joinsWorkspace: values.toggle('workspace', 'noWorkspace'),
      onMember: (path) => reporter.line(`Added \`${reporter.style.value(path)}\` to workspace members`),
    },
    opened.context,
    { signal: session.signal, onEvent: opened.onEvent },
  );
}

async function addScript(written: string, start: Start): Promise<void> {
  const { session, values } = start;
  warnOfProjectOptions(session, values);
  const script = scriptPlace(session, written);
  const block = existsSync(script.path) ? splitScript(readFileSync(script.path, 'utf8'), written) : undefined;
  const target = scriptTarget(block?.toml ?? '', script.path, written);
  await using opened = openForLock(session, values, target);
  const following = followingOf(start, opened);
  await addToScript(
    {
      ...(await commonInput(start, { root: dirname(script.path), target, following })),
      script,
      lock: scriptLock(script, following),
      requiresPython: () =>
        pythonOfNewScript({
          folder: session.workingFolder,
          written: values.text('python'),
          isPinned: true,
          readsConfiguration: !values.flag('noConfig'),
          preference: pythonPreference(session, values),
          host: pythonHost(session, opened.context),
        }),
    },
    opened.context,
    { signal: session.signal, onEvent: opened.onEvent },
  );
}

function followingOf({ session, values, sources }: Start, opened: FollowUpInput['opened']): FollowUpInput {
  const pythons = projectPythons(session, values, opened);
  const list = dependencyPlace(values);
  return { session, values, opened, ...pythons, constraints: sources.constraints, list, isExact: false };
}

type CommonInput = Pick<AddInput, 'request' | 'bounds' | 'workingFolder' | 'onExplicit'>;

interface AddSurroundings {
  /** The folder of the file that is edited. */
  readonly root: string;
  readonly target: LockTarget;
  readonly following: FollowUpInput;
}

async function commonInput(
  { session, values, sources }: Start,
  { root, target, following }: AddSurroundings,
): Promise<CommonInput> {
  const indexes = addedIndexes(values, { session, root });
  const bounds = values.choice('bounds', BOUNDS);
  const source = sourceOptions(values, indexes);
  const request: AddRequest = {
    requested: await requestedRequirements(sources, (url) =>
      nameOfLocation(url, { reference: source.reference?.name, target, following }),
    ),
    place: dependencyPlace(values),
    marker: markerOption(values),
    extras: extrasOption(values),
    raw: values.flag('raw'),
    source,
    indexes,
  };
  return {
    request,
    bounds,
    workingFolder: session.workingFolder,
    onExplicit: ({ requirement }) =>
      session.reporter.line(
        `${session.reporter.style.bold('note:')} Using explicit requirement \`${describeRequirement(requirement)}\` over bounds preference \`${bounds ?? 'lower'}\``,
      ),
  };
}
