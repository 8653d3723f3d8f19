/** Looking for keys and tables in a scanned TOML text, by their paths. */
import type { InlineTable, KeyValue, TomlTable } from './scan-toml.ts';

type Path = readonly string[];

export interface Found {
  readonly pair: KeyValue;
  /** The table whose lines it stands in, and which of its entries it is or is part of. */
  readonly table: TomlTable;
  readonly index: number;
  /** The inline table that it stands in. */
  readonly inline: InlineTable | undefined;
}

/** The key at `path`, in a table, behind dots or in inline tables; never inside `[[tables]]`. */
export function lookUp(tables: readonly TomlTable[], path: Path): Found | undefined {
  const parents: Path[] = tables.filter(({ isArray }) => isArray).map((table) => table.path);
  for (const table of tables) {
    if (table.path.length >= path.length || !hasPrefix(path, table.path)) continue;
    if (parents.some((parent) => hasPrefix(table.path, parent))) continue;
    for (const [index, entry] of table.entries.entries()) {
      const found = lookInto(entry, path.slice(table.path.length), undefined);
      if (found !== undefined) return { ...found, table, index };
    }
  }
  return undefined;
}

function lookInto(
  pair: KeyValue,
  rest: Path,
  inline: InlineTable | undefined,
): Pick<Found, 'pair' | 'inline'> | undefined {
  if (!hasPrefix(rest, pair.keys)) return undefined;
  if (rest.length === pair.keys.length) return { pair, inline };
  const { value } = pair;
  if (value.kind !== 'inline-table') return undefined;
  for (const entry of value.entries) {
    const found = lookInto(entry, rest.slice(pair.keys.length), value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Does `path` begin with `prefix`? */
export function hasPrefix(path: Path, prefix: Path): boolean {
  return prefix.length <= path.length && prefix.every((key, index) => path[index] === key);
}

export function samePath(one: Path, other: Path): boolean {
  return one.length === other.length && hasPrefix(one, other);
}

/** One table in the tree of tables; without a header when only tables below it have one. */
interface TreeNode {
  readonly children: Map<string, TreeNode>;
  readonly elements: TreeNode[];
  table: TomlTable | undefined;
}

/**
 * Where the header of a new table goes: after the one that comes before it in the tree of tables, whose branches stand in the
 * order in which the text names them first. So a new `[tool.uv.sources]` comes to stand with the other tables of `tool`.
 */
export function placeOfNewTable(tables: readonly TomlTable[], path: Path): number {
  const last = tablesBefore(tables, path).at(-1);
  return last?.entries.at(-1)?.lineEnd ?? last?.header.end ?? 0;
}

/** The tables that come before the one at `path` in the tree, whether that one is there or not. */
export function tablesBefore(tables: readonly TomlTable[], path: Path): readonly TomlTable[] {
  const root = newNode(tables[0]);
  for (const table of tables.slice(1)) {
    const node = nodeAt(root, table.path);
    if (table.isArray) node.elements.push(newNode(table));
    else node.table = table;
  }
  const wanted = nodeAt(root, path);
  const before: TomlTable[] = [];
  for (const node of visit(root)) {
    if (node === wanted) break;
    if (node.table !== undefined) before.push(node.table);
  }
  return before;
}

/** Made when missing. Below `[[tables]]` the last element is meant. */
function nodeAt(root: TreeNode, path: Path): TreeNode {
  let node = root;
  for (const key of path) {
    const home = node.elements.at(-1) ?? node;
    const next = home.children.get(key) ?? newNode(undefined);
    home.children.set(key, next);
    node = next;
  }
  return node;
}

function newNode(table: TomlTable | undefined): TreeNode {
  return { children: new Map(), elements: [], table };
}

function* visit(node: TreeNode): Generator<TreeNode> {
  yield node;
  for (const element of node.elements) yield* visit(element);
  for (const child of node.children.values()) yield* visit(child);
}
