/** The way on when an environment is not yet what is wanted: resolve, plan, fetch, and apply in one transaction. */
import type { NormalizedName } from '@shoal/packaging';
import { readInstalledDistributions } from '../environment/site-packages.ts';
import type { InstalledDistribution } from '../environment/site-packages.ts';
import type { InstalledCandidate } from '../resolve/resolve-input.ts';
import type { Resolution, ResolutionWarning } from '../resolve/resolution.ts';
import { lazyBuilder } from './builder.ts';
import type { Builder } from './builder.ts';
import { carryOut } from './carry-out.ts';
import type { ChangeInput, ChangeResult } from './change-environment.ts';
import { changesOf, planChanges } from './plan-changes.ts';
import { checkHashMode } from './check-hash-mode.ts';
import { checkInterpreterFit } from './check-installed.ts';
import { checkUrlWheels } from './check-url-wheels.ts';
import type { Context } from './context.ts';
import { missingFromCache } from './fetch-wheels.ts';
import { describeResolutionWarning } from './describe-resolution-warning.ts';
import type { WorkflowOptions } from './install-phases.ts';
import { timed } from './install-phases.ts';
import { directUrlsOf } from './direct-urls.ts';
import { resolveForEnvironment, targetPlatform } from './resolve-for-environment.ts';

interface LockedChange {
  readonly input: ChangeInput;
  readonly installed: readonly InstalledDistribution[];
  /** When looking at the environment began, in milliseconds of `performance`. */
  readonly started: number;
}

/** Bring the environment, whose lock the caller holds, to what is wanted. @throws {NoSolutionError} and whatever fetching and installing throw. */
export async function changeByResolution(
  { input, installed, started }: LockedChange,
  context: Context,
  options: WorkflowOptions,
): Promise<ChangeResult> {
  const { environment, change } = input;
  if (input.resolution.hashMode === 'require')
    checkHashMode(input.requirements, targetPlatform(input.resolution, environment.interpreter).markers);
  const builder = builderFor(input, context, { options, installed });
  const resolution = await timed('resolved', options.onEvent, async () => {
    const result = await resolveTelling(input, context, { options, installed, builder });
    return { count: result.nodes.length, result };
  });
  checkUrlWheels(resolution, () => targetPlatform(input.resolution, environment.interpreter).tags, input.folder);
  const directUrls = await directUrlsOf(resolution, { folder: input.folder, builder });
  const plan = planChanges(resolution, installed, { input, directUrls });
  const changes = changesOf(plan, directUrls);
  const remarks = resolution.warnings.filter(isRemark).map(describeResolutionWarning);
  if (changes.length === 0 && change.dryRun) announceChecked(resolution, started, options);
  if (change.dryRun)
    return {
      kind: 'planned',
      toFetch: missingFromCache(
        plan.add.map(({ node }) => node),
        context,
        input.folder,
      ),
      changes,
      remarks,
    };
  await carryOut(plan, { input, context, options, installed, builder, directUrls });
  if (changes.length === 0) announceChecked(resolution, started, options);
  return {
    kind: 'changed',
    resolved: resolution.nodes.length,
    changes,
    remarks,
    incompatibilities: change.strict
      ? checkInterpreterFit(readInstalledDistributions(environment), environment.interpreter)
      : [],
  };
}

function announceChecked(resolution: Resolution, started: number, { onEvent }: WorkflowOptions): void {
  onEvent({
    type: 'phase',
    phase: 'checked',
    count: resolution.nodes.length,
    elapsedMs: performance.now() - started,
  });
}

/** Warnings about what was chosen come last; those about what was asked for come at once. */
function isRemark({ kind }: ResolutionWarning): boolean {
  return kind === 'yanked' || kind === 'missing-extra';
}

interface ResolveSurroundings {
  readonly options: WorkflowOptions;
  readonly installed: readonly InstalledDistribution[];
}

function builderFor(input: ChangeInput, context: Context, { options, installed }: ResolveSurroundings): Builder {
  return lazyBuilder({
    context,
    options,
    interpreter: input.environment.interpreter,
    policy: input.resolution.build,
    folder: input.folder,
    editables: input.requirements.editables,
    installed: () => installed.map(({ name, version }) => `${name}==${version.text}`),
  });
}

async function resolveTelling(
  { requirements, resolution: policy, change, environment: { interpreter }, folder }: ChangeInput,
  context: Context,
  { options, installed, builder }: ResolveSurroundings & { readonly builder: Builder },
): Promise<Resolution> {
  const present =
    change.isSync || installed.length === 0
      ? undefined
      : { installed: candidatesOf(installed), reinstall: change.reinstall, upgrade: change.upgrade };
  const asked = { requirements, policy, interpreter, folder, present };
  const resolution = await resolveForEnvironment(asked, { context, options, builder });
  for (const warning of resolution.warnings.filter((one) => !isRemark(one)))
    options.onEvent({ type: 'warning', message: describeResolutionWarning(warning) });
  return resolution;
}

function candidatesOf(
  installed: readonly InstalledDistribution[],
): ReadonlyMap<NormalizedName, readonly InstalledCandidate[]> {
  const candidates = new Map<NormalizedName, InstalledCandidate[]>();
  for (const one of installed) {
    const candidate: InstalledCandidate = { version: one.version, metadata: () => one.metadata(), compatible: true };
    const same = candidates.get(one.name);
    if (same === undefined) candidates.set(one.name, [candidate]);
    else same.push(candidate);
  }
  return candidates;
}
