/** The settings that hold for a command: those of its project, its person and its machine, or of the one file that is named. */
import { basename, resolve } from 'node:path';
import { readFileSync } from 'node:fs';
import { hasErrorCode } from '@shoal/cache';
import { otherTexts, projectTexts } from '../project/settings/find-settings.ts';
import type { SettingsText } from '../project/settings/find-settings.ts';
import type { Settings } from '../project/settings/settings.ts';
import { InputError } from './input-error.ts';
import type { OptionValues } from './option-values.ts';
import { projectFolder } from './session.ts';
import type { Session } from './session.ts';

/** The values, with what configuration files say where neither the command line nor a variable does. @throws as `loadSettings`. */
export async function valuesWithSettings(
  session: Session,
  values: OptionValues,
  isPip: boolean,
): Promise<OptionValues> {
  const settings = await loadSettings(session, values, isPip);
  if (settings === undefined) return values;
  const { settingOfOption } = await import('./setting-of-option.ts');
  return values.withSettings(settings, settingOfOption);
}

/**
 * `undefined` when no file says anything. Nothing of TOML is loaded before there is a file that may say something.
 *
 * @throws {SettingsError} {InputError}
 */
async function loadSettings(session: Session, values: OptionValues, isPip: boolean): Promise<Settings | undefined> {
  const texts = textsFor(session, values);
  if (texts.length === 0) return undefined;
  const { settingsOfTexts } = await import('./settings-of-texts.ts');
  return settingsOfTexts(texts, { session, isPip, start: projectFolder(session, values) });
}

export interface FoundTexts {
  /** May have the project's settings, the nearest first; the first that has any counts. */
  readonly project: readonly SettingsText[];
  readonly others: readonly SettingsText[];
  readonly length: number;
}

function textsFor(session: Session, values: OptionValues): FoundTexts {
  const named = values.text('configFile');
  if (named !== undefined) return { project: [], others: [namedText(session, named)], length: 1 };
  if (values.flag('noConfig') || values.flag('isolated')) return { project: [], others: [], length: 0 };
  const project = projectTexts(projectFolder(session, values));
  const others = otherTexts(session);
  return { project, others, length: project.length + others.length };
}

/** @throws {InputError} */
function namedText({ workingFolder, reporter }: Session, written: string): SettingsText {
  const path = resolve(workingFolder, written);
  if (basename(path) === 'pyproject.toml')
    reporter.warning(
      "The `--config-file` argument expects to receive a `uv.toml` file, not a `pyproject.toml`. If you're trying to run a command from another project, use the `--project` argument instead.",
    );
  try {
    return { kind: 'uv-toml', path, text: readFileSync(path, 'utf8') };
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES')) throw error;
    throw new InputError(`Failed to read the configuration file \`${written}\`: it is not there, or cannot be read`);
  }
}
