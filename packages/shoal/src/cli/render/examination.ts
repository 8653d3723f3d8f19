/** `cache doctor` for people: a table of what there is, then what is lacking, with its consequence and a remedy. */
import { userInfo } from 'node:os';
import type { CacheExamination, LockScope, MountFacts } from '@shoal/cache';
import { formatBytes } from './quantities.ts';

const SCOPES: Readonly<Record<LockScope, string>> = {
  everybody: 'exclude everybody',
  'this-host': 'do not exclude other hosts',
  unknown: 'exclude this host; other hosts cannot be told',
  nobody: 'exclude nobody',
};

export function renderExamination(examination: CacheExamination): string {
  const { facts, lacks, others } = examination;
  const rows: (readonly [string, string])[] = [
    ['Cache', examination.root],
    ['File system', `${facts.fileSystem} (${facts.kind})`],
    ...mountRows(facts),
    ['Locks', SCOPES[facts.lockScope]],
    ['Hard links', yesOrNo(facts.hardLinks)],
    ['Clones (reflinks)', yesOrNo(facts.clones)],
    ['Folder publication', facts.keepsFirstFolder ? 'the first one wins' : 'a later one replaces'],
    ['Upper and lower case', facts.caseSensitive ? 'kept apart' : 'alike'],
    ['Free space', `${formatBytes(examination.freeBytes)} of ${formatBytes(examination.totalBytes)}`],
    ['Owner', describeOwner(examination.owner)],
    ['This user', describeRights(examination)],
    ['Probed', facts.probedAt === undefined ? 'no, as nothing can be written' : `${facts.probedAt} on ${facts.host}`],
    ...others.map((other) => ['Also used from', describeOther(other)] as const),
  ];
  const width = Math.max(...rows.map(([title]) => title.length));
  const table = rows.map(([title, value]) => `${`${title}:`.padEnd(width + 1)}  ${value}\n`).join('');
  return `${table}\n${renderLacks(lacks)}`;
}

function mountRows({ mount }: MountFacts): (readonly [string, string])[] {
  return mount === undefined ? [] : [['Mount', `${mount.point} (${mount.options.join(',')})`]];
}

function renderLacks(lacks: CacheExamination['lacks']): string {
  if (lacks.length === 0) return 'Nothing is lacking.\n';
  return lacks
    .map(({ what, consequence, remedy }) => `Lacking: ${what}\n  consequence: ${consequence}\n  remedy: ${remedy}\n`)
    .join('');
}

function describeOwner({ uid, gid, mode }: CacheExamination['owner']): string {
  const name = uid === userInfo().uid ? `this user (${uid})` : `user ${uid}`;
  return `${name}, group ${gid}, mode ${mode.toString(8).padStart(4, '0')}`;
}

function describeRights({ isWritable, areLocksWritable }: CacheExamination): string {
  if (!isWritable) return 'may only read: what is lacking goes to a cache of their own';
  return areLocksWritable ? 'may read and write' : 'may write, but not to `locks`, so it is only read';
}

function describeOther({ host, fileSystem, lockScope }: MountFacts): string {
  return `${host} (${fileSystem}, locks ${SCOPES[lockScope]})`;
}

function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
