/** One installed distribution; its files are read when they are asked for, metadata at most once. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasErrorCode, OperationalError } from '@shoal/cache';
import {
  PackagingError,
  parseApplicableRequirements,
  parseCoreMetadata,
  parseDirectUrl,
  parseRecord,
} from '@shoal/packaging';
import type { CoreMetadata, DirectUrl, NormalizedName, RecordRow, Version } from '@shoal/packaging';
import type { InstalledEntry, InstalledKind } from './installed-entry.ts';
import { readIfPresent } from '../host/read-if-present.ts';

/** A file of an installed distribution is missing or cannot be understood. */
export class BrokenDistributionError extends OperationalError {
  override readonly code = 'BROKEN_DISTRIBUTION';
  readonly path: string;

  constructor(distribution: string, path: string, cause: unknown) {
    const reason = cause instanceof PackagingError ? cause.message : 'the file is missing';
    super(`Failed to read metadata of installed \`${distribution}\` from \`${path}\`: ${reason}`, {
      cause,
      hint: 'Install it again, e.g., with `shoal pip install --reinstall`',
    });
    this.path = path;
  }
}

export class InstalledDistribution {
  readonly name: NormalizedName;
  readonly version: Version;
  /** As its `.dist-info` or `.egg-info` spells it. */
  readonly writtenName: string;
  readonly kind: InstalledKind;
  /** Absolute path of the `.dist-info`, `.egg-info` or `.egg-link`. */
  readonly path: string;
  readonly sitePackages: string;
  readonly #entry: InstalledEntry;
  #metadata: CoreMetadata | undefined;
  #directUrl: { readonly value: DirectUrl | undefined } | undefined;

  constructor(entry: InstalledEntry, sitePackages: string) {
    this.name = entry.name;
    this.version = entry.version;
    this.writtenName = entry.writtenName;
    this.kind = entry.kind;
    this.path = entry.path;
    this.sitePackages = sitePackages;
    this.#entry = entry;
  }

  /** @throws {BrokenDistributionError} when it is missing or not understood. */
  metadata(): CoreMetadata {
    this.#metadata ??= this.#parse(this.#entry.metadataPath, parseCoreMetadata);
    return this.#metadata;
  }

  /** What it requires when it is asked for with `extras`, and those of them that it knows. @throws {BrokenDistributionError} */
  requirementsWith(extras: ReadonlySet<NormalizedName>): ReturnType<typeof parseApplicableRequirements> {
    return this.#parse(this.#entry.metadataPath, (text) => parseApplicableRequirements(text, extras));
  }

  /** Where it came from when no index gave it (PEP 610). @throws {BrokenDistributionError} when the file is not understood. */
  directUrl(): DirectUrl | undefined {
    if (this.kind !== 'dist-info') return undefined;
    this.#directUrl ??= { value: this.#parseIfPresent(join(this.path, 'direct_url.json'), parseDirectUrl) };
    return this.#directUrl.value;
  }

  /** The source folder of an editable install (PEP 660, or an egg link); `undefined` for any other. */
  editableFolder(): string | undefined {
    if (this.kind === 'egg-link') return this.#entry.linkedFolder;
    const source = this.directUrl();
    if (source?.origin.kind !== 'directory' || !source.origin.editable) return undefined;
    return fileURLToPath(source.url);
  }

  /** The name of the program that installed it, from INSTALLER. */
  installer(): string | undefined {
    return this.#text('INSTALLER')?.trim() || undefined;
  }

  /** What it remembers of the local folder that it was built from, in uv's words; `undefined` when nothing. */
  uvCacheInfo(): string | undefined {
    return this.#text('uv_cache.json');
  }

  /** Whether someone asked for it, rather than for something that needs it. */
  requested(): boolean {
    return this.kind === 'dist-info' && existsSync(join(this.path, 'REQUESTED'));
  }

  /** Its files; `undefined` when it has no RECORD. @throws {BrokenDistributionError} when RECORD is not understood. */
  record(): RecordRow[] | undefined {
    if (this.kind !== 'dist-info') return undefined;
    return this.#parseIfPresent(join(this.path, 'RECORD'), parseRecord);
  }

  /** A file beside the metadata, as text. */
  #text(file: string): string | undefined {
    return this.kind === 'dist-info' ? readIfPresent(join(this.path, file)) : undefined;
  }

  #parseIfPresent<T>(path: string, parse: (text: string) => T): T | undefined {
    const text = readIfPresent(path);
    return text === undefined ? undefined : this.#understand(path, () => parse(text));
  }

  #parse<T>(path: string, parse: (text: string) => T): T {
    return this.#understand(path, () => parse(readFileSync(path, 'utf8')));
  }

  #understand<T>(path: string, act: () => T): T {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof PackagingError) && !hasErrorCode(error, 'ENOENT', 'ENOTDIR')) throw error;
      throw new BrokenDistributionError(`${this.name}==${this.version.text}`, path, error);
    }
  }
}
