/** `pip uninstall`: remove named distributions, all of them or none. What depends on them is not asked. */
import { formatVersion } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import type { Environment } from '../environment/environment.ts';
import { lockEnvironment } from '../environment/environment-lock.ts';
import type { InstalledDistribution } from '../environment/site-packages.ts';
import { applyPlan } from '../install/apply-plan.ts';
import { recoverEnvironment } from '../install/transaction.ts';
import type { Context } from './context.ts';
import { originOf } from './frozen-origin.ts';
import type { EnvironmentChange, WorkflowOptions } from './install-phases.ts';
import { installedIn, readEnvironment } from './read-environment.ts';

export interface UninstallInput {
  readonly environment: Environment;
  readonly names: readonly NormalizedName[];
  /** What was installed from these is removed as well. */
  readonly urls: readonly string[];
  readonly dryRun: boolean;
}

export interface UninstallResult {
  /** What was asked for and is not installed: names, then URLs. */
  readonly missing: readonly string[];
  /** By the path of what is removed. */
  readonly removed: readonly EnvironmentChange[];
}

/** Warns of what is missing unless it is a dry run; announces the phase `uninstalled`. @throws {UninstallError} before anything is removed, and what `applyPlan` throws. */
export async function uninstall(
  input: UninstallInput,
  context: Context,
  options: WorkflowOptions,
): Promise<UninstallResult> {
  if (input.dryRun)
    return await readEnvironment(input.environment, { context, options }, (installed) =>
      resultOf(choose(installed, input)),
    );
  const started = performance.now();
  using _lock = await lockEnvironment(input.environment, 'exclusive', context.lockOptions);
  recoverEnvironment(input.environment, options);
  const installed = installedIn(input.environment, options.onEvent);
  const choice = choose(installed, input);
  const result = resultOf(choice);
  for (const one of choice.missing)
    options.onEvent({
      type: 'warning',
      message: `Skipping ${one.includes(':') ? `\`${one}\`` : one} as it is not installed`,
    });
  if (choice.chosen.length === 0) return result;
  await applyPlan({
    environment: input.environment,
    remove: choice.chosen,
    add: [],
    installed,
    installer: undefined,
    missingRecord: 'refuse',
    signal: options.signal,
    onEvent: options.onEvent,
  });
  options.onEvent({
    type: 'phase',
    phase: 'uninstalled',
    count: choice.chosen.length,
    elapsedMs: performance.now() - started,
  });
  return result;
}

function resultOf({ missing, chosen }: Choice): UninstallResult {
  return {
    missing,
    removed: chosen.map((one): EnvironmentChange => ({
      kind: 'removed',
      name: one.name,
      version: formatVersion(one.version),
      from: originOf(one),
    })),
  };
}

interface Choice {
  readonly missing: readonly string[];
  readonly chosen: readonly InstalledDistribution[];
}

function choose(installed: readonly InstalledDistribution[], { names, urls }: UninstallInput): Choice {
  const wanted = [
    ...[...new Set(names)]
      .sort()
      .map((name) => ({ shown: String(name), found: installed.filter((one) => one.name === name) })),
    ...[...new Set(urls)].sort().map((url) => ({ shown: url, found: installed.filter((one) => isFrom(one, url)) })),
  ];
  const chosen = [...new Set(wanted.flatMap(({ found }) => found))].sort((a, b) => (a.path < b.path ? -1 : 1));
  return { missing: wanted.filter(({ found }) => found.length === 0).map(({ shown }) => shown), chosen };
}

function isFrom(one: InstalledDistribution, url: string): boolean {
  const origin = one.directUrl();
  return origin !== undefined && (origin.url === url || originOf(one)?.replace(/#.*$/, '') === url);
}
