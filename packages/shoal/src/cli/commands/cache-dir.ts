import { cacheOptions } from '../options/global-options.ts';
import type { CommandDefinition } from '../command-table.ts';
import { cacheRoot } from '../session.ts';

/** `cache dir`: where the cache is, on standard output. Makes nothing. */
export const cacheDir: CommandDefinition = {
  arguments: [],
  groups: [cacheOptions],
  run: async ({ values }, session) => {
    session.reporter.data(`${cacheRoot(session, values)}\n`);
    return 0;
  },
};
