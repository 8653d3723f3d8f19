/**
 * Where each file of one wheel goes (binary distribution format, "Installing a wheel"): what is linked as it is, what is
 * written anew, and the RECORD of the result. Reads the scripts of the wheel; changes nothing.
 */
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { sha256 } from '@shoal/cache';
import { DamagedTreeError, InvalidWheelError } from './install-errors.ts';
import type { Addition, InstallScheme, InstallTarget } from './install-target.ts';
import type { InstallListener } from './install-event.ts';
import { joinRecord, splitRecord } from './record-lines.ts';
import type { RecordLine } from './record-lines.ts';
import { formatLauncher, isActivationName, launchersOf, requireFreeName, rewriteScript } from './scripts.ts';
import type { ScriptHost } from './scripts.ts';

/** Files that go from one folder of the tree to one folder of the environment under the same relative paths. */
export interface LinkGroup {
  readonly from: string;
  readonly to: string;
  readonly files: LinkedFile[];
}

export interface LinkedFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** What its modification time is when nobody has written to it since it was cached; absent where that is not known. */
  readonly modifiedMs?: number;
}

export interface WrittenFile {
  /** Absolute path in the environment. */
  readonly path: string;
  readonly content: string | Uint8Array;
  readonly executable: boolean;
  /** Worth waiting for the disk: a power cut must not leave it empty. */
  readonly durable: boolean;
}

export interface WheelLayout {
  readonly addition: Addition;
  /** Absolute path of the `.dist-info` to be. */
  readonly distInfo: string;
  readonly groups: readonly LinkGroup[];
  readonly written: WrittenFile[];
  /** Made when it is asked for: it is long, and linking can go on meanwhile. */
  readonly record: () => WrittenFile;
}

export interface LayoutOptions {
  readonly target: InstallTarget;
  /** Content of INSTALLER; `undefined` leaves INSTALLER, REQUESTED and direct_url.json away. */
  readonly installer: string | undefined;
  readonly onEvent?: InstallListener | undefined;
}

/** @throws {InvalidWheelError} {ReservedScriptNameError} */
export function layOutWheel(addition: Addition, options: LayoutOptions): WheelLayout {
  const draft = new LayoutDraft(addition, options);
  draft.sortFiles();
  draft.addLaunchers();
  draft.addInstallerFiles();
  return draft.finish();
}

const DATA_KINDS: readonly (keyof InstallScheme)[] = ['purelib', 'platlib', 'scripts', 'data', 'headers'];

class LayoutDraft {
  readonly #addition: Addition;
  readonly #options: LayoutOptions;
  readonly #site: string;
  readonly #host: ScriptHost;
  readonly #groups: LinkGroup[] = [];
  readonly #written: WrittenFile[] = [];
  readonly #added: RecordLine[] = [];
  /** Path in the wheel to its row in the environment, where the two differ. */
  readonly #moved = new Map<string, { readonly path: string; readonly rest?: string }>();
  /** Files of the wheel that are not linked because we write them. */
  readonly #replaced: Set<string>;
  readonly #launcherNames: ReadonlySet<string>;

  constructor(addition: Addition, options: LayoutOptions) {
    const { wheel } = addition;
    const { scheme, interpreter, relocatable = false } = options.target;
    this.#addition = addition;
    this.#options = options;
    this.#site = wheel.rootIsPurelib ? scheme.purelib : scheme.platlib;
    this.#host = { executable: interpreter.executable, scripts: scheme.scripts, relocatable };
    this.#replaced = new Set(
      ['RECORD', ...(options.installer === undefined ? [] : ['INSTALLER', 'REQUESTED', 'direct_url.json'])].map(
        (name) => `${wheel.distInfo}/${name}`,
      ),
    );
    this.#launcherNames = new Set(wheel.entryPoints.map(({ name }) => name));
  }

  /** One pass over the manifest: the root of the wheel, and each folder of its `.data`. */
  sortFiles(): void {
    const { tree, wheel } = this.#addition;
    const root: LinkGroup = { from: tree.folder, to: this.#site, files: [] };
    this.#groups.push(root);
    const data = wheel.dataFolder === undefined ? undefined : `${wheel.dataFolder}/`;
    const distInfo = `${wheel.distInfo}/`;
    for (const file of tree.manifest.files) {
      if (data !== undefined && file.path.startsWith(data)) this.#sortDataFile(file, data);
      else if (!file.path.startsWith(distInfo) || !this.#replaced.has(file.path)) root.files.push(file);
    }
  }

  #sortDataFile(file: LinkedFile & { readonly executable: boolean }, data: string): void {
    const { wheel, tree } = this.#addition;
    const slash = file.path.indexOf('/', data.length);
    const kind = DATA_KINDS.find((known) => known === file.path.slice(data.length, slash < 0 ? undefined : slash));
    if (kind === undefined || slash < 0)
      throw new InvalidWheelError(wheel.filename, `Unknown wheel data type: ${file.path.slice(data.length)}`);
    const rest = file.path.slice(slash + 1);
    if (kind === 'scripts') return this.#sortScript(file, rest);
    const { scheme } = this.#options.target;
    const to = kind === 'headers' ? posix.join(scheme.headers, this.#addition.name) : scheme[kind];
    if (posix.dirname(posix.join(to, rest)) === scheme.scripts) requireFreeName(wheel.filename, posix.basename(rest));
    this.#groupOf(`${tree.folder}/${data}${kind}`, to).files.push({ ...file, path: rest });
    this.#moved.set(file.path, { path: posix.relative(this.#site, `${to}/${rest}`) });
  }

  #sortScript(file: LinkedFile & { readonly executable: boolean }, name: string): void {
    const { wheel, tree } = this.#addition;
    if (name.includes('/'))
      throw new InvalidWheelError(
        wheel.filename,
        `Wheel contains an invalid entry (directory) in the \`scripts\` directory: ${name}`,
      );
    if (this.#launcherNames.has(name.replace(/(?:\.exe|-script\.py|\.pya)$/, ''))) return;
    requireFreeName(wheel.filename, name);
    const target = `${this.#host.scripts}/${name}`;
    const path = posix.relative(this.#site, target);
    const content = readFileSync(`${tree.folder}/${file.path}`);
    if (content.length !== file.sizeBytes)
      throw new DamagedTreeError(
        wheel.filename,
        `${tree.folder}/${file.path}`,
        'has another size than its manifest says',
      );
    const rewritten = rewriteScript(content, this.#host);
    if (rewritten === undefined && file.executable) {
      const folder = `${tree.folder}/${wheel.dataFolder ?? ''}/scripts`;
      this.#groupOf(folder, this.#host.scripts).files.push({ ...file, path: name });
    } else this.#written.push({ path: target, content: rewritten ?? content, executable: true, durable: true });
    this.#moved.set(file.path, { path, ...(rewritten === undefined ? {} : { rest: hashAndSize(rewritten) }) });
  }

  #groupOf(from: string, to: string): LinkGroup {
    const known = this.#groups.find((group) => group.from === from);
    if (known !== undefined) return known;
    const group: LinkGroup = { from, to, files: [] };
    this.#groups.push(group);
    return group;
  }

  addLaunchers(): void {
    const { interpreter } = this.#options.target;
    for (const launcher of launchersOf(this.#addition.wheel, interpreter.version.release[1] ?? 0)) {
      if (isActivationName(launcher.name))
        this.#options.onEvent?.({
          type: 'warning',
          message: `The script name \`${launcher.name}\` is reserved for virtual environment activation scripts.`,
        });
      this.#write(`${this.#host.scripts}/${launcher.name}`, formatLauncher(this.#host, launcher), true);
    }
  }

  addInstallerFiles(): void {
    const { installer } = this.#options;
    if (installer === undefined) return;
    const { directUrl, uvCacheInfo, wheel } = this.#addition;
    const folder = `${this.#site}/${wheel.distInfo}`;
    this.#write(`${folder}/REQUESTED`, '');
    if (directUrl !== undefined) this.#write(`${folder}/direct_url.json`, directUrl);
    if (uvCacheInfo !== undefined) this.#write(`${folder}/uv_cache.json`, uvCacheInfo);
    this.#write(`${folder}/INSTALLER`, installer);
  }

  #write(path: string, content: string, executable = false): void {
    this.#written.push({ path, content, executable, durable: content !== '' });
    this.#added.push({ path: posix.relative(this.#site, path), rest: hashAndSize(content) });
  }

  finish(): WheelLayout {
    return {
      addition: this.#addition,
      distInfo: `${this.#site}/${this.#addition.wheel.distInfo}`,
      groups: this.#groups,
      written: this.#written,
      record: () => this.#record(),
    };
  }

  #record(): WrittenFile {
    const { wheel } = this.#addition;
    const own = `${wheel.distInfo}/RECORD`;
    const rows: RecordLine[] = [...this.#added];
    for (const line of splitRecord(wheel.record)) {
      const moved = this.#moved.size === 0 ? undefined : this.#moved.get(line.path);
      if (moved !== undefined) rows.push({ path: moved.path, rest: moved.rest ?? line.rest });
      else if (line.path === own || !this.#replaced.has(line.path)) rows.push(line);
    }
    return { path: `${this.#site}/${own}`, content: joinRecord(rows), executable: false, durable: true };
  }
}

const EMPTY = ',sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0';

function hashAndSize(content: string | Buffer): string {
  if (content.length === 0) return EMPTY;
  return `,sha256=${sha256(content, 'base64url')},${Buffer.byteLength(content)}`;
}
