/** Where projects come from: `[tool.uv.sources]` and `[[tool.uv.index]]`, as edits. */
import { tryNormalizeName } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import { placesWith } from './edit-dependencies.ts';
import type { EditTarget } from './dependency-place.ts';
import { MalformedProjectError } from './project-errors.ts';
import { formatInlineTable, formatTomlString } from './edit-toml/toml-string.ts';

const SOURCES = ['tool', 'uv', 'sources'] as const;
const MEMBERS = ['tool', 'uv', 'workspace', 'members'] as const;

/** The fields of a source in the order in which uv writes them; absent ones are left out. */
export interface WrittenSource {
  readonly git?: string;
  readonly url?: string;
  readonly subdirectory?: string;
  readonly path?: string;
  readonly rev?: string;
  readonly tag?: string;
  readonly branch?: string;
  readonly lfs?: boolean;
  readonly index?: string;
  readonly workspace?: boolean;
  readonly editable?: boolean;
}

/** @throws {MalformedProjectError} where the sources are an inline table. */
export function setSource(target: EditTarget, name: NormalizedName, source: WrittenSource): void {
  const { document } = target;
  if (document.find(SOURCES) !== undefined) throw new MalformedProjectError('Sources');
  const key = keyOf(target, name);
  if (key !== undefined) document.removeKey([...SOURCES, key]);
  document.insertKey(SOURCES, name, { valueText: formatInlineTable({ ...source }) });
}

/** Take the source of a project out that no list names any more, and the table when nothing is left in it. */
export function removeUnusedSource(target: EditTarget, name: NormalizedName): void {
  const key = keyOf(target, name);
  if (key === undefined || placesWith(target, name).length > 0) return;
  const { document } = target;
  if (document.find(SOURCES) !== undefined) throw new MalformedProjectError('Sources');
  document.removeKey([...SOURCES, key]);
  if (document.keysOf(SOURCES).length === 0) document.removeEmptyTable(SOURCES);
}

function keyOf({ document }: EditTarget, name: NormalizedName): string | undefined {
  return document.keysOf(SOURCES).find((key) => tryNormalizeName(key) === name);
}

/** Add `member`, a path from the root with `/`, to the members of the workspace, which comes to be when there is none. */
export function addWorkspaceMember({ document }: EditTarget, member: string): void {
  if (document.find(MEMBERS) === undefined) document.insertKey(MEMBERS.slice(0, -1), 'members', { valueText: '[]' });
  const array = document.array(MEMBERS);
  if (array === undefined) throw new MalformedProjectError('Workspace');
  array.insert(array.length, formatTomlString(member));
  document.writeArray(MEMBERS, array);
}
