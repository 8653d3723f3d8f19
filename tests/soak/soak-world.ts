/** The place of one episode: a cache, an index, a seat with an environment for each worker, and an environment of all. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { startLocalIndex } from '../support/local-index.ts';
import type { LocalIndex } from '../support/local-index.ts';
import { anyPython } from '../support/python-tools.ts';
import { mountReadOnly } from '../support/scoped-mounts.ts';
import { writeSourceProject } from '../support/source-project.ts';
import { LastWriters } from './last-writers.ts';
import { NATIVE, soakDistributions } from './soak-distributions.ts';
import { SoakDisk } from './soak-disk.ts';

/** What is special about an episode. */
export type Kind = 'plain' | 'full-disk' | 'read-only' | 'two-users';

export interface Seat {
  readonly number: number;
  readonly folder: string;
  readonly environment: string;
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
  /** Words before the program. */
  readonly wrapper: readonly string[];
}

/** A Python that every user may run. */
const COMMON_PYTHON = '/usr/bin/python3';
const GROUP = 64_000;
const USERS = [
  { uid: 64_001, umask: '022' },
  { uid: 64_002, umask: '077' },
] as const;
const SEATS = 4;

/** What is not possible on this machine is left out. */
export function possibleKinds(): readonly Kind[] {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return ['plain'];
  return ['plain', 'full-disk', 'read-only', ...(existsSync(COMMON_PYTHON) ? (['two-users'] as const) : [])];
}

export interface WorldOptions {
  readonly kind: Kind;
  /** An empty folder for it. */
  readonly folder: string;
  /** The executable under test. */
  readonly program: string;
}

export class SoakWorld implements AsyncDisposable {
  readonly kind: Kind;
  readonly folder: string;
  readonly program: string;
  readonly python: string;
  readonly index: LocalIndex;
  readonly disk: SoakDisk;
  readonly seats: readonly Seat[];
  readonly cache: string;
  /** Where entries are made: the cache, or the layer above one that can only be read. */
  readonly writableCache: string;
  /** An environment that all seats change, and who has written what there; `undefined` where users may not share one. */
  readonly shared: { readonly environment: string; readonly writers: LastWriters } | undefined;
  /** Something in the cache was damaged. */
  isDamaged = false;
  readonly #undo = new DisposableStack();

  static async make(options: WorldOptions): Promise<SoakWorld> {
    return new SoakWorld(options, await startLocalIndex({ distributions: soakDistributions() }));
  }

  private constructor({ kind, folder, program }: WorldOptions, index: LocalIndex) {
    this.kind = kind;
    this.folder = folder;
    this.program = program;
    this.index = index;
    this.python = kind === 'two-users' ? COMMON_PYTHON : anyPython();
    chmodSync(folder, 0o755);
    this.disk = this.#undo.use(new SoakDisk(kind === 'full-disk' ? folder : undefined));
    this.cache = join(folder, 'cache');
    this.writableCache = kind === 'read-only' ? join(folder, 'home', '.cache', 'shoal') : this.cache;
    for (const name of ['home', 'tmp']) makeOpenFolder(join(folder, name));
    this.seats = Array.from({ length: SEATS }, (_, number) => this.#seat(number));
    this.shared =
      kind === 'two-users' ? undefined : { environment: this.makeEnvironment('shared'), writers: new LastWriters() };
    if (kind === 'read-only') this.#fillAndLock();
    if (kind === 'two-users') makeGroupFolder(this.cache);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#undo.dispose();
    await this.index.close();
  }

  /** A fresh environment. All are copies of one, because making one takes a Python's start. */
  makeEnvironment(name: string, user?: Seat['user']): string {
    const template = join(this.folder, 'template');
    if (!existsSync(template)) execFileSync(this.python, ['-m', 'venv', '--without-pip', '--symlinks', template]);
    const root = join(this.folder, name);
    cpSync(template, root, { recursive: true, verbatimSymlinks: true });
    if (user !== undefined) execFileSync('chown', ['-R', `${user.uid}:${user.gid}`, root]);
    return root;
  }

  /** Apart from everything of this machine but its Pythons. */
  variables(cache: string = this.cache): Readonly<Record<string, string>> {
    return {
      PATH: [dirname(this.python), '/usr/bin', '/bin'].join(':'),
      HOME: join(this.folder, 'home'),
      TMPDIR: join(this.folder, 'tmp'),
      SHOAL_CACHE_DIR: cache,
      UV_DEFAULT_INDEX: this.index.url,
      UV_PYTHON_DOWNLOADS: 'never',
      UV_NO_CONFIG: '1',
    };
  }

  #seat(number: number): Seat {
    const identity = this.kind === 'two-users' ? USERS[number % USERS.length] : undefined;
    const user = identity === undefined ? undefined : { uid: identity.uid, gid: GROUP };
    const folder = join(this.folder, `seat-${number}`);
    writeSourceProject(join(folder, 'project'), NATIVE);
    if (user !== undefined) execFileSync('chown', ['-R', `${user.uid}:${user.gid}`, folder]);
    return {
      number,
      folder,
      environment: this.makeEnvironment(`environment-${number}`, user),
      user,
      wrapper: identity === undefined ? [] : ['sh', '-c', `umask ${identity.umask}; exec "$@"`, 'sh'],
    };
  }

  /** Some of what will be wanted is there already. */
  #fillAndLock(): void {
    const words = ['pip', 'install', '-p', this.makeEnvironment('filler'), 'app', 'large==1.0', 'native'];
    spawnSync(this.program, words, { env: this.variables(), stdio: 'ignore' });
    this.#undo.use(mountReadOnly(this.cache));
  }
}

function makeOpenFolder(path: string): void {
  mkdirSync(path);
  chmodSync(path, 0o1777);
}

function makeGroupFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path);
  chownSync(path, 0, GROUP);
  chmodSync(path, 0o2770);
}
