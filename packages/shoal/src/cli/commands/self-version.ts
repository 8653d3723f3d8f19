import type { CommandDefinition } from '../command-table.ts';
import { SHOAL_VERSION } from '../version.ts';

/** `self version [--short] [--output-format text|json]`. */
export const selfVersion: CommandDefinition = {
  arguments: [],
  groups: [
    {
      title: 'Options',
      options: [
        { key: 'short', long: '--short', description: 'Only print the version' },
        {
          key: 'outputFormat',
          long: '--output-format',
          value: 'OUTPUT_FORMAT',
          choices: ['text', 'json'],
          description: 'The format in which the version information will be displayed',
        },
      ],
    },
  ],
  settings: 'none',
  run: async ({ values }, { reporter }) => {
    if (values.text('outputFormat') === 'json')
      reporter.data(`${JSON.stringify({ package_name: 'shoal', version: SHOAL_VERSION }, undefined, 2)}\n`);
    else reporter.data(values.flag('short') ? `${SHOAL_VERSION}\n` : `shoal ${SHOAL_VERSION}\n`);
    return 0;
  },
};
