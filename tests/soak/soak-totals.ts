/** What was done in all, and the lines that tell it. */
import type { FaultName } from './soak-faults.ts';
import type { HostileRun } from './hostile-run.ts';

export class SoakTotals {
  episodes = 0;
  runs = 0;
  kills = 0;
  stops = 0;
  /** Commands that a full disk made fail, as they should. */
  refusals = 0;
  readonly faults = new Map<FaultName | 'rotten bit', number>();

  countRun({ wasKilled, wasStopped }: HostileRun): void {
    this.runs += 1;
    if (wasKilled) this.kills += 1;
    if (wasStopped) this.stops += 1;
  }

  countFault(name: FaultName | 'rotten bit'): void {
    this.faults.set(name, (this.faults.get(name) ?? 0) + 1);
  }

  toString(): string {
    const faults = [...this.faults].map(([name, count]) => `${count} x ${name}`).join(', ');
    return `${this.episodes} episodes, ${this.runs} runs, ${this.kills} kills, ${this.stops} stops, ${this.refusals} refused by a full disk; faults: ${faults === '' ? 'none' : faults}`;
  }
}
