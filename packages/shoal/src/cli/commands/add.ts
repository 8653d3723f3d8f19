import { dirname } from 'node:path';
import { describeRequirement } from '../../project/describe-requirement.ts';
import type { AddRequest } from '../../commands/add-requirements.ts';
import { addToProject } from '../../commands/add-to-project.ts';
import type { AddInput } from '../../commands/add-to-project.ts';
import { addToScript } from '../../commands/change-script.ts';
import { BOUNDS } from '../../project/version-bounds.ts';
import { addedIndexes, warnOfUnkeptIndexes } from '../added-indexes.ts';
import { findProjectToChange } from '../../commands/project-transaction.ts';
import { pythonHost, pythonPreference } from '../choose-environment.ts';
import type { CommandDefinition } from '../command-table.ts';
import { pythonOfNewScript } from '../new-project-python.ts';
import { openForRequirements } from '../open-for-requirements.ts';
import type { OpenedForRequirements } from '../open-for-requirements.ts';
import type { OptionValues } from '../option-values.ts';
import { addOptions } from '../options/add-options.ts';
import { pythonOptions } from '../options/environment-options.ts';
import { cacheOptions } from '../options/global-options.ts';
import { indexOptions, refreshOptions } from '../options/index-options.ts';
import { followUpOptions, memberOption, placeOptions, scriptOption } from '../options/project-edit-options.ts';
import { dependencyPlace, projectPlace } from '../project-place.ts';
import {
  extrasOption,
  markerOption,
  refuseOtherFiles,
  requestedRequirements,
  sourceOptions,
} from '../requested-requirements.ts';
import { requireFrozen } from '../require-frozen.ts';
import { scriptPlace } from '../script-place.ts';
import type { Session } from '../session.ts';
import { InputError } from '../input-error.ts';
import { UsageError } from '../usage-error.ts';

/** `add PACKAGE…`. */
export const add: CommandDefinition = {
  arguments: [
    { name: 'PACKAGES', description: 'The packages to add, as PEP 508 requirements', required: false, many: true },
  ],
  groups: [
    {
      title: 'Options',
      options: [...addOptions, ...placeOptions, ...followUpOptions, memberOption, scriptOption],
    },
    indexOptions,
    { ...cacheOptions, options: [...cacheOptions.options, ...refreshOptions] },
    pythonOptions,
  ],
  run: async ({ values, words }, session) => {
    const files = values.list('requirements');
    if (words.length + files.length === 0)
      throw new UsageError(
        'the following required arguments were not provided:\n  <PACKAGES|--requirements <REQUIREMENTS>>',
      );
    refuseOtherFiles(files);
    warnOfUnkeptIndexes(session, values);
    await using opened = await openForRequirements(session, values, { words, files, isAlone: true });
    const script = values.text('script');
    if (script === undefined) await addProject({ session, values, opened });
    else await addScript(script, { session, values, opened });
    return 0;
  },
};

interface Start {
  readonly session: Session;
  readonly values: OptionValues;
  readonly opened: OpenedForRequirements;
}

async function addProject(start: Start): Promise<void> {
  const { session, values, opened } = start;
  requireFrozen(values);
  const { reporter } = session;
  const place = projectPlace(session, values);
  const root = findProjectToChange(place).current.folder;
  await addToProject(
    {
      ...(await commonInput(start, root)),
      place,
      followUp: undefined,
      joinsWorkspace: values.toggle('workspace', 'noWorkspace'),
      onMember: (path) => reporter.line(`Added \`${reporter.style.value(path)}\` to workspace members`),
    },
    opened.context,
    { signal: session.signal, onEvent: opened.onEvent },
  );
}

async function addScript(written: string, start: Start): Promise<void> {
  const { session, values, opened } = start;
  for (const [key, option] of [
    ['package', '--package'],
    ['locked', '--locked'],
    ['frozen', '--frozen'],
    ['noSync', '--no-sync'],
  ] as const)
    if (values.isGiven(key))
      session.reporter.warning(
        `\`${option}\` is a no-op for Python scripts with inline metadata, which always run in isolation`,
      );
  const script = scriptPlace(session, written);
  const folder = dirname(script.path);
  await addToScript(
    {
      ...(await commonInput(start, folder)),
      script,
      lock: undefined,
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

type CommonInput = Pick<AddInput, 'request' | 'bounds' | 'workingFolder' | 'onExplicit'>;

async function commonInput({ session, values, opened }: Start, root: string): Promise<CommonInput> {
  const indexes = addedIndexes(values, { session, root });
  const bounds = values.choice('bounds', BOUNDS);
  const request: AddRequest = {
    requested: await requestedRequirements(opened.sources, (url) => {
      throw new InputError(`A requirement without a name needs one: write it as \`name @ ${url}\``);
    }),
    place: dependencyPlace(values),
    marker: markerOption(values),
    extras: extrasOption(values),
    raw: values.flag('raw'),
    source: sourceOptions(values, indexes),
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
