/**
 * The facts about the mount that a cache's root lies on. They are looked for when something is first made or collected in
 * it (reading needs none of them), found in the root in one small file, and probed when there is none for this mount.
 *
 * The file is named after the start of the machine, the device and the type, and for mounts that are not local after the
 * mount and its options; so each host has its own, all containers of a host share theirs, and a changed mount has none.
 */
import { readFileSync, realpathSync, statfsSync, statSync, utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { currentBootId } from './boot-id.ts';
import { digestOf } from './digest.ts';
import type { Digest } from './digest.ts';
import { CacheFullError, CacheUnwritableError, hasErrorCode } from './errors.ts';
import type { EventListener } from './events.ts';
import { fileSystemType } from './file-system-kind.ts';
import type { FileSystemType } from './file-system-kind.ts';
import { findMount } from './mount-entry.ts';
import type { MountEntry } from './mount-entry.ts';
import { lacksOf, lockScopeOf, trustsLocks } from './mount-facts.ts';
import type { MountFacts, ProbedAbilities } from './mount-facts.ts';
import { probeAbilities } from './probe-abilities.ts';
import { publishFile } from './publish.ts';
import { randomName } from './random-name.ts';
import { formatRecord, parseRecord } from './record-format.ts';
import { namesIn } from './remove-tree.ts';
import type { RootFolder } from './root-folder.ts';
import { removeIfPresent, writeFileAtomic } from './write-file-atomic.ts';

/** Somebody may be deleting the root over and over. */
const ATTEMPTS = 20;
const TOUCH_INTERVAL_MS = 86_400_000;
const GONE = ['ENOENT', 'ENOTDIR', 'ESTALE'] as const;

/** Where nothing could be tried: reading goes on, and whoever writes meets the reason. */
const UNTRIED: ProbedAbilities = {
  locks: 'exclude',
  hardLinks: true,
  clones: false,
  keepsFirstFolder: true,
  caseSensitive: true,
};

interface Identity {
  readonly digest: Digest;
  readonly type: FileSystemType;
  readonly entry: MountEntry | undefined;
}

export class RootMount {
  readonly #root: RootFolder;
  readonly #onEvent: EventListener;
  #facts: MountFacts | undefined;
  /** As of the last change of the folder with the facts. */
  #trust: { readonly stamp: number | undefined; readonly answer: boolean } | undefined;

  constructor(root: RootFolder, onEvent: EventListener) {
    this.#root = root;
    this.#onEvent = onEvent;
  }

  /**
   * Read or probed at the first call, which makes the root when it is missing. A root that cannot be written to is not
   * probed: then `probedAt` is `undefined`.
   */
  facts(): MountFacts {
    return (this.#facts ??= this.#find());
  }

  /** What every host that has made something here has found, in no order. */
  everyHostsFacts(): readonly MountFacts[] {
    const { mounts } = this.#root.layout;
    return namesIn(mounts).flatMap((name) => readFacts(join(mounts, name)) ?? []);
  }

  /** Does a lock that we hold here exclude everybody who uses this root? */
  trustsLocks(): boolean {
    const own = this.facts();
    const stamp = statSync(this.#root.layout.mounts, { throwIfNoEntry: false })?.mtimeMs;
    if (this.#trust === undefined || this.#trust.stamp !== stamp)
      this.#trust = { stamp, answer: trustsLocks(own, this.everyHostsFacts()) };
    return this.#trust.answer;
  }

  /** May several processes go on with one unfinished file, one after the other, because a lock keeps them apart? */
  get sharesPartials(): boolean {
    const { kind, lockScope } = this.facts();
    return kind === 'local' && lockScope === 'everybody';
  }

  #find(): MountFacts {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return this.#readOrProbe();
      } catch (error) {
        if (hasErrorCode(error, ...GONE) && attempt < ATTEMPTS) continue;
        const isExplained = error instanceof CacheUnwritableError || error instanceof CacheFullError;
        if (!isExplained && !(error instanceof Error && 'syscall' in error)) throw error;
        return this.#untried();
      }
    }
  }

  #readOrProbe(): MountFacts {
    const { layout } = this.#root;
    this.#root.makeFolder(layout.mounts);
    const identity = identifyMount(layout.root);
    const path = join(layout.mounts, identity.digest);
    const known = readFacts(path);
    if (known !== undefined) {
      noteUse(path);
      return known;
    }
    const abilities = this.#root.inFolder(layout.tmp, () => probeAbilities(layout.tmp));
    const facts = describeMount(identity, abilities, new Date().toISOString());
    const isFirst = this.#record(path, facts);
    if (isFirst) this.#onEvent({ type: 'probed', root: layout.root, facts, lacks: lacksOf(facts) });
    return facts;
  }

  /** False when another process has recorded the same meanwhile. */
  #record(path: string, facts: MountFacts): boolean {
    removeIfPresent(path);
    const finished = join(this.#root.layout.tmp, randomName());
    const mode = 0o644 | this.#root.missingFileBits();
    this.#root.inFolder(this.#root.layout.tmp, () =>
      writeFileAtomic(finished, formatRecord(JSON.stringify(facts)), { mode }),
    );
    return publishFile(this.#root, finished, path) === 'published';
  }

  #untried(): MountFacts {
    const { root } = this.#root.layout;
    const isThere = statSync(root, { throwIfNoEntry: false }) !== undefined;
    const identity = isThere
      ? identifyMount(root)
      : { type: { name: 'unknown', kind: 'local' as const }, entry: undefined };
    return describeMount(identity, UNTRIED, undefined);
  }
}

function identifyMount(root: string): Identity {
  const type = fileSystemType(statfsSync(root).type, process.platform);
  const entry = type.kind === 'local' ? undefined : findMount(realpathSync(root));
  const facts = ['1', currentBootId(), statSync(root).dev, type.name, entry?.id, entry?.options.join(',')];
  return { digest: digestOf(facts.join(' ')), type, entry };
}

function describeMount(
  { type, entry }: Pick<Identity, 'type' | 'entry'>,
  abilities: ProbedAbilities,
  probedAt: string | undefined,
): MountFacts {
  return {
    ...abilities,
    fileSystem: entry?.type ?? type.name,
    kind: type.kind,
    lockScope: lockScopeOf(type, entry, abilities.locks),
    mount: entry === undefined ? undefined : { point: entry.mountPoint, options: entry.options },
    host: hostname(),
    probedAt,
  };
}

/** `undefined` when there is none, or a damaged one. */
function readFacts(path: string): MountFacts | undefined {
  try {
    const content = parseRecord(readFileSync(path));
    return content === undefined ? undefined : (JSON.parse(content.toString('utf8')) as MountFacts);
  } catch (error) {
    if (hasErrorCode(error, ...GONE, 'EACCES', 'EIO')) return undefined;
    throw error;
  }
}

/** So that `prune` knows the hosts that are still there. */
function noteUse(path: string): void {
  try {
    const nowMs = Date.now();
    if (nowMs - statSync(path).mtimeMs > TOUCH_INTERVAL_MS) utimesSync(path, nowMs / 1000, nowMs / 1000);
  } catch (error) {
    if (!hasErrorCode(error, ...GONE, 'EACCES', 'EPERM', 'EROFS')) throw error;
  }
}
