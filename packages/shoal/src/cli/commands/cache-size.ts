import { openCache } from '@shoal/cache';
import type { CommandDefinition } from '../command-table.ts';
import { cacheOptions } from '../options/global-options.ts';
import { formatBytes } from '../render/quantities.ts';
import { cacheRoot } from '../session.ts';

/** `cache size`: bytes on standard output, for people on a terminal or with `-H`. Takes no lock. */
export const cacheSize: CommandDefinition = {
  arguments: [],
  groups: [
    {
      title: 'Options',
      options: [
        {
          key: 'outputFormat',
          long: '--output-format',
          value: 'OUTPUT_FORMAT',
          choices: ['auto', 'human', 'machine'],
          description: 'Select the output format',
        },
        {
          key: 'human',
          short: '-H',
          long: '--human',
          description: 'Display the cache size in human-readable format (e.g., `1.2GiB` instead of raw bytes)',
        },
      ],
    },
    cacheOptions,
  ],
  run: async ({ values }, session) => {
    using cache = openCache({ root: cacheRoot(session, values), command: session.commandLine });
    const { bytes, files } = cache.size();
    const format = values.flag('human')
      ? 'human'
      : (values.choice('outputFormat', ['auto', 'human', 'machine']) ?? 'auto');
    const forPeople = format === 'human' || (format === 'auto' && session.isOutputTerminal);
    const shown = files === 0 ? 0 : bytes;
    session.reporter.data(`${forPeople ? formatBytes(shown) : shown}\n`);
    return 0;
  },
};
