/**
 * Resolving for one environment, once for all commands that ask the same of the same index pages: the answer is kept in the
 * cache beside the pages that it rests on, and holds for as long as each of them is there, unchanged and fresh.
 *
 * Only what indexes alone decide is kept. What a source names by URL or path, what has to be built to be known, and places
 * that are listed anew each time are resolved each time.
 */
import { CacheFullError, CacheUnwritableError, digestOf } from '@shoal/cache';
import type { Digest, JsonValue } from '@shoal/cache';
import { formatRequirement } from '@shoal/packaging';
import type { MarkerEnvironment, NormalizedName } from '@shoal/packaging';
import { PageRecord } from '../index/page-record.ts';
import type { UsedPage } from '../index/project-pages.ts';
import type { Provider } from '../resolve/provider.ts';
import type { Resolution } from '../resolve/resolution.ts';
import type { SourcedRequirement } from '../resolve/resolve-input.ts';
import { restoreResolution, storeResolution } from '../resolve/stored-resolution.ts';
import type { StoredResolution } from '../resolve/stored-resolution.ts';
import type { Context } from './context.ts';

/** Rises whenever the same question may be answered otherwise, or the answer is written otherwise. */
const FORMAT = 1;
/** An answer this long takes longer to read than to find again. */
const MOST_BYTES = 8 * 1024 ** 2;

interface StoredAnswer {
  readonly format: typeof FORMAT;
  readonly pages: readonly (readonly [key: string, identity: string])[];
  readonly madeMs: number;
  readonly freshUntilMs: number;
  readonly resolution: StoredResolution;
}

export interface ResolutionQuestion {
  /** All that decides the answer but the lists of requirements and the contents of indexes. */
  readonly policy: JsonValue;
  readonly markers: MarkerEnvironment;
  readonly requirements: readonly SourcedRequirement[];
  readonly constraints: readonly SourcedRequirement[];
  readonly overrides: readonly SourcedRequirement[];
}

/** The answer that is known, else what `resolveAnew` finds with the provider that it is given. */
export async function rememberedResolution(
  question: ResolutionQuestion,
  { context, provider }: { readonly context: Context; readonly provider: Provider },
  resolveAnew: (provider: Provider) => Promise<Resolution>,
): Promise<Resolution> {
  if (!isDecidedByPages(question, context)) return await resolveAnew(provider);
  const key = keyOf(question, context);
  const known = readAnswer(key, context);
  if (known !== undefined) return restoreResolution(known, question);
  const watched = watch(provider);
  const resolution = await resolveAnew(watched.provider);
  if (!watched.readsSources()) writeAnswer(key, { resolution, context });
  return resolution;
}

function isDecidedByPages(question: ResolutionQuestion, { options: { indexes, network } }: Context): boolean {
  if (indexes.refresh !== 'none' || indexes.flat.length > 0 || indexes.noIndex || network.offline) return false;
  const lists = [question.requirements, question.constraints, question.overrides];
  return lists.flat().every(({ requirement, index }) => requirement.url === undefined && index?.kind !== 'flat');
}

function keyOf(
  { policy, markers, requirements, constraints, overrides }: ResolutionQuestion,
  { options: { indexes } }: Context,
): Digest {
  const lists = [requirements, constraints, overrides].map((list) =>
    list.map(({ requirement, index }) => [formatRequirement(requirement), index?.url ?? '']),
  );
  return digestOf(JSON.stringify([FORMAT, policy, markers, lists, indexes.strategy, indexes.indexes]));
}

/** The provider, and whether anything but wheels of indexes was asked about. */
function watch(provider: Provider): { readonly provider: Provider; readonly readsSources: () => boolean } {
  let readsSources = false;
  return {
    provider: {
      fetchProject: (name, index) => provider.fetchProject(name, index),
      fetchDependencies: (file) => {
        if (file.filename.kind === 'sdist') readsSources = true;
        return provider.fetchDependencies(file);
      },
      fetchUrlDependencies: (source) => {
        readsSources = true;
        return provider.fetchUrlDependencies(source);
      },
    },
    readsSources: () => readsSources,
  };
}

function readAnswer(key: Digest, { cache: { records } }: Context): StoredResolution | undefined {
  const content = records.read('resolutions', key);
  if (content === undefined) return undefined;
  const answer: StoredAnswer = JSON.parse(Buffer.from(content).toString('utf8'));
  const nowMs = Date.now();
  if (answer.format !== FORMAT || nowMs >= answer.freshUntilMs || nowMs < answer.madeMs) return undefined;
  const holds = answer.pages.every(([page, identity]) => records.identity('pages', page) === identity);
  return holds ? answer.resolution : undefined;
}

function writeAnswer(key: Digest, { resolution, context }: { resolution: Resolution; context: Context }): void {
  const pages = context.index.usedPages();
  const stored = storeResolution(resolution);
  if (pages === undefined || stored === undefined) return;
  const identified = identify(pages, context);
  if (identified === undefined) return;
  const answer: StoredAnswer = {
    format: FORMAT,
    pages: identified,
    madeMs: Date.now(),
    freshUntilMs: Math.min(...pages.map(({ freshUntilMs }) => freshUntilMs)),
    resolution: stored,
  };
  const text = JSON.stringify(answer);
  if (answer.madeMs >= answer.freshUntilMs || text.length > MOST_BYTES) return;
  try {
    context.cache.records.write('resolutions', key, text);
  } catch (error) {
    if (!(error instanceof CacheUnwritableError || error instanceof CacheFullError)) throw error;
  }
}

/** `undefined` when one of the pages is no longer the one that was used. */
function identify(pages: readonly UsedPage[], { cache: { records } }: Context): StoredAnswer['pages'] | undefined {
  const found: (readonly [string, string])[] = [];
  for (const { key, fetchedMs } of pages) {
    const identity = records.identity('pages', key);
    const content = records.read('pages', key);
    if (
      identity === undefined ||
      content === undefined ||
      PageRecord.parse(nameOf(key), content)?.header.freshness.fetchedMs !== fetchedMs
    )
      return undefined;
    found.push([key, identity]);
  }
  return found;
}

/** A page's key ends with the name of its project. */
function nameOf(key: string): NormalizedName {
  return key.slice(key.lastIndexOf('/') + 1) as NormalizedName;
}
