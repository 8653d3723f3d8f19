/** Who owns a file that is about to be overwritten: asked only when there is one, because it reads every RECORD. */
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { hasErrorCode } from '@shoal/cache';
import type { Collision } from './install-event.ts';
import type { Addition, Removal } from './install-target.ts';
import { splitRecord } from './record-lines.ts';
import { realPathOf } from './stage-area.ts';
import type { WheelLayout } from './wheel-layout.ts';

interface Owners {
  readonly input: { readonly installed: readonly Removal[]; readonly remove: readonly Removal[] };
  readonly layouts: readonly WheelLayout[];
}

/** Those of `paths` that an installed distribution that stays lists in its RECORD. A file of nobody is replaced silently, as uv does. */
export function findOwners(paths: readonly string[], { input, layouts }: Owners): readonly Collision[] {
  if (paths.length === 0) return [];
  const wanted = new Set(paths);
  const leaving = new Set(input.remove.map(({ path }) => path));
  const collisions: Collision[] = [];
  for (const removal of input.installed) {
    if (removal.kind !== 'dist-info' || leaving.has(removal.path)) continue;
    const site = realPathOf(removal.sitePackages);
    for (const path of recordedPaths(removal.path, site)) {
      if (!wanted.has(path)) continue;
      const addition = layouts.find((layout) => provides(layout, path))?.addition;
      if (addition !== undefined)
        collisions.push({ path, distributions: [`${removal.name} (installed)`, nameOf(addition)] });
    }
  }
  return collisions;
}

function recordedPaths(distInfo: string, site: string): readonly string[] {
  try {
    return splitRecord(readFileSync(`${distInfo}/RECORD`, 'utf8')).map(({ path }) => posix.join(site, path));
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT', 'ENOTDIR')) throw error;
    return [];
  }
}

function provides(layout: WheelLayout, path: string): boolean {
  return (
    layout.written.some((file) => file.path === path) ||
    layout.groups.some(
      ({ to, files }) => path.startsWith(`${to}/`) && files.some((file) => `${to}/${file.path}` === path),
    )
  );
}

function nameOf({ name, wheel }: Addition): string {
  return `${name} (${wheel.filename})`;
}
