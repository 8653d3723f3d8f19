/** The lines that tell that a part of the work has ended: `Resolved 5 packages in 12ms`. */
import type { PhaseEvent } from '../../commands/install-phases.ts';
import { countOf, formatDuration } from '../render/quantities.ts';
import type { Reporter } from '../reporter.ts';

const VERB: Readonly<Record<PhaseEvent['phase'], string>> = {
  resolved: 'Resolved',
  prepared: 'Prepared',
  uninstalled: 'Uninstalled',
  installed: 'Installed',
  checked: 'Checked',
  compiled: 'Bytecode compiled',
};

const NUMBERLESS: ReadonlySet<PhaseEvent['phase']> = new Set(['resolved', 'checked']);

/** `Resolved 5 packages in 12ms`. */
export function reportPhase({ phase, count, elapsedMs }: PhaseEvent, reporter: Reporter): void {
  const counted = phase === 'compiled' ? countOf(count, 'file') : countOf(count, 'package');
  // Of nothing uv says no number: `Checked in 1ms`.
  const shown = count === 0 && NUMBERLESS.has(phase) ? '' : `${reporter.style.bold(counted)} `;
  reporter.line(reporter.style.dim(`${VERB[phase]} ${shown}in ${formatDuration(elapsedMs)}`));
}

/** What a look at a stamp has told: the same lines as a look at everything. */
export function reportChecked(
  { locked, checked }: { readonly locked: number | undefined; readonly checked: number },
  reporter: Reporter,
): void {
  const elapsedMs = performance.now();
  if (locked !== undefined) reportPhase({ type: 'phase', phase: 'resolved', count: locked, elapsedMs }, reporter);
  reportPhase({ type: 'phase', phase: 'checked', count: checked, elapsedMs }, reporter);
}
