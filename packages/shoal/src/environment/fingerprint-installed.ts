/** What tells one state of an environment's installed distributions from another, without reading any of their files. */
import { statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { digestOf } from '@shoal/cache';
import type { Digest } from '@shoal/cache';
import type { Environment } from './environment.ts';
import { sitePackagesFolders } from './site-packages-folders.ts';
import { namesIn } from '../host/names-in.ts';

export interface InstalledFingerprint {
  /** Of the names in site-packages, and of place, size and time of each `.dist-info` and its METADATA. */
  readonly digest: Digest;
  /** When the youngest of them was changed, in milliseconds since 1970. */
  readonly changedAtMs: number;
}

/**
 * `undefined` when something installed has its metadata elsewhere (`.egg-info`, `.egg-link`), or has none.
 *
 * Files are known by inode, size and time of change: what is rewritten within one tick of the file system's clock, to the
 * same length and in place, looks the same.
 */
export function fingerprintInstalled(environment: Pick<Environment, 'scheme'>): InstalledFingerprint | undefined {
  const facts: string[] = [];
  let changedAtMs = 0;
  for (const folder of sitePackagesFolders(environment)) {
    for (const name of namesIn(folder)) {
      if (name.endsWith('.egg-info') || name.endsWith('.egg-link')) return undefined;
      if (!name.endsWith('.dist-info')) continue;
      const distInfo = statSync(`${folder}/${name}`, { throwIfNoEntry: false });
      const metadata = statSync(`${folder}/${name}/METADATA`, { throwIfNoEntry: false });
      if (distInfo === undefined || metadata === undefined) return undefined;
      facts.push(name, stamp(distInfo), stamp(metadata));
      changedAtMs = Math.max(changedAtMs, distInfo.mtimeMs, metadata.mtimeMs);
    }
  }
  return { digest: digestOf(facts.join('\n')), changedAtMs };
}

function stamp({ ino, size, mtimeMs }: Stats): string {
  return `${ino} ${size} ${mtimeMs}`;
}
