/**
 * The journal: what a transaction is about to do, on disk before it does the first of it. Each operation can tell from the
 * disk alone whether it has happened, so any process may go on, or back, from any point.
 */
import { readFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { hasErrorCode, writeFileAtomic } from '@shoal/cache';
import { JournalError } from './install-errors.ts';
import type { StageArea } from './stage-area.ts';

/**
 * - `place`: the staged name is moved to where nothing is.
 * - `swap`: the staged name and the one in place change sides. `inode` is the staged one's, to tell which side it is on.
 * - `remove`: the name in place is moved to the trash.
 */
export type Operation = {
  /** Index of the anchor. */
  readonly anchor: number;
  /** Relative to the anchor's folder, and in the stage to the anchor's stage. */
  readonly path: string;
} & ({ readonly kind: 'place' } | { readonly kind: 'remove' } | { readonly kind: 'swap'; readonly inode: string });

export interface Journal {
  readonly area: StageArea;
  readonly operations: readonly Operation[];
}

const FORMAT = 'shoal-journal-1';
type Row = readonly [kind: Operation['kind'], anchor: number, path: string, inode: string];

export function journalPath(work: string): string {
  return join(work, 'journal');
}

/** Write the journal and wait until the disk has it. Paths are relative to it: the environment may be mounted elsewhere when it is read. */
export function writeJournal({ area, operations }: Journal): void {
  const rows = operations.map((operation): Row => [
    operation.kind,
    operation.anchor,
    operation.path,
    operation.kind === 'swap' ? operation.inode : '',
  ]);
  const anchors = area.anchors.map((anchor) => ({
    folder: relative(area.work, anchor.folder),
    area: relative(area.work, anchor.area),
  }));
  writeFileAtomic(journalPath(area.work), JSON.stringify({ format: FORMAT, anchors, rows }), { sync: true });
}

/** @returns `undefined` when there is none. @throws {JournalError} */
export function readJournal(work: string): Journal | undefined {
  const path = journalPath(work);
  try {
    return parseJournal(readFileSync(path, 'utf8'), work);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    if (error instanceof SyntaxError || error instanceof TypeError)
      throw new JournalError(path, 'is not a journal of this release');
    throw error;
  }
}

interface StoredJournal {
  readonly format: string;
  readonly anchors: readonly { readonly folder: string; readonly area: string }[];
  readonly rows: readonly Row[];
}

function parseJournal(text: string, work: string): Journal {
  const stored = JSON.parse(text) as StoredJournal;
  if (stored.format !== FORMAT) throw new TypeError('unknown format');
  const anchors = stored.anchors.map((anchor) => ({
    folder: resolve(work, anchor.folder),
    area: resolve(work, anchor.area),
  }));
  const operations = stored.rows.map(([kind, anchor, path, inode]): Operation => {
    if (anchors[anchor] === undefined || isAbsolute(path) || path.split('/').includes('..'))
      throw new TypeError('unsafe path');
    if (kind === 'swap') return { kind, anchor, path, inode };
    if (kind === 'place' || kind === 'remove') return { kind, anchor, path };
    throw new TypeError('unknown operation');
  });
  return { area: { work, anchors }, operations };
}
