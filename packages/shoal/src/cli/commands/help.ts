import { findCommand } from '../parse-command-line.ts';
import type { CommandDefinition } from '../command-table.ts';
import { renderHelp } from '../render-help.ts';

/** `help [COMMAND...]`: the whole documentation of a command. */
export const help: CommandDefinition = {
  arguments: [{ name: 'COMMAND', description: 'The command to describe', required: false, many: true }],
  groups: [],
  run: async ({ words }, { reporter }) => {
    const { path } = findCommand(words);
    const definition = await path.at(-1)?.load?.();
    reporter.data(
      renderHelp({ path, definition, long: true, columns: reporter.columns || 100, style: reporter.outStyle }),
    );
    return 0;
  },
};
