/**
 * Remembers in an environment what the local folders looked like that its distributions were built from, so that an edited
 * project is built and installed again, and an unchanged one is not.
 *
 * As uv's default `cache-keys`: `pyproject.toml`, `setup.py`, `setup.cfg`, and whether there is a `src`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestOf, hasErrorCode, writeFileAtomic } from '@shoal/cache';
import type { DirectUrl, NormalizedName } from '@shoal/packaging';
import { uvCacheInfo } from '../environment/uv-cache-info.ts';
import type { InstalledDistribution } from '../environment/site-packages.ts';
import { statIfPresent } from '../host/stat-if-present.ts';

export interface RememberedSource {
  readonly name: NormalizedName;
  /** Where it came from; `undefined` for what an index gave. */
  readonly directUrl: DirectUrl | undefined;
}

const FILE = '.shoal-sources';
const DECIDING = ['pyproject.toml', 'setup.py', 'setup.cfg'] as const;

/** The caller holds the lock of the environment. */
export class SourceMemory {
  readonly #path: string;
  readonly #known: ReadonlyMap<string, string>;

  private constructor(path: string, known: ReadonlyMap<string, string>) {
    this.#path = path;
    this.#known = known;
  }

  /** @param root Of the environment. */
  static of(root: string): SourceMemory {
    const path = join(root, FILE);
    return new SourceMemory(path, readKnown(path));
  }

  /** True as well for what is no local folder: it does not change. @param installed What is there under that name. */
  isUnchanged(source: RememberedSource, installed: InstalledDistribution | undefined): boolean {
    const facts = factsOf(source);
    if (facts === undefined || this.#known.get(source.name) === facts) return true;
    // uv has installed it.
    const info = installed?.uvCacheInfo();
    return (
      info !== undefined && source.directUrl !== undefined && info === uvCacheInfo(fileURLToPath(source.directUrl.url))
    );
  }

  /** All of `sources` are installed as their folders are now. */
  remember(sources: readonly RememberedSource[]): void {
    const facts = sources.flatMap((source) => {
      const found = factsOf(source);
      return found === undefined ? [] : [[source.name, found] as const];
    });
    const now = JSON.stringify(Object.fromEntries(facts));
    if (now === JSON.stringify(Object.fromEntries(this.#known))) return;
    writeFileAtomic(this.#path, now);
  }
}

function readKnown(path: string): ReadonlyMap<string, string> {
  try {
    const stored: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof stored !== 'object' || stored === null) return new Map();
    return new Map(Object.entries(stored).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch (error) {
    if (error instanceof SyntaxError || hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return new Map();
    throw error;
  }
}

/** `undefined` for what is no local folder. */
function factsOf({ directUrl }: RememberedSource): string | undefined {
  if (directUrl?.origin.kind !== 'directory') return undefined;
  const folder = fileURLToPath(directUrl.url);
  const files = DECIDING.map((name) => {
    const found = statIfPresent(join(folder, name));
    return found === undefined ? '' : `${found.ino} ${found.size} ${found.mtimeMs}`;
  });
  const hasSource = statIfPresent(join(folder, 'src'))?.isDirectory() === true;
  return digestOf(JSON.stringify([directUrl.url, files, hasSource]));
}
