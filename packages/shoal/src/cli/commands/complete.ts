import { completionsOf } from '../completions.ts';
import type { CommandDefinition } from '../command-table.ts';

/** `complete -- WORDS...`: what the completion scripts ask; one candidate a line, then the directive "no file completion" or none. */
export const complete: CommandDefinition = {
  arguments: [{ name: 'WORDS', description: 'The words of the command line so far', required: false, many: true }],
  groups: [],
  settings: 'none',
  run: async ({ words }, { reporter }) => {
    const { candidates, completesFiles } = await completionsOf(words);
    const lines = candidates.map(({ text, description }) => `${text}\t${description}`);
    reporter.data(`${[...lines, completesFiles ? ':0' : ':4'].join('\n')}\n`);
    return 0;
  },
};
