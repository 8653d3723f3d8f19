/** Wheels that requirements name by URL or path are taken as they are: whether they fit is looked at once all are known. */
import { OperationalError } from '@shoal/cache';
import { createTagPriorities, tagPriority } from '@shoal/packaging';
import type { Tag } from '@shoal/packaging';
import type { Resolution } from '../resolve/resolution.ts';
import { isBuiltFrom } from './builder.ts';
import { wheelSourceOfUrl } from './resolve-provider.ts';

/** A wheel that is named by URL or path cannot be used where it is to be installed. */
export class IncompatibleUrlError extends OperationalError {
  override readonly code = 'INCOMPATIBLE_URL';

  constructor(url: string, tags: string, best: Tag | undefined) {
    super(`A ${/^https?:/i.test(url) ? 'URL' : 'path'} (${url}) dependency is incompatible with the current platform`, {
      hint: `The wheel is for \`${tags}\`${best === undefined ? '' : `; here, \`${best.interpreter}-${best.abi}-${best.platform}\` and what is older will do`}`,
    });
  }
}

/** @param folder Where relative paths of requirements start. @throws {IncompatibleUrlError} */
export function checkUrlWheels({ nodes }: Resolution, supportedTags: () => readonly Tag[], folder: string): void {
  const urls = nodes.flatMap(({ source }) => (source.kind === 'url' && !isBuiltFrom(source.url) ? [source.url] : []));
  if (urls.length === 0) return;
  const supported = supportedTags();
  const priorities = createTagPriorities(supported);
  for (const url of urls) {
    const { filename } = wheelSourceOfUrl(url, folder);
    if (tagPriority(priorities, filename) !== undefined) continue;
    const shown = [filename.pythons, filename.abis, filename.platforms].map((parts) => parts.join('.')).join('-');
    throw new IncompatibleUrlError(url.replace(/#.*$/, ''), shown, supported[0]);
  }
}
