import { readScriptMetadata } from './script-metadata.ts';
import { RequirementsFileError } from './requirement-errors.ts';
import { TomlTable } from './toml-table.ts';

/**
 * `requires-python` of a script's metadata (PEP 723); `undefined` when it does not say.
 *
 * @param shown How messages name the script.
 * @throws {RequirementsFileError}
 */
export function readRequiresPythonOfScript(text: string, shown: string): string | undefined {
  const metadata = readScriptMetadata(text, shown);
  if (metadata === undefined) return undefined;
  const fault = (message: string): RequirementsFileError =>
    new RequirementsFileError(shown, `The metadata of \`${shown}\` cannot be used: ${message}`);
  return TomlTable.parse(metadata, shown, fault).text('requires-python');
}
