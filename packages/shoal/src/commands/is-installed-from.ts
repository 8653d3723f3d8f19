/** Whether an installed distribution came from the wheel that a URL or path names now. */
import { hasErrorCode } from '@shoal/cache';
import type { InstalledDistribution } from '../environment/site-packages.ts';
import { isFromSource } from '../install/wanted-source.ts';
import { isBuiltFrom } from './builder.ts';
import { directUrlOfWheel } from './direct-urls.ts';
import { urlOfWheel, wheelSourceOfUrl } from './resolve-provider.ts';

/** @param folder Where relative paths start. */
export function isInstalledFrom(installed: InstalledDistribution, written: string, folder: string): boolean {
  const known = installed.directUrl();
  if (known === undefined) return false;
  if (isBuiltFrom(written)) return known.url === written.replace(/#.*$/, '');
  const wheel = wheelSourceOfUrl(written, folder);
  if (known.url !== urlOfWheel(wheel)) return false;
  try {
    const { url, origin } = directUrlOfWheel(wheel);
    return isFromSource(known, { kind: 'archive', url, sha256: origin.hashes['sha256'] });
  } catch (error) {
    // A file that is not there any more is not what is installed; who needs it says so.
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return false;
    throw error;
  }
}
