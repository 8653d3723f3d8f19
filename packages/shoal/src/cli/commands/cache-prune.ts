import { existsSync } from 'node:fs';
import { openCache } from '@shoal/cache';
import { isCheapToFetch } from '../../commands/cache-entries-of.ts';
import type { CommandDefinition } from '../command-table.ts';
import { cacheOptions } from '../options/global-options.ts';
import { renderRemoval } from '../render/removal.ts';
import { reportEvent } from '../report-event.ts';
import { cacheRoot, shownPath } from '../session.ts';
import { reportOtherCollector } from './report-other-collector.ts';

/** `cache prune [--ci]`: never waits; what is in use stays. */
export const cachePrune: CommandDefinition = {
  arguments: [],
  groups: [
    {
      title: 'Options',
      options: [
        {
          key: 'ci',
          long: '--ci',
          description:
            'Optimize the cache for persistence in a continuous integration environment: drop what is cheaper to download than to store',
        },
        {
          key: 'force',
          long: '--force',
          description: 'Accepted for the sake of scripts: pruning never waits, so there is nothing to force',
        },
      ],
    },
    cacheOptions,
  ],
  run: async ({ values }, session) => {
    const { reporter } = session;
    const root = cacheRoot(session, values);
    if (!existsSync(root)) {
      reporter.line(`No cache found at: ${shownPath(session, root)}`);
      return 0;
    }
    reporter.line(`Pruning cache at: ${shownPath(session, root)}`);
    using cache = openCache({
      root,
      command: session.commandLine,
      onEvent: (event) => reportEvent(event, { reporter, progress: undefined }),
    });
    const report = await cache.prune({
      signal: session.signal,
      ...(values.flag('ci') ? { drops: isCheapToFetch } : {}),
    });
    if (report.outcome === 'another-collector') return reportOtherCollector(report, reporter);
    reporter.line(renderRemoval(report, 'No unused entries found'));
    return 0;
  },
};
