/**
 * Builds made once for all processes: from a source to its metadata, and to the tree of its wheel. What was built is remembered
 * under a key that holds everything that decides the outcome; one process builds, the others wait for it and use the result.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, OperationalError } from '@shoal/cache';
import type { Digest, PinnedTree, WorkFolder } from '@shoal/cache';
import {
  PackagingError,
  formatRequirement,
  normalizeName,
  parseDependencyMetadata,
  parseRequirement,
  parseVersion,
} from '@shoal/packaging';
import type { DirectUrl, Requirement } from '@shoal/packaging';
import { buildDistribution, prepareMetadata, requiresForBuild } from '../build/build-distribution.ts';
import type { BuildEnvironment, BuildJob, BuildKind, ConfigSettings } from '../build/build-distribution.ts';
import { BackendAnswerError, BuildCycleError, BuildRequirementsError } from '../build/build-errors.ts';
import { BUILD_RESOURCE, openBuildLog } from '../build/build-log.ts';
import type { BuildSystem } from '../build/build-system.ts';
import { decidingVariables } from '../build/build-variables.ts';
import { digestOfFolder } from '../build/source-digest.ts';
import type { BuildableSource } from '../build/source-tree.ts';
import { readFacts, sourceFacts } from '../build/source-facts.ts';
import type { FactsText, SourceFacts } from '../build/source-facts.ts';
import { wheelNoteOf } from '../fetch/wheel-note.ts';
import { keepDependencyFields } from '../index/dependency-fields.ts';
import type { DependencyMetadata, DistributionFile } from '../project/distribution-file.ts';
import { blamingEnvironment, BuildEnvironments, withoutPythonVariables } from './build-environments.ts';
import type { BuildEnvironmentsOptions, PlannedBuildEnvironment } from './build-environments.ts';
import { BuildSources } from './build-sources.ts';
import type { Builder, UrlRequirement } from './builder.ts';
import { interpreterIdentity } from './environment-tree.ts';
import { formatBuilt, parseBuilt, requireIdentity, wheelName } from './built-wheel.ts';

export interface SourceBuilderOptions extends BuildEnvironmentsOptions {
  /** What the environment without isolation holds: `name==version`. Read when it is needed. */
  readonly installed: () => readonly string[];
  /** The URLs, as written, of `-e`. */
  readonly editables: ReadonlySet<string>;
}

type WheelKind = Exclude<BuildKind, 'sdist'>;

interface BuildPlan {
  readonly source: BuildableSource;
  readonly kind: BuildKind;
  readonly system: BuildSystem;
  readonly settings: ConfigSettings;
  readonly environment: PlannedBuildEnvironment;
  readonly key: Digest;
}

interface Parent {
  readonly chain: readonly string[];
  readonly environments: BuildEnvironments;
  readonly sources: BuildSources;
}

export class SourceBuilder implements Builder {
  /** The projects whose build needs what is built here, outermost first. */
  readonly chain: readonly string[];
  readonly #options: SourceBuilderOptions;
  readonly #environments: BuildEnvironments;
  readonly #sources: BuildSources;

  constructor(options: SourceBuilderOptions, parent?: Parent) {
    this.#options = options;
    this.chain = parent?.chain ?? [];
    this.#environments = parent?.environments ?? new BuildEnvironments(options);
    this.#sources = parent?.sources ?? sourcesOf(options);
  }

  async metadataOfFile(file: DistributionFile): Promise<DependencyMetadata> {
    return await this.#metadata(await this.#sources.ofFile(file), 'wheel');
  }

  async metadataOfUrl({ url, name }: UrlRequirement): Promise<DependencyMetadata> {
    return await this.#metadata((await this.#sources.ofUrl(url, name)).source, this.#kindOf(url));
  }

  async treeOfFile(file: DistributionFile, hashes?: readonly string[]): Promise<PinnedTree> {
    return await this.#tree(await this.#sources.ofFile(file, hashes), 'wheel');
  }

  async treeOfUrl({ url, name, version }: UrlRequirement, hashes?: readonly string[]): Promise<PinnedTree> {
    const { source } = await this.#sources.ofUrl(url, name, hashes);
    const tree = await this.#tree(source, this.#kindOf(url));
    try {
      const note = wheelNoteOf(tree);
      if (version !== undefined)
        requireIdentity({ ...source, version }, normalizeName(note.name), parseVersion(note.version));
      return tree;
    } catch (error) {
      tree.release();
      throw error;
    }
  }

  async directUrlOf({ url, name }: UrlRequirement): Promise<DirectUrl> {
    return (await this.#sources.ofUrl(url, name)).directUrl;
  }

  /**
   * Build anew, whatever was built before, and hand the file over before its folder goes.
   *
   * @throws the same, and what `take` throws.
   */
  async buildFile<T>(source: BuildableSource, kind: 'sdist' | 'wheel', take: (path: string) => T): Promise<T> {
    const plan = await this.#plan(source, await this.#facts(source), kind);
    return await this.#withJob(plan, async (job) => {
      const path = await buildDistribution(job, join(job.workFolder, kind));
      if (path !== undefined) return take(path);
      throw new BackendAnswerError(
        source.subject,
        `cannot build a ${kind === 'sdist' ? 'source distribution' : 'wheel'}`,
      );
    });
  }

  #kindOf(url: string): WheelKind {
    return this.#sources.isEditable(url) ? 'editable' : 'wheel';
  }

  /** @throws {BuildFailedError} {BackendAnswerError} {BuildCycleError} {InvalidBuildSystemError} */
  async #metadata(source: BuildableSource, kind: WheelKind): Promise<DependencyMetadata> {
    const facts = await this.#facts(source);
    if (facts.metadata !== undefined) return this.#checked(facts.metadata, source);
    const plan = await this.#plan(source, facts, kind);
    return await this.#options.context.cache.records.readOrProduce({
      bucket: 'metadata',
      key: digestOf(`built ${plan.key}`),
      resource: `the metadata of \`${source.subject}\``,
      signal: this.#options.options.signal,
      accept: (content) => this.#checked(Buffer.from(content).toString('utf8'), source),
      produce: async () => keepDependencyFields(await this.#buildMetadata(plan)),
    });
  }

  /** The tree of the source's wheel, held until it is released. @throws the same */
  async #tree(source: BuildableSource, kind: WheelKind): Promise<PinnedTree> {
    const plan = await this.#plan(source, await this.#facts(source), kind);
    const { cache } = this.#options.context;
    let made: PinnedTree | undefined;
    try {
      return await cache.records.readOrProduce({
        bucket: 'builds',
        key: plan.key,
        resource: `${BUILD_RESOURCE} \`${source.subject}\``,
        signal: this.#options.options.signal,
        accept: (content) => this.#pinBuilt(content),
        produce: async () => {
          made = await this.#buildTree(plan);
          return formatBuilt(made);
        },
      });
    } finally {
      made?.release();
    }
  }

  #pinBuilt(content: Uint8Array): PinnedTree | undefined {
    const digest = parseBuilt(content);
    return digest === undefined ? undefined : this.#options.context.cache.trees.pin(digest);
  }

  /** Of a folder as it is; of any other source once for all processes. */
  async #facts(source: BuildableSource): Promise<SourceFacts> {
    if (source.isLocalFolder) {
      using opened = await source.open('');
      return sourceFacts(readFacts(opened.folder, source.subject), source.subject);
    }
    return await this.#options.context.cache.records.readOrProduce({
      bucket: 'metadata',
      key: digestOf(`source ${source.digest}`),
      resource: `the source of \`${source.subject}\``,
      signal: this.#options.options.signal,
      accept: (content) => sourceFacts(JSON.parse(Buffer.from(content).toString('utf8')) as FactsText, source.subject),
      produce: async () => {
        const { signal } = this.#options.options;
        const work = async ({ path }: WorkFolder): Promise<string> => {
          using opened = await source.open(path);
          return JSON.stringify(readFacts(opened.folder, source.subject));
        };
        const resource = `the source of \`${source.subject}\``;
        return await this.#options.context.cache.inWorkFolder({ resource, signal, work });
      },
    });
  }

  async #plan(source: BuildableSource, { system }: SourceFacts, kind: BuildKind): Promise<BuildPlan> {
    const { policy } = this.#options;
    const settings =
      (source.name === undefined ? undefined : policy.configSettingsOf.get(source.name)) ?? policy.configSettings;
    const environment = await this.#planEnvironment(source, { system, settings, kind });
    const parts = { source, kind, system, settings, environment };
    return { ...parts, key: this.#keyWith(parts, source.digest) };
  }

  async #planEnvironment(
    source: BuildableSource,
    { system, settings, kind }: Pick<BuildPlan, 'system' | 'settings' | 'kind'>,
  ): Promise<PlannedBuildEnvironment> {
    const { withoutIsolation } = this.#options.policy;
    if (withoutIsolation === 'all' || (source.name !== undefined && withoutIsolation.has(source.name)))
      return this.#targetEnvironment();
    const builder = this.#nested(source);
    try {
      const first = await this.#environments.plan(system.requires, builder);
      const further = await this.#furtherRequires(source, { system, settings, kind, environment: first });
      return further.length === 0 ? first : await this.#environments.plan([...system.requires, ...further], builder);
    } catch (error) {
      throw isNoSolution(error) ? new BuildRequirementsError(source.subject, error) : error;
    }
  }

  /** A builder for what the build of `source` needs. @throws {BuildCycleError} */
  #nested(source: BuildableSource): SourceBuilder {
    const name = source.name ?? source.subject;
    if (this.chain.includes(name)) throw new BuildCycleError([...this.chain, name]);
    return new SourceBuilder(this.#options, {
      chain: [...this.chain, name],
      environments: this.#environments,
      sources: this.#sources,
    });
  }

  #targetEnvironment(): PlannedBuildEnvironment {
    const { interpreter, installed, policy } = this.#options;
    const environment: BuildEnvironment = {
      key: digestOf(JSON.stringify(['no isolation', interpreter.executable, installed()])),
      python: interpreter.executable,
      variables: withoutPythonVariables(policy.variables),
      discardDamaged: () => Promise.resolve(undefined),
      [Symbol.dispose]: () => undefined,
    };
    return { key: environment.key, make: () => Promise.resolve(environment) };
  }

  async #furtherRequires(
    source: BuildableSource,
    plan: Pick<BuildPlan, 'system' | 'settings' | 'kind' | 'environment'>,
  ): Promise<readonly Requirement[]> {
    return await this.#options.context.cache.records.readOrProduce({
      bucket: 'metadata',
      key: buildKey(source.digest, { requires: plan.environment.key, settings: plan.settings, kind: plan.kind }),
      resource: `the build requirements of \`${source.subject}\``,
      signal: this.#options.options.signal,
      accept: (content) =>
        (JSON.parse(Buffer.from(content).toString('utf8')) as readonly string[]).map(parseRequirement),
      produce: async () => {
        const found = await this.#withJob({ ...plan, source }, requiresForBuild);
        return JSON.stringify(found.map(formatRequirement));
      },
    });
  }

  async #buildMetadata(plan: BuildPlan): Promise<string> {
    return await this.#withJob(plan, async (job) => {
      const folder = await prepareMetadata(job, join(job.workFolder, 'metadata'));
      if (folder !== undefined) return readFileSync(join(folder, 'METADATA'), 'utf8');
      using tree = await this.#buildInto(job, plan);
      return readFileSync(join(tree.folder, wheelNoteOf(tree).distInfo, 'METADATA'), 'utf8');
    });
  }

  async #buildTree(plan: BuildPlan): Promise<PinnedTree> {
    const { context, options } = this.#options;
    const { onEvent } = options;
    const { subject } = plan.source;
    const started = performance.now();
    onEvent({ type: 'build-started', subject });
    using log = openBuildLog(context.cache, plan.key);
    const tree = await this.#withJob(
      plan,
      async (job) => await this.#buildInto({ ...job, logPath: log.path ?? job.logPath }, plan),
    );
    onEvent({ type: 'build-finished', subject, elapsedMs: performance.now() - started });
    return tree;
  }

  async #buildInto(job: BuildJob, plan: BuildPlan): Promise<PinnedTree> {
    const { context, options } = this.#options;
    const path = await buildDistribution(job, join(job.workFolder, 'wheel'));
    if (path === undefined)
      throw new BackendAnswerError(
        job.subject,
        plan.kind === 'editable' ? 'does not support editable installs (PEP 660)' : 'cannot build wheels (PEP 517)',
      );
    options.onEvent({ type: 'step', name: 'build-wheel-ready', detail: job.subject });
    const filename = wheelName(path, job.subject);
    requireIdentity(plan.source, filename.name, filename.version);
    const tree = await context.distributions.takeWheel({ kind: 'local', filename, path, hashes: {} }, options.signal);
    options.onEvent({ type: 'step', name: 'build-tree-ready', detail: job.subject });
    this.#rememberOwnTraces(job, plan, tree);
    return tree;
  }

  /** A backend writes into a local tree (version files, for example): the tree as it is now gives the same wheel. */
  #rememberOwnTraces({ sourceFolder }: BuildJob, plan: BuildPlan, tree: PinnedTree): void {
    const { source } = plan;
    if (!source.isLocalFolder) return;
    const { policy, context } = this.#options;
    const now = digestOfFolder(sourceFolder, policy.variables);
    if (now !== source.digest) context.cache.records.write('builds', this.#keyWith(plan, now), formatBuilt(tree));
  }

  #keyWith({ kind, system, environment, settings }: Omit<BuildPlan, 'key'>, digest: Digest): Digest {
    const { policy, interpreter } = this.#options;
    return buildKey(digest, {
      kind,
      backend: [system.backend, ...system.backendPath],
      environment: environment.key,
      settings,
      interpreter: interpreterIdentity(interpreter),
      variables: decidingVariables(policy.variables),
    });
  }

  async #withJob<T>(
    plan: Pick<BuildPlan, 'source' | 'kind' | 'system' | 'settings' | 'environment'>,
    work: (job: BuildJob) => Promise<T>,
  ): Promise<T> {
    const { context, options } = this.#options;
    const { source, kind, system, settings } = plan;
    const { subject } = source;
    const { signal, onEvent } = options;
    const build = async ({ path }: WorkFolder): Promise<T> => {
      using environment = await plan.environment.make();
      onEvent({ type: 'step', name: 'build-environment-ready', detail: subject });
      using opened = await source.open(path);
      onEvent({ type: 'step', name: 'build-source-ready', detail: subject });
      const place = { sourceFolder: opened.folder, workFolder: path, logPath: join(path, 'build.log') };
      const job = { subject, kind, system, configSettings: settings, environment, signal, onEvent, ...place };
      return await blamingEnvironment(environment, () => work(job));
    };
    return await context.cache.inWorkFolder({ resource: `the build of \`${subject}\``, signal, work: build });
  }

  #checked(text: string, source: BuildableSource): DependencyMetadata {
    try {
      const metadata = parseDependencyMetadata(text);
      requireIdentity(source, metadata.name, metadata.version);
      return metadata;
    } catch (error) {
      if (error instanceof PackagingError)
        throw new BackendAnswerError(source.subject, `gives invalid metadata: ${error.message}`);
      throw error;
    }
  }
}

/** Told by its code: the module of the error is the resolver's, and no build that resolves nothing loads it. */
function isNoSolution(error: unknown): boolean {
  return error instanceof OperationalError && error.code === 'NO_SOLUTION';
}

function buildKey(digest: Digest, parts: Readonly<Record<string, unknown>>): Digest {
  return digestOf(JSON.stringify([digest, parts]));
}

function sourcesOf({ context, policy, options, folder, editables }: SourceBuilderOptions): BuildSources {
  const { cache, http } = context;
  const isOffline = context.options.network.offline;
  return new BuildSources(
    { cache, http, variables: policy.variables, isOffline, signal: options.signal },
    { folder, editables },
  );
}
