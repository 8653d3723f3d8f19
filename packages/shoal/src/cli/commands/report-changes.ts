/** What `pip install`, `pip sync` and `pip uninstall` print, as they go on and at their end. */
import { describeIncompatibility } from '../../commands/check-installed.ts';
import type { Incompatibility } from '../../commands/check-installed.ts';
import type { ChangeResult } from '../../commands/change-environment.ts';
import type { EnvironmentChange } from '../../commands/install-phases.ts';
import { renderChanges, renderChangesJson } from '../render/changes.ts';
import { countOf } from '../render/quantities.ts';
import type { OptionValues } from '../option-values.ts';
import type { Reporter } from '../reporter.ts';

/** The changes, what is to be said of them, what `--strict` found, and with `--output-format json` all of it as data. */
export function reportResult(result: ChangeResult, values: OptionValues, reporter: Reporter): void {
  const isDryRun = values.flag('dryRun') || values.flag('check');
  if (result.kind === 'planned') reportPlan(result.toFetch, result.changes, reporter);
  else if (result.kind === 'changed')
    for (const line of renderChanges(result.changes, reporter.style)) reporter.line(line);
  else if (isDryRun) reporter.line('Would make no changes');
  if (result.kind !== 'satisfied') for (const remark of result.remarks) reporter.warning(remark);
  if (result.kind !== 'planned') reportIncompatibilities(result.incompatibilities, reporter);
  if (values.choice('outputFormat', ['text', 'json']) === 'json')
    reporter.data(renderChangesJson(result.kind === 'satisfied' ? [] : result.changes, isDryRun));
}

/** 1 when `--check` found something to change. */
export function statusOfResult(result: ChangeResult, values: OptionValues): number {
  return values.flag('check') && result.kind === 'planned' && result.changes.length > 0 ? 1 : 0;
}

export function reportIncompatibilities(incompatibilities: readonly Incompatibility[], reporter: Reporter): void {
  for (const one of incompatibilities) reporter.warning(reporter.style.bold(describeIncompatibility(one)));
}

/** What a dry run would do. */
export function reportPlan(toFetch: number, changes: readonly EnvironmentChange[], reporter: Reporter): void {
  const removed = changes.filter(({ kind }) => kind !== 'added').length;
  const added = changes.filter(({ kind }) => kind !== 'removed').length;
  if (changes.length === 0) reporter.line('Would make no changes');
  if (toFetch > 0) reporter.line(`Would download ${countOf(toFetch, 'package')}`);
  if (removed > 0) reporter.line(`Would uninstall ${countOf(removed, 'package')}`);
  if (added > 0) reporter.line(`Would install ${countOf(added, 'package')}`);
  for (const line of renderChanges(changes, reporter.style)) reporter.line(line);
}
