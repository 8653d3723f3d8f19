import { tryNormalizeName, parseRequirement, PackagingError } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import { removeFromProject } from '../../commands/remove-from-project.ts';
import { removeFromScript } from '../../commands/change-script.ts';
import type { CommandDefinition } from '../command-table.ts';
import { NO_INDEX_SOURCES } from '../index-locations.ts';
import { openContext } from '../open-context.ts';
import { pythonOptions } from '../options/environment-options.ts';
import { cacheOptions } from '../options/global-options.ts';
import { followUpOptions, memberOption, placeOptions, scriptOption } from '../options/project-edit-options.ts';
import { dependencyPlace, projectPlace } from '../project-place.ts';
import { requireFrozen } from '../require-frozen.ts';
import { scriptPlace } from '../script-place.ts';
import { UsageError } from '../usage-error.ts';

/** `remove PACKAGE…`. */
export const remove: CommandDefinition = {
  arguments: [{ name: 'PACKAGES', description: 'The names of the dependencies to remove', required: true, many: true }],
  groups: [
    { title: 'Options', options: [...placeOptions, ...followUpOptions, memberOption, scriptOption] },
    pythonOptions,
    cacheOptions,
  ],
  run: async ({ values, words }, session) => {
    const names = words.map(nameOf);
    const place = dependencyPlace(values);
    await using opened = openContext(session, values, NO_INDEX_SOURCES);
    const options = { signal: session.signal, onEvent: opened.onEvent };
    const script = values.text('script');
    if (script !== undefined) {
      await removeFromScript({ script: scriptPlace(session, script), names, lock: undefined }, opened.context, options);
      session.reporter.line(`Updated \`${session.reporter.style.value(script)}\``);
      return 0;
    }
    requireFrozen(values);
    await removeFromProject(
      { place: projectPlace(session, values), list: place, names, followUp: undefined },
      opened.context,
      options,
    );
    return 0;
  },
};

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
