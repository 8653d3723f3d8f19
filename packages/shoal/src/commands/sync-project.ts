/**
 * From a lockfile to an environment, without a resolution: the packages that are locked for this environment are compared with
 * what is installed, fetched, and put in place in one transaction, all under the environment's exclusive lock.
 */
import { createTagPriorities, supportedTags } from '@shoal/packaging';
import type { MarkerEnvironment, Tag, Version } from '@shoal/packaging';
import type { Environment } from '../environment/environment.ts';
import { lockEnvironment } from '../environment/environment-lock.ts';
import { readPyvenvCfg } from '../environment/pyvenv-cfg.ts';
import { readInstalledDistributions } from '../environment/site-packages.ts';
import type { InstalledDistribution } from '../environment/site-packages.ts';
import { planInstall, seedNames } from '../install/plan.ts';
import { recoverEnvironment } from '../install/transaction.ts';
import type { WantedSource } from '../install/wanted-source.ts';
import { isFromSource } from '../install/wanted-source.ts';
import type { LockedPackage, Lockfile } from '../lock/lockfile.ts';
import { selectPackages } from '../lock/select-packages.ts';
import type { LockRoot } from '../lock/select-packages.ts';
import type { BuildOptions } from '../resolve/resolve-input.ts';
import type { BuildPolicy } from './build-policy.ts';
import { lazyBuilder } from './builder.ts';
import type { Builder } from './builder.ts';
import { carryOut } from './carry-out.ts';
import type { ChangePolicy } from './change-environment.ts';
import type { Context } from './context.ts';
import { missingFromCache } from './fetch-wheels.ts';
import type { EnvironmentChange, WorkflowOptions } from './install-phases.ts';
import { digestKey, locateLocked, nodeOf } from './locked-distribution.ts';
import type { LockedDistribution } from './locked-distribution.ts';
import { changesOf } from './plan-changes.ts';
import type { EnvironmentPlan } from './plan-changes.ts';
import { SourceMemory } from './source-memory.ts';

export interface SyncInput {
  readonly environment: Environment;
  readonly lockfile: Lockfile;
  /** How messages name the lockfile. */
  readonly shown: string;
  /** Absolute: where the relative paths of the lockfile start. */
  readonly folder: string;
  readonly roots: readonly LockRoot[];
  /** True for a package that is not to be installed though it is needed (`--no-install-…`). */
  readonly isOmitted: (locked: LockedPackage) => boolean;
  readonly isEditableKept: boolean;
  readonly buildOptions: BuildOptions;
  readonly build: BuildPolicy;
  readonly change: ChangePolicy;
  /** Another platform than the environment's own (`--python-platform`). */
  readonly target?: { readonly markers: MarkerEnvironment; readonly tags: readonly Tag[] } | undefined;
  /** Called while the lock is still held, once the environment is what the lockfile says. Not of a dry run. */
  readonly whenCurrent?: ((result: SyncResult) => void) | undefined;
}

export interface SyncResult {
  readonly changes: readonly EnvironmentChange[];
  /** How many distributions the environment holds by the lockfile. */
  readonly count: number;
  /** Of a dry run: how many are not in the cache. */
  readonly toFetch: number;
}

/**
 * Bring the environment to the lockfile; with `change.dryRun` only tell what would be done.
 *
 * @throws {LockfileError} {NoInstallableFileError} and whatever fetching, building and installing throw; the environment is then as it was.
 */
export async function syncProject(input: SyncInput, context: Context, options: WorkflowOptions): Promise<SyncResult> {
  using _lock = await lockEnvironment(input.environment, 'exclusive', context.lockOptions);
  const started = performance.now();
  recoverEnvironment(input.environment, options);
  const installed = readInstalledDistributions(input.environment);
  const wanted = locateAll(input);
  const builder = builderOf(input, context, { options, installed, wanted });
  const memory = SourceMemory.of(input.environment.root);
  const versioned = await withVersions(wanted, { installed, builder, memory });
  const plan = planOf(versioned, installed, { input, memory });
  const directUrls = new Map(
    versioned.flatMap(({ name, directUrl }) => (directUrl === undefined ? [] : [[name, directUrl]])),
  );
  const changes = changesOf(plan, directUrls);
  if (changes.length === 0)
    options.onEvent({ type: 'phase', phase: 'checked', count: wanted.length, elapsedMs: performance.now() - started });
  const nodes = plan.add.map(({ node }) => node);
  if (input.change.dryRun)
    return { changes, count: wanted.length, toFetch: missingFromCache(nodes, context, input.folder) };
  const digests = new Map(
    versioned.flatMap((one) => (one.hashes.length === 0 ? [] : [[digestKey(one, one.version), one.hashes] as const])),
  );
  await carryOut(plan, {
    input: { ...input, requirements: { digests } },
    context,
    options,
    installed,
    builder,
    directUrls,
  });
  memory.remember(versioned);
  const result = { changes, count: wanted.length, toFetch: 0 };
  input.whenCurrent?.(result);
  return result;
}

type Versioned = LockedDistribution & { readonly version: Version };

function locateAll(input: SyncInput): readonly LockedDistribution[] {
  const { interpreter } = input.environment;
  const { markers, tags } = input.target ?? { markers: interpreter.markers, tags: supportedTags(interpreter.tags) };
  const surroundings = { ...input, tags: createTagPriorities(tags) };
  return selectPackages(input.lockfile, { roots: input.roots, markers, shown: input.shown }).flatMap((locked) => {
    const found = input.isOmitted(locked) ? undefined : locateLocked(locked, surroundings);
    return found === undefined ? [] : [found];
  });
}

function builderOf(
  { environment, build, folder }: SyncInput,
  context: Context,
  {
    options,
    installed,
    wanted,
  }: {
    readonly options: WorkflowOptions;
    readonly installed: readonly InstalledDistribution[];
    readonly wanted: readonly LockedDistribution[];
  },
): Builder {
  const isEditable = ({ directUrl }: LockedDistribution): boolean =>
    directUrl?.origin.kind === 'directory' && directUrl.origin.editable;
  return lazyBuilder({
    context,
    options,
    interpreter: environment.interpreter,
    policy: build,
    folder,
    editables: new Set(wanted.flatMap((one) => (isEditable(one) && one.directUrl ? [one.directUrl.url] : []))),
    installed: () => installed.map(({ name, version }) => `${name}==${version.text}`),
  });
}

interface VersionSurroundings {
  readonly installed: readonly InstalledDistribution[];
  readonly builder: Builder;
  readonly memory: SourceMemory;
}

/** A dynamic version is that of what is installed while its source is unchanged, else what the source tells now. */
async function withVersions(
  wanted: readonly LockedDistribution[],
  { installed, builder, memory }: VersionSurroundings,
): Promise<readonly Versioned[]> {
  return await Promise.all(
    wanted.map(async (one): Promise<Versioned> => {
      if (one.version !== undefined) return { ...one, version: one.version };
      const present = installed.find(({ name }) => name === one.name);
      const isSame = present !== undefined && isFromSource(present.directUrl(), wantedSource(one));
      if (isSame && memory.isUnchanged(one, present)) return { ...one, version: present.version };
      const url = one.source.kind === 'url' ? one.source.url : '';
      return { ...one, version: (await builder.metadataOfUrl({ url, name: one.name })).version };
    }),
  );
}

function planOf(
  wanted: readonly Versioned[],
  installed: readonly InstalledDistribution[],
  { input, memory }: { readonly input: SyncInput; readonly memory: SourceMemory },
): EnvironmentPlan {
  const { change, environment } = input;
  const present = new Map(installed.map((one) => [one.name, one]));
  const edited = wanted.filter((one) => !memory.isUnchanged(one, present.get(one.name))).map(({ name }) => name);
  const reinstall = change.reinstall === 'all' ? 'all' : new Set([...change.reinstall, ...edited]);
  return planInstall({
    wanted: wanted.map((one) => ({
      name: one.name,
      version: one.version,
      source: wantedSource(one),
      node: nodeOf(one, one.version),
    })),
    installed,
    policy: {
      reinstall: reinstall !== 'all' && reinstall.size === 0 ? 'none' : reinstall,
      exact: change.exact,
      spared: sparedIn(environment),
      sources: 'strict',
    },
  });
}

/** The seeds of environments that other programs have made stay. */
function sparedIn({ root, interpreter }: Environment): ReadonlySet<string> | undefined {
  const configuration = readPyvenvCfg(root);
  const isBare = configuration?.isManaged === true && !configuration.seed;
  return isBare ? undefined : seedNames(interpreter.version);
}

function wantedSource({ directUrl }: Pick<LockedDistribution, 'directUrl'>): WantedSource {
  if (directUrl === undefined) return { kind: 'registry' };
  const { url, subdirectory, origin } = directUrl;
  if (origin.kind === 'directory') return { kind: 'directory', url, editable: origin.editable };
  if (origin.kind === 'vcs') return { kind: 'vcs', url, commit: origin.commit, subdirectory };
  return { kind: 'archive', url, subdirectory, sha256: origin.hashes['sha256'] };
}
