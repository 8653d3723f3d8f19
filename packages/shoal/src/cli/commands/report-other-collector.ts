import { describeHolder } from '@shoal/cache';
import type { CollectReport } from '@shoal/cache';
import type { Reporter } from '../reporter.ts';

/** One collector at a time is enough: the other one does the work. @returns the exit status. */
export function reportOtherCollector({ holder }: CollectReport, reporter: Reporter): number {
  const who = holder === undefined ? 'Another process' : describeHolder(holder);
  reporter.line(`${who} is cleaning this cache already`);
  return 0;
}
