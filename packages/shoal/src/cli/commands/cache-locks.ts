import { relative } from 'node:path';
import { describeHolder, openCache } from '@shoal/cache';
import type { LockInUse } from '@shoal/cache';
import type { CommandDefinition } from '../command-table.ts';
import { cacheOptions } from '../options/global-options.ts';
import { outputFormatOption } from '../options/output-format.ts';
import { cacheRoot } from '../session.ts';

/** `cache locks`: who is at what in the cache at this moment. Disturbs nobody and waits for nobody. */
export const cacheLocks: CommandDefinition = {
  arguments: [],
  groups: [{ title: 'Options', options: [outputFormatOption] }, cacheOptions],
  run: async ({ values }, session) => {
    const { reporter } = session;
    const root = cacheRoot(session, values);
    using cache = openCache({ root, command: session.commandLine });
    const locks = cache.locksInUse();
    if (values.choice('outputFormat', ['text', 'json']) === 'json')
      reporter.data(`${JSON.stringify(locks, undefined, 2)}\n`);
    else if (locks.length === 0) reporter.line(`No locks are in use at: ${root}`);
    else reporter.data(renderLocks(locks, root));
    return 0;
  },
};

function renderLocks(locks: readonly LockInUse[], root: string): string {
  const rows = locks.map(({ mode, path, holder }) => ({
    mode,
    resource: (holder.resource ?? relative(root, path)).replaceAll(/\p{Cc}/gu, '?'),
    holder: describeHolder(holder),
  }));
  const width = Math.max(...rows.map(({ resource }) => resource.length));
  return rows.map((row) => `${row.mode.padEnd(9)}  ${row.resource.padEnd(width)}  ${row.holder}\n`).join('');
}
