import { openCache } from '@shoal/cache';
import type { CommandDefinition } from '../command-table.ts';
import { cacheOptions } from '../options/global-options.ts';
import { outputFormatOption } from '../options/output-format.ts';
import { renderExamination } from '../render/examination.ts';
import { cacheRoot } from '../session.ts';

/** `cache doctor`: what the cache's place gives, what it lacks, and what follows from that. Makes no cache where there is none. */
export const cacheDoctor: CommandDefinition = {
  arguments: [],
  groups: [{ title: 'Options', options: [outputFormatOption] }, cacheOptions],
  run: async ({ values }, session) => {
    const { reporter } = session;
    const root = cacheRoot(session, values);
    using cache = openCache({ root, command: session.commandLine });
    const examination = cache.examine();
    if (values.choice('outputFormat', ['text', 'json']) === 'json') {
      reporter.data(`${JSON.stringify(examination ?? null, undefined, 2)}\n`);
    } else if (examination === undefined) reporter.line(`No cache found at: ${root}`);
    else reporter.data(renderExamination(examination));
    return 0;
  },
};
