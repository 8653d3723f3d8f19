/** What the provider could not give, as a reason why a project cannot be used. */
import type { ProjectListing } from '../project/distribution-file.ts';
import type { ProjectProblem } from './availability.ts';
import type { MetadataGap } from './provider.ts';

export function problemOfListing(listing: Exclude<ProjectListing, { readonly kind: 'found' }>): ProjectProblem {
  if (listing.kind === 'unauthorized' || listing.kind === 'forbidden')
    return { kind: listing.kind, url: listing.index.url };
  return { kind: listing.kind };
}

/** A URL has one distribution: when its metadata cannot be had, nothing of the project can. */
export function problemOfGap(gap: MetadataGap): ProjectProblem {
  if (gap.kind === 'offline' || gap.kind === 'network' || gap.kind === 'invalid-structure') return gap;
  const detail = gap.kind === 'requires-python' ? 'it requires another Python' : gap.detail;
  return { kind: 'invalid-metadata', detail };
}
