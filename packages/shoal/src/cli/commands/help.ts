import { childNamed, rootCommand } from '../command-table.ts';
import type { CommandDefinition, CommandEntry } from '../command-table.ts';
import { InputError } from '../input-error.ts';
import { renderHelp } from '../render-help.ts';

/** `help [COMMAND...]`: the whole documentation of a command. */
export const help: CommandDefinition = {
  arguments: [{ name: 'COMMAND', description: 'The command to describe', required: false, many: true }],
  groups: [],
  settings: 'none',
  run: async ({ words }, { reporter }) => {
    const path = pathOf(words);
    const definition = await path.at(-1)?.load?.();
    reporter.data(
      renderHelp({ path, definition, long: true, columns: reporter.columns || 100, style: reporter.outStyle }),
    );
    return 0;
  },
};

/** @throws {InputError} for a word that names no command. */
function pathOf(words: readonly string[]): readonly CommandEntry[] {
  const path = [rootCommand];
  for (const word of words) {
    const parent = path.at(-1) ?? rootCommand;
    const child = childNamed(parent, word);
    if (child === undefined) throw noSuchCommand(path, word);
    path.push(child);
  }
  return path;
}

function noSuchCommand(path: readonly CommandEntry[], word: string): InputError {
  const group = path.map(({ name }) => name).join(' ');
  const names = (path.at(-1)?.children ?? []).flatMap(({ name, hidden }) => (hidden === true ? [] : [`\n    ${name}`]));
  const advice = names.length === 0 ? ' It has no commands' : ` Did you mean one of:${names.join('')}`;
  return new InputError(`There is no command \`${word}\` for \`${group}\`.${advice}`);
}
