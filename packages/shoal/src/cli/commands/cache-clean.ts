import { existsSync } from 'node:fs';
import { openCache } from '@shoal/cache';
import { tryNormalizeName } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import { belongsTo } from '../../commands/cache-entries-of.ts';
import type { CommandDefinition } from '../command-table.ts';
import { cacheOptions } from '../options/global-options.ts';
import { renderRemoval } from '../render/removal.ts';
import { reportEvent } from '../report-event.ts';
import { cacheRoot, shownPath } from '../session.ts';
import { UsageError } from '../usage-error.ts';
import { reportOtherCollector } from './report-other-collector.ts';

/** `cache clean [PACKAGE]...`: never waits for those who use the cache; what is in use stays. */
export const cacheClean: CommandDefinition = {
  arguments: [{ name: 'PACKAGE', description: 'The packages to remove from the cache', required: false, many: true }],
  groups: [
    {
      title: 'Options',
      options: [
        {
          key: 'force',
          long: '--force',
          description: 'Accepted for the sake of scripts: cleaning never waits, so there is nothing to force',
        },
      ],
    },
    cacheOptions,
  ],
  run: async ({ values, words }, session) => {
    const { reporter } = session;
    const root = cacheRoot(session, values);
    const names = new Set(words.map(nameOf));
    if (!existsSync(root)) {
      reporter.line(`No cache found at: ${shownPath(session, root)}`);
      return 0;
    }
    if (names.size === 0) reporter.line(`Clearing cache at: ${shownPath(session, root)}`);
    using cache = openCache({
      root,
      command: session.commandLine,
      onEvent: (event) => reportEvent(event, { reporter, progress: undefined }),
    });
    const report = await cache.clean({
      signal: session.signal,
      ...(names.size === 0 ? {} : { selects: belongsTo(names) }),
    });
    if (report.outcome === 'another-collector') return reportOtherCollector(report, reporter);
    reporter.line(renderRemoval(report, 'No cache entries found'));
    if (report.skipped > 0)
      reporter.line(`${report.skipped} ${report.skipped === 1 ? 'entry is' : 'entries are'} in use and stay`);
    return 0;
  },
};

function nameOf(word: string): NormalizedName {
  const name = tryNormalizeName(word);
  if (name !== undefined) return name;
  throw new UsageError(
    `invalid value '${word}' for '[PACKAGE]...': Not a valid package or extra name: "${word}". Names must start and end with a letter or digit and may only contain -, _, ., and alphanumeric characters.`,
  );
}
