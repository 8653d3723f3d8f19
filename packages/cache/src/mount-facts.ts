/** What the file system under a cache gives, and what it lacks: probed once, recorded, shown by `cache doctor`. */
import type { FileSystemType } from './file-system-kind.ts';
import type { MountEntry } from './mount-entry.ts';

/**
 * Whom a lock excludes: `everybody`; `this-host`: not other hosts that use the same folder; `unknown`: whether there are
 * other hosts, and what their locks do, cannot be told; `nobody`.
 */
export type LockScope = 'everybody' | 'this-host' | 'unknown' | 'nobody';

export interface ProbedAbilities {
  /** `none`: the system refuses locks. `ignored`: it grants the same exclusive lock twice. */
  readonly locks: 'exclude' | 'ignored' | 'none';
  readonly hardLinks: boolean;
  /** Copies that share their blocks (reflinks). */
  readonly clones: boolean;
  /** Is a folder that has files safe from another one being renamed over it? */
  readonly keepsFirstFolder: boolean;
  readonly caseSensitive: boolean;
}

export interface MountFacts extends ProbedAbilities {
  /** `ext4`, `nfs4`, `fuse.sshfs`. */
  readonly fileSystem: string;
  readonly kind: FileSystemType['kind'];
  readonly lockScope: LockScope;
  /** Of file systems that are not local; `undefined` of others, and where the system tells none. */
  readonly mount: { readonly point: string; readonly options: readonly string[] } | undefined;
  /** Who probed: hosts and containers that share the folder each have their own facts. */
  readonly host: string;
  /** ISO 8601 in UTC; `undefined` when nothing could be tried, because the root cannot be written to. */
  readonly probedAt: string | undefined;
}

/** Mount options that keep locks on the host: nfs(5), mount.lustre(8), mount.cifs(8), ocfs2's mount options. */
const KEEPS_LOCKS_HERE: ReadonlySet<string> = new Set([
  'nolock',
  'local_lock=all',
  'local_lock=flock',
  'localflock',
  'localflocks',
  'nobrl',
]);
/** Of these `flock` is known to be kept on the host, or to be so by default. */
const KEEP_LOCKS_HERE = /^(?:gpfs|9p|vboxsf|hostfs|afs)$/u;
/** Of these it depends on settings that cannot be seen from here. */
const UNKNOWN = /^(?:beegfs|fuse|fuse\..*|virtiofs)$/u;

/** Whom locks exclude, as far as the type and the options of the mount tell it. */
export function lockScopeOf(
  { kind, name }: FileSystemType,
  entry: MountEntry | undefined,
  locks: ProbedAbilities['locks'],
): LockScope {
  if (locks !== 'exclude') return 'nobody';
  if (kind === 'local') return 'everybody';
  const type = entry?.type ?? name;
  if (type === 'fuseblk') return 'everybody';
  if (KEEP_LOCKS_HERE.test(name) || entry?.options.some((option) => KEEPS_LOCKS_HERE.has(option)) === true)
    return 'this-host';
  return UNKNOWN.test(type) || UNKNOWN.test(name) ? 'unknown' : 'everybody';
}

/** One thing that is lacking. */
export interface MountLack {
  readonly what: string;
  readonly consequence: string;
  readonly remedy: string;
  /** Worth a warning. */
  readonly isGrave: boolean;
}

const TWICE = 'work may be done twice, and the collector takes only what was unused for a day; nothing breaks';
const MOVE_FOR_LINKS = 'Keep the cache and the environments on one file system that has them';
const MOVE = 'Keep the cache on a local file system, or mount this one with locks that all hosts share';

/**
 * What the facts lack of what the cache would like to have, the gravest first.
 *
 * @param all What every host has found, when that is known.
 */
export function lacksOf(facts: MountFacts, all: readonly MountFacts[] = []): readonly MountLack[] {
  return [...lackOfLocks(facts), ...lackOfAgreement(facts, all), ...lackOfRest(facts)];
}

function lackOfAgreement(facts: MountFacts, all: readonly MountFacts[]): MountLack[] {
  if (facts.lockScope !== 'everybody' || trustsLocks(facts, all)) return [];
  const what = "the server's own processes and its clients both use this folder, and do not see each other's locks";
  const remedy = 'Let the server use it through a mount of its own, or have a cache of its own';
  return [{ what, consequence: TWICE, remedy, isGrave: true }];
}

function lackOfLocks({ lockScope, locks, fileSystem }: MountFacts): MountLack[] {
  const grave = { consequence: TWICE, remedy: MOVE, isGrave: true };
  if (locks === 'none') return [{ ...grave, what: `there are no locks (${fileSystem})` }];
  if (lockScope === 'nobody') return [{ ...grave, what: `locks exclude nobody (${fileSystem})` }];
  if (lockScope === 'this-host') return [{ ...grave, what: `locks do not exclude other hosts (${fileSystem})` }];
  if (lockScope !== 'unknown') return [];
  const what = `whether locks exclude other hosts cannot be told (${fileSystem})`;
  return [{ ...grave, what, consequence: `if they do not, ${TWICE}` }];
}

function lackOfRest({ keepsFirstFolder, hardLinks }: MountFacts): MountLack[] {
  const lacks: MountLack[] = [];
  if (!keepsFirstFolder) {
    const consequence =
      'an entry that two processes make at once may be replaced while it is read, and is then made again';
    lacks.push({ what: 'renaming replaces folders that have files', consequence, remedy: MOVE, isGrave: true });
  }
  if (!hardLinks) {
    const consequence = 'environments get copies of the cached files, unless these can be cloned';
    lacks.push({ what: 'there are no hard links', consequence, remedy: MOVE_FOR_LINKS, isGrave: false });
  }
  return lacks;
}

/** May it be taken for granted that whoever holds a lock on the same file, on any host, excludes us? */
export function trustsLocks(own: MountFacts, all: readonly MountFacts[]): boolean {
  if (own.lockScope !== 'everybody') return false;
  // A server's own processes and its clients do not see each other's locks, whatever each of them has found.
  return all.every(({ kind }) => (kind === 'local') === (own.kind === 'local'));
}
