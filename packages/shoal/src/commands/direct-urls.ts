/** Where the resolved distributions come from that a URL or path names, as `direct_url.json` says it (PEP 610). */
import type { DirectUrl, NormalizedName } from '@shoal/packaging';
import { hashFile } from '../fetch/hash-file.ts';
import type { WheelSource } from '../fetch/wheel-source.ts';
import type { Resolution, ResolvedNode } from '../resolve/resolution.ts';
import { isBuiltFrom } from './builder.ts';
import type { Builder } from './builder.ts';
import { urlOfWheel, wheelSourceOfUrl } from './resolve-provider.ts';

/** Only of those that no index gave. */
export type DirectUrls = ReadonlyMap<NormalizedName, DirectUrl>;

/** @param place.folder Where relative paths of requirements start. */
export async function directUrlsOf(
  { nodes }: Resolution,
  place: { readonly folder: string; readonly builder: Builder },
): Promise<DirectUrls> {
  const found = await Promise.all(
    nodes.map(async (node): Promise<readonly [NormalizedName, DirectUrl] | undefined> => {
      const url = await directUrlOf(node, place);
      return url === undefined ? undefined : [node.name, url];
    }),
  );
  return new Map(found.filter((one) => one !== undefined));
}

async function directUrlOf(
  { name, source }: ResolvedNode,
  { folder, builder }: { readonly folder: string; readonly builder: Builder },
): Promise<DirectUrl | undefined> {
  if (source.kind !== 'url') return undefined;
  if (isBuiltFrom(source.url)) return await builder.directUrlOf({ url: source.url, name });
  return directUrlOfWheel(wheelSourceOfUrl(source.url, folder));
}

/** A local file is named with its hash: it may change, and that is how the next install sees it. @throws system errors */
export function directUrlOfWheel(wheel: WheelSource): DirectUrl & {
  readonly origin: { readonly kind: 'archive'; readonly hashes: Readonly<Record<string, string>> };
} {
  const hashes = wheel.kind === 'local' ? { sha256: hashFile(wheel.path, ['sha256']).digest } : wheel.hashes;
  return { url: urlOfWheel(wheel), origin: { kind: 'archive', hashes } };
}

/** As the lines that tell of changes show it: `https://….whl`, `file:///…`, `git+https://…@<commit>`. */
export function describeDirectUrl({ url, subdirectory, origin }: DirectUrl): string {
  const base = origin.kind === 'vcs' ? `${origin.vcs}+${url}@${origin.commit}` : url;
  return subdirectory === undefined ? base : `${base}#subdirectory=${subdirectory}`;
}
