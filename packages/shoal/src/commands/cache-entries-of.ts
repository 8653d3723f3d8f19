/** Which entries of the cache belong to a project: its wheels, its pages, what was built of it, and the metadata of its distributions. */
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
  if (entry.bucket !== 'metadata' && entry.bucket !== 'builds') return undefined;
  const content = entry.content();
  if (content === undefined) return undefined;
  return entry.bucket === 'builds' ? nameOfBuilt(content) : nameInMetadata(content);
}

function nameInMetadata(content: Uint8Array): NormalizedName | undefined {
  const [, name = ''] = /^Name[ \t]*:[ \t]*(\S+)/im.exec(Buffer.from(content).toString('utf8')) ?? [];
  return tryNormalizeName(name);
}

/** `undefined` for a record of another release. */
function nameOfBuilt(content: Uint8Array): NormalizedName | undefined {
  const { filename }: { readonly filename?: unknown } = JSON.parse(Buffer.from(content).toString('utf8'));
  return typeof filename === 'string' ? tryNormalizeName(filename.split('-')[0] ?? '') : undefined;
}

function nameOfNote(note: unknown): NormalizedName | undefined {
  if (typeof note !== 'object' || note === null || !('name' in note) || typeof note.name !== 'string') return undefined;
  return tryNormalizeName(note.name);
}

/** What a build server would rather fetch again than carry from run to run: everything that was downloaded but pages. */
export function isCheapToFetch(entry: CacheEntry): boolean {
  return entry.kind === 'tree' || entry.kind === 'blob' || entry.bucket === 'metadata' || entry.bucket === 'files';
}
