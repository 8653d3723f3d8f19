/** Errors of resolving that are not a lack of solutions. */
import { OperationalError } from '@shoal/cache';
import type { NormalizedName } from '@shoal/packaging';

/** A version was chosen whose metadata can only be had by building it. */
export class NeedsBuildError extends OperationalError {
  override readonly code = 'NEEDS_BUILD';
  readonly distribution: string;

  /** @param distribution `foo==1.0` or `foo @ https://…`. */
  constructor(distribution: string, detail: string) {
    super(`Failed to read the metadata of \`${distribution}\`: it has to be built first (${detail})`, {
      hint: 'Ask for a version that has wheels, or keep to wheels with `--only-binary :all:`',
    });
    this.distribution = distribution;
  }
}

/** Hash-checking mode, and nobody gave a digest for what was chosen. */
export class UnhashedProjectError extends OperationalError {
  override readonly code = 'UNHASHED_PROJECT';
  constructor(name: NormalizedName) {
    super(`Hash-checking is required, but no trusted hash was provided for: \`${name}\``, {
      hint: 'List it too, pinned and hashed: `shoal pip compile --generate-hashes` does',
    });
  }
}

/** A project is to be taken from two indexes at once. */
export class ConflictingIndexesError extends OperationalError {
  override readonly code = 'CONFLICTING_INDEXES';
  constructor(name: NormalizedName, indexes: readonly string[]) {
    const list = indexes
      .toSorted()
      .map((url) => `- ${url}`)
      .join('\n');
    super(`Requirements contain conflicting indexes for package \`${name}\`:\n${list}`);
  }
}
