/** Which entries of the cache belong to a project: its wheels, its pages, and the metadata of its distributions. */
import type { CacheEntry } from '@shoal/cache';
import { tryNormalizeName } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';

/** True for every entry that was made for one of `names`. */
export function belongsTo(names: ReadonlySet<NormalizedName>): (entry: CacheEntry) => boolean {
  return (entry) => {
    const name = projectOf(entry);
    return name !== undefined && names.has(name);
  };
}

function projectOf(entry: CacheEntry): NormalizedName | undefined {
  if (entry.kind === 'tree') return nameOfNote(entry.note());
  if (entry.bucket === 'pages') return tryNormalizeName(entry.key.split('/').at(-1) ?? '');
  if (entry.bucket !== 'metadata') return undefined;
  const content = entry.content();
  const [, name = ''] =
    /^Name[ \t]*:[ \t]*(\S+)/im.exec(content === undefined ? '' : Buffer.from(content).toString('utf8')) ?? [];
  return tryNormalizeName(name);
}

function nameOfNote(note: unknown): NormalizedName | undefined {
  if (typeof note !== 'object' || note === null || !('name' in note) || typeof note.name !== 'string') return undefined;
  return tryNormalizeName(note.name);
}

/** What a build server would rather fetch again than carry from run to run: everything that was downloaded but pages. */
export function isCheapToFetch(entry: CacheEntry): boolean {
  return entry.kind === 'tree' || entry.kind === 'blob' || entry.bucket === 'metadata' || entry.bucket === 'files';
}
