/** What `pip install`, `pip sync` and `pip uninstall` print, as they go on and at their end. */
import { describeIncompatibility } from '../../commands/check-installed.ts';
import type { Incompatibility } from '../../commands/check-installed.ts';
import type { ChangeResult } from '../../commands/change-environment.ts';
import type { EnvironmentChange, PhaseEvent } from '../../commands/install-phases.ts';
import { renderChanges } from '../render/changes.ts';
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

/** `Resolved 5 packages in 12ms`. */
export function reportPhase({ phase, count, elapsedMs }: PhaseEvent, reporter: Reporter): void {
  const counted = phase === 'compiled' ? countOf(count, 'file') : countOf(count, 'package');
  reporter.line(reporter.style.dim(`${VERB[phase]} ${reporter.style.bold(counted)} in ${formatDuration(elapsedMs)}`));
}

/** The changes and what `--strict` found. */
export function reportResult(result: ChangeResult, reporter: Reporter): void {
  if (result.kind === 'planned') return reportPlan(result.toFetch, result.changes, reporter);
  if (result.kind === 'changed') for (const line of renderChanges(result.changes, reporter.style)) reporter.line(line);
  reportIncompatibilities(result.incompatibilities, reporter);
}

export function reportIncompatibilities(incompatibilities: readonly Incompatibility[], reporter: Reporter): void {
  for (const one of incompatibilities) reporter.warning(reporter.style.bold(describeIncompatibility(one)));
}

/** What a dry run would do. */
function reportPlan(toFetch: number, changes: readonly EnvironmentChange[], reporter: Reporter): void {
  const removed = changes.filter(({ kind }) => kind !== 'added').length;
  const added = changes.filter(({ kind }) => kind !== 'removed').length;
  if (changes.length === 0) reporter.line('Would make no changes');
  if (toFetch > 0) reporter.line(`Would download ${countOf(toFetch, 'package')}`);
  if (removed > 0) reporter.line(`Would uninstall ${countOf(removed, 'package')}`);
  if (added > 0) reporter.line(`Would install ${countOf(added, 'package')}`);
  for (const line of renderChanges(changes, reporter.style)) reporter.line(line);
}
