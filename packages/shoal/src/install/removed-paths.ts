/**
 * What an uninstall removes, as a tree of names: from RECORD for a `.dist-info`, from `top_level.txt` for an `.egg-info`, from
 * the link itself for a legacy editable. Only paths inside the environment's scheme get in; the rest is warned about once.
 */
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { formatVersion } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import { UninstallError } from './install-errors.ts';
import type { InstallListener } from './install-event.ts';
import type { InstallScheme, Removal } from './install-target.ts';
import { isSoundRecord, splitRecord } from './record-lines.ts';
import { isInside, realPathOf } from './stage-area.ts';
import { readIfPresent } from '../host/read-if-present.ts';

/** A folder's names; `whole`: everything of that name, file or folder. */
export type RemovedNode = 'whole' | RemovedFolder;
export type RemovedFolder = Map<string, RemovedNode>;

/** All removals of one plan. */
export interface RemovedPaths {
  /** From the root of the file system. */
  readonly root: RemovedFolder;
  /** Absolute `.dist-info`, `.egg-info`, `.egg-link`, and the distribution that each claims. */
  readonly claims: ReadonlyMap<string, NormalizedName>;
  /** Files that lose a line instead: absolute path to new content. */
  readonly rewritten: ReadonlyMap<string, string>;
}

export interface RemovalOptions {
  /** Resolved. */
  readonly scheme: InstallScheme;
  /** A distribution without the list of its files: warn and leave its files, or refuse. */
  readonly missingRecord: 'warn' | 'refuse';
  readonly onEvent?: InstallListener | undefined;
}

/** @throws {UninstallError} for distutils distributions, and for unreadable lists when those are refused. */
export function collectRemovedPaths(removals: readonly Removal[], options: RemovalOptions): RemovedPaths {
  const collector = new Collector(options);
  for (const removal of removals) {
    const sitePackages = realPathOf(removal.sitePackages);
    collector.add({ ...removal, sitePackages, path: posix.join(sitePackages, posix.basename(removal.path)) });
  }
  return collector;
}

class Collector implements RemovedPaths {
  readonly root: RemovedFolder = new Map();
  readonly claims = new Map<string, NormalizedName>();
  readonly rewritten = new Map<string, string>();
  readonly #options: RemovalOptions;
  readonly #schemeFolders: readonly string[];

  constructor(options: RemovalOptions) {
    this.#options = options;
    this.#schemeFolders = [...new Set(Object.values(options.scheme) as string[])];
  }

  add(removal: Removal): void {
    if (removal.kind === 'dist-info') this.#addWheel(removal);
    else if (removal.kind === 'egg-info-folder') this.#addEgg(removal);
    else if (removal.kind === 'egg-link') this.#addLegacyEditable(removal);
    else
      throw new UninstallError(
        removal.name,
        `Unable to uninstall \`${label(removal)}\`. distutils-installed distributions do not include the metadata required to uninstall safely.`,
      );
  }

  #addWheel(removal: Removal): void {
    const text = this.#readList(removal, 'RECORD');
    if (text === undefined) return;
    const lines = splitRecord(text);
    if (!isSoundRecord(text, lines))
      throw new UninstallError(removal.name, `\`RECORD\` file is invalid: ${removal.path}/RECORD`);
    let isWarned = false;
    for (const { path } of lines) {
      const absolute = isPlain(path) ? `${removal.sitePackages}/${path}` : posix.join(removal.sitePackages, path);
      if (this.#isRemovable(absolute)) this.#insert(absolute);
      else if (!isWarned) {
        isWarned = true;
        this.#warn(`Invalid RECORD entry in ${label(removal)} that escapes the Python environment, skipping: ${path}`);
      }
    }
    this.#claim(removal);
  }

  #addEgg(removal: Removal): void {
    const text = this.#readList(removal, 'top_level.txt');
    if (text === undefined) return;
    const namespaces = new Set(linesOf(readIfPresent(`${removal.path}/namespace_packages.txt`) ?? ''));
    for (const name of linesOf(text)) {
      if (namespaces.has(name)) continue;
      if (!/^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(name)) {
        this.#warn(
          `Invalid \`top_level.txt\` entry in ${label(removal)} that is not a top-level module or package, skipping: ${name}`,
        );
        continue;
      }
      for (const suffix of ['', '.py', '.pyc', '.pyo']) this.#insert(`${removal.sitePackages}/${name}${suffix}`);
    }
    this.#claim(removal);
  }

  /** `setup.py develop`: the link goes, and its line in `easy-install.pth`. */
  #addLegacyEditable(removal: Removal): void {
    const target = linesOf(readFileSync(removal.path, 'utf8'))[0];
    if (target === undefined) throw new UninstallError(removal.name, `Invalid egg-link: \`${removal.path}\``);
    this.#claim(removal);
    const list = `${removal.sitePackages}/easy-install.pth`;
    const text = this.rewritten.get(list) ?? readIfPresent(list);
    if (text === undefined) return;
    const lines = text.split(/\r?\n/);
    const found = lines.findIndex((line) => line.trim() === target);
    if (found >= 0) this.rewritten.set(list, lines.toSpliced(found, 1).join('\n'));
  }

  #readList(removal: Removal, name: 'RECORD' | 'top_level.txt'): string | undefined {
    const path = `${removal.path}/${name}`;
    const text = readIfPresent(path);
    if (text !== undefined) return text;
    if (this.#options.missingRecord === 'refuse')
      throw new UninstallError(removal.name, `Cannot uninstall package; \`${name}\` file not found at: ${path}`);
    this.#warn(
      `Failed to uninstall package at ${removal.path} due to missing \`${name}\` file. Installation may result in an incomplete environment.`,
    );
    return undefined;
  }

  #claim({ path, name }: Removal): void {
    this.claims.set(path, name);
    this.#insert(path);
  }

  /** Strictly below a folder of the scheme, and no folder of the scheme itself nor one above it. */
  #isRemovable(path: string): boolean {
    return (
      this.#schemeFolders.some((folder) => path.startsWith(`${folder}/`)) &&
      !this.#schemeFolders.some((folder) => isInside(folder, path))
    );
  }

  #insert(path: string): void {
    let folder = this.root;
    let start = 1;
    for (;;) {
      const slash = path.indexOf('/', start);
      if (slash < 0) break;
      const name = path.slice(start, slash);
      let next = folder.get(name);
      if (next === 'whole') return;
      if (next === undefined) folder.set(name, (next = new Map<string, RemovedNode>()));
      folder = next;
      start = slash + 1;
    }
    if (start < path.length) folder.set(path.slice(start), 'whole');
  }

  #warn(message: string): void {
    this.#options.onEvent?.({ type: 'warning', message });
  }
}

function label({ name, version }: Removal): string {
  return `${name}==${formatVersion(version)}`;
}

/** Is this a normalized relative path that stays below its folder? */
function isPlain(path: string): boolean {
  return !path.includes('./') && !path.includes('//') && !path.endsWith('/') && !path.endsWith('.') && path !== '';
}

function linesOf(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
