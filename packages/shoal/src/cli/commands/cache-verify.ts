import { existsSync } from 'node:fs';
import { openCache } from '@shoal/cache';
import type { DamagedEntry, VerifyReport } from '@shoal/cache';
import type { CommandDefinition } from '../command-table.ts';
import { cacheOptions } from '../options/global-options.ts';
import { countOf, formatBytes } from '../render/quantities.ts';
import { reportEvent } from '../report-event.ts';
import { cacheRoot } from '../session.ts';

/** `cache verify`: reads every entry and removes the damaged ones. Never waits. Status 1 when there were any. */
export const cacheVerify: CommandDefinition = {
  arguments: [],
  groups: [cacheOptions],
  run: async ({ values }, session) => {
    const { reporter } = session;
    const root = cacheRoot(session, values);
    if (!existsSync(root)) {
      reporter.line(`No cache found at: ${root}`);
      return 0;
    }
    reporter.line(`Verifying cache at: ${root}`);
    using cache = openCache({
      root,
      command: session.commandLine,
      onEvent: (event) => reportEvent(event, { reporter, progress: undefined }),
    });
    const report = await cache.verify({ signal: session.signal });
    for (const one of report.damaged) reporter.warning(describeDamage(one));
    for (const line of summaryOf(report)) reporter.line(line);
    return report.damaged.length === 0 ? 0 : 1;
  },
};

function describeDamage({ path, entry, reason, isRemoved }: DamagedEntry): string {
  const what = `${isRemoved ? 'Removed' : 'Could not remove'} damaged ${entry.kind} at: ${path}`;
  return `${what} (${reason})`;
}

function summaryOf({ entries, files, bytes, skipped, damaged }: VerifyReport): string[] {
  const verified = `Verified ${countOf(entries, 'entry', 'entries')} (${countOf(files, 'file')}, ${formatBytes(bytes)})`;
  const kept = damaged.filter(({ isRemoved }) => !isRemoved).length;
  return [
    verified,
    ...(skipped === 0 ? [] : [`${countOf(skipped, 'entry is', 'entries are')} being changed and were not read`]),
    damaged.length === 0
      ? 'No damaged entries found'
      : `Removed ${countOf(damaged.length - kept, 'damaged entry', 'damaged entries')}`,
    ...(kept === 0 ? [] : [`${countOf(kept, 'damaged entry', 'damaged entries')} could not be removed`]),
  ];
}
