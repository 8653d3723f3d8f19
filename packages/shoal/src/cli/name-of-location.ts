/** The name of what a URL or path holds, which only its metadata tells. */
import type { NormalizedName } from '@shoal/packaging';
import { lazyBuilder } from '../commands/builder.ts';
import type { LockTarget } from '../project/lock-target.ts';
import type { FollowUpInput } from './follow-up.ts';
import { lockPolicy } from './lock-policy.ts';

interface NamingInput {
  /** Of a repository: what `--rev` and the like say. */
  readonly reference: string | undefined;
  readonly target: LockTarget;
  readonly following: FollowUpInput;
}

/** @throws what getting the metadata throws. */
export async function nameOfLocation(
  url: string,
  { reference, target, following }: NamingInput,
): Promise<NormalizedName> {
  const { session, values, opened, interpreterFor } = following;
  const builder = lazyBuilder({
    context: opened.context,
    options: { signal: session.signal, onEvent: opened.onEvent },
    interpreter: await interpreterFor(target),
    policy: lockPolicy(values, { session, target, opened }).build,
    folder: session.workingFolder,
    editables: new Set(),
    installed: () => [],
  });
  const { name } = await builder.metadataOfUrl({ url: withReference(url, reference), name: undefined });
  return name;
}

function withReference(url: string, reference: string | undefined): string {
  if (reference === undefined || !/^git\+/i.test(url)) return url;
  const [bare = url, fragment] = url.split('#');
  return `${bare}@${reference}${fragment === undefined ? '' : `#${fragment}`}`;
}
