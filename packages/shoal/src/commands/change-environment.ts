/**
 * The shared middle of `pip install` and `pip sync`: under the environment's exclusive lock, look at what is installed, and
 * when that is not what is wanted, resolve, plan, fetch, and apply in one transaction. Whatever ends early leaves the
 * environment as it was.
 */
import type { MarkerEnvironment, NormalizedName, Tag, Version } from '@shoal/packaging';
import type { Environment } from '../environment/environment.ts';
import { lockEnvironment } from '../environment/environment-lock.ts';
import { readInstalledDistributions } from '../environment/site-packages.ts';
import type { InstalledDistribution } from '../environment/site-packages.ts';
import type { LinkMode } from '../install/link-mode.ts';
import { recoverEnvironment } from '../install/transaction.ts';
import type {
  BuildOptions,
  ExcludeNewer,
  PrereleaseMode,
  ProjectSelection,
  ResolutionMode,
  SourcedRequirement,
} from '../resolve/resolve-input.ts';
import type { BuildPolicy } from './build-policy.ts';
import type { Incompatibility } from './check-installed.ts';
import type { Context } from './context.ts';
import { isBuiltFrom } from './builder.ts';
import { isInstalledFrom } from './is-installed-from.ts';
import type { EnvironmentChange, WorkflowOptions } from './install-phases.ts';
import type { LocatedRequirement } from './name-requirements.ts';
import { isSatisfied } from './satisfied.ts';
import { SatisfactionMemory } from './satisfaction-memory.ts';

/** What is wanted, as requirements files and the command line say it. */
export interface RequirementSet {
  readonly requirements: readonly SourcedRequirement[];
  /** Further requirements, which only their source can name. */
  readonly unnamed: readonly LocatedRequirement[];
  readonly constraints: readonly SourcedRequirement[];
  readonly overrides: readonly SourcedRequirement[];
  readonly excludes: readonly NormalizedName[];
  /** `algorithm:hex` by `name==version` or URL. */
  readonly digests: ReadonlyMap<string, readonly string[]>;
  /** The URLs, as written, of what is to be installed editable. */
  readonly editables: ReadonlySet<string>;
}

/** What a resolution aims at when it is not the environment itself (`--python-version`, `--python-platform`). */
export interface TargetPlatform {
  readonly markers: MarkerEnvironment;
  readonly tags: readonly Tag[];
  readonly python: Version;
}

export interface ResolutionPolicy {
  readonly withoutDependencies: boolean;
  readonly mode: ResolutionMode;
  readonly prerelease: PrereleaseMode;
  readonly prereleaseOf: ReadonlyMap<NormalizedName, PrereleaseMode>;
  readonly excludeNewer?: ExcludeNewer;
  readonly buildOptions: BuildOptions;
  readonly build: BuildPolicy;
  readonly hashMode: 'none' | 'verify' | 'require';
  readonly target?: TargetPlatform;
}

export interface ChangePolicy {
  readonly reinstall: ProjectSelection;
  readonly upgrade: ProjectSelection;
  /** Remove what the resolution does not hold. */
  readonly exact: boolean;
  /** `pip sync`: resolve always, and look at the indexes alone. */
  readonly isSync: boolean;
  readonly dryRun: boolean;
  readonly strict: boolean;
  readonly linkMode: LinkMode | undefined;
  readonly compileBytecode: boolean;
  /** For one file, in milliseconds; 0 waits for ever; absent is a minute. */
  readonly compileTimeoutMs?: number | undefined;
  /** For processes that are started. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Whether INSTALLER, REQUESTED and direct_url.json are written. */
  readonly installerMetadata: boolean;
}

export interface ChangeInput {
  readonly environment: Environment;
  readonly requirements: RequirementSet;
  readonly resolution: ResolutionPolicy;
  readonly change: ChangePolicy;
  /** Where relative paths of requirements start. */
  readonly folder: string;
}

export type ChangeResult =
  | { readonly kind: 'satisfied'; readonly count: number; readonly incompatibilities: readonly Incompatibility[] }
  | {
      readonly kind: 'planned';
      readonly toFetch: number;
      readonly changes: readonly EnvironmentChange[];
      /** What is to be said of the resolution: yanked files, extras that do not exist. */
      readonly remarks: readonly string[];
    }
  | {
      readonly kind: 'changed';
      readonly resolved: number;
      readonly changes: readonly EnvironmentChange[];
      readonly remarks: readonly string[];
      readonly incompatibilities: readonly Incompatibility[];
    };

/** Bring the environment to what is wanted. @throws {NoSolutionError} and whatever fetching and installing throw. */
export async function changeEnvironment(
  input: ChangeInput,
  context: Context,
  options: WorkflowOptions,
): Promise<ChangeResult> {
  using _lock = await lockEnvironment(input.environment, 'exclusive', context.lockOptions);
  return await changeLocked(input, context, options);
}

async function changeLocked(input: ChangeInput, context: Context, options: WorkflowOptions): Promise<ChangeResult> {
  const started = performance.now();
  recoverEnvironment(input.environment, options);
  const mayBeDone = canBeDone(input);
  const memory = mayBeDone ? SatisfactionMemory.of(input, context) : undefined;
  if (memory?.holds() === true) return satisfied(input, [], { options, started });
  const installed = readInstalledDistributions(input.environment);
  if (mayBeDone && isDone(input, installed)) {
    memory?.remember();
    const incompatibilities = input.change.strict ? await strictFindings(input, installed) : [];
    return satisfied(input, incompatibilities, { options, started });
  }
  // Loaded when it is needed: most of the program is in there.
  const { changeByResolution } = await import('./change-by-resolution.ts');
  return await changeByResolution({ input, installed, started }, context, options);
}

function satisfied(
  { requirements }: ChangeInput,
  incompatibilities: readonly Incompatibility[],
  { options, started }: { readonly options: WorkflowOptions; readonly started: number },
): ChangeResult {
  const count = requirements.requirements.length;
  options.onEvent({ type: 'phase', phase: 'checked', count, elapsedMs: performance.now() - started });
  return { kind: 'satisfied', count, incompatibilities };
}

async function strictFindings(
  { environment }: ChangeInput,
  installed: readonly InstalledDistribution[],
): Promise<readonly Incompatibility[]> {
  const { checkInterpreterFit } = await import('./check-installed.ts');
  return checkInterpreterFit(installed, environment.interpreter);
}

/** Whether what is installed alone can show that nothing is to be done. */
function canBeDone({ requirements, resolution, change }: ChangeInput): boolean {
  if (change.isSync || change.exact || isSelecting(change.reinstall) || isSelecting(change.upgrade)) return false;
  return resolution.hashMode !== 'require' && requirements.unnamed.length === 0;
}

function isDone(
  { requirements, resolution, environment, folder }: ChangeInput,
  installed: readonly InstalledDistribution[],
): boolean {
  if (requirements.requirements.some(({ requirement: { url } }) => url !== undefined && isBuiltFrom(url))) return false;
  return isSatisfied(installed, {
    requirements: requirements.requirements.map(({ requirement }) => requirement),
    constraints: requirements.constraints.map(({ requirement }) => requirement),
    overrides: requirements.overrides.map(({ requirement }) => requirement),
    excludes: requirements.excludes,
    markers: resolution.target?.markers ?? environment.interpreter.markers,
    withoutDependencies: resolution.withoutDependencies,
    isFrom: (one, url) => isInstalledFrom(one, url, folder),
  });
}

function isSelecting(selection: ProjectSelection): boolean {
  return selection === 'all' || selection.size > 0;
}
