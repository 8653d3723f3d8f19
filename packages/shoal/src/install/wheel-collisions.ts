/**
 * Files that several wheels of one plan put at the same path, found from the manifests before anything is staged.
 *
 * Only names at the top of a folder that more than one wheel uses are looked at file by file. The same content twice is no
 * collision (`__init__.py` of a namespace). Otherwise the last wheel of the plan keeps its file, whichever thread is faster.
 */
import { sha256 } from '@shoal/cache';
import type { Collision } from './install-event.ts';
import type { LinkGroup, WheelLayout, WrittenFile } from './wheel-layout.ts';

/** Remove from the layouts what another layout provides, so that each path is staged once. @returns the collisions. */
export function settleCollisions(layouts: readonly WheelLayout[]): readonly Collision[] {
  const shared = sharedNames(layouts);
  if (shared.size === 0) return [];
  const claims = new Map<string, Claim>();
  const lost = new Set<object>();
  const collisions = new Map<string, Set<string>>();
  for (const layout of layouts) {
    for (const claim of claimsOf(layout, shared)) {
      const earlier = claims.get(claim.path);
      claims.set(claim.path, claim);
      if (earlier === undefined) continue;
      lost.add(earlier.file);
      if (earlier.content !== claim.content) noteCollision(collisions, earlier, claim);
    }
  }
  if (lost.size > 0) for (const layout of layouts) dropFiles(layout, lost);
  return [...collisions].map(([path, owners]) => ({ path, distributions: [...owners] }));
}

interface Claim {
  readonly path: string;
  readonly owner: string;
  /** Equal for equal content. */
  readonly content: string;
  readonly file: object;
}

/** Absolute paths of top-level names that several wheels use. */
function sharedNames(layouts: readonly WheelLayout[]): ReadonlySet<string> {
  const users = new Map<string, number>();
  const shared = new Set<string>();
  for (const [index, layout] of layouts.entries()) {
    for (const name of topLevelNames(layout)) {
      const user = users.get(name);
      if (user === undefined) users.set(name, index);
      else if (user !== index) shared.add(name);
    }
  }
  return shared;
}

function topLevelNames(layout: WheelLayout): ReadonlySet<string> {
  const names = new Set<string>(layout.written.map(({ path }) => path));
  for (const group of layout.groups) {
    let previous = '\0';
    for (const { path } of group.files) {
      if (path.startsWith(previous)) continue;
      const slash = path.indexOf('/');
      previous = slash < 0 ? path : path.slice(0, slash + 1);
      names.add(`${group.to}/${slash < 0 ? path : path.slice(0, slash)}`);
    }
  }
  return names;
}

function* claimsOf(layout: WheelLayout, shared: ReadonlySet<string>): Generator<Claim> {
  const { name, wheel } = layout.addition;
  const owner = `${name} (${wheel.filename})`;
  for (const group of layout.groups) {
    for (const file of group.files) {
      if (!shared.has(topLevelOf(group, file.path))) continue;
      yield { path: `${group.to}/${file.path}`, owner, content: file.sha256, file };
    }
  }
  for (const file of layout.written) {
    if (shared.has(file.path)) yield { path: file.path, owner, content: contentHash(file), file };
  }
}

function topLevelOf(group: LinkGroup, path: string): string {
  const slash = path.indexOf('/');
  return `${group.to}/${slash < 0 ? path : path.slice(0, slash)}`;
}

function contentHash({ content }: WrittenFile): string {
  return sha256(content, 'base64url');
}

function noteCollision(collisions: Map<string, Set<string>>, earlier: Claim, later: Claim): void {
  const owners = collisions.get(later.path) ?? new Set([earlier.owner]);
  collisions.set(later.path, owners.add(later.owner));
}

function dropFiles(layout: WheelLayout, lost: ReadonlySet<object>): void {
  for (const { files } of layout.groups) keepOnly(files, lost);
  keepOnly(layout.written, lost);
}

function keepOnly(items: object[], lost: ReadonlySet<object>): void {
  if (!items.some((item) => lost.has(item))) return;
  items.splice(0, items.length, ...items.filter((item) => !lost.has(item)));
}
