/** Names of projects as options and arguments hold them. */
import { InvalidNameError, normalizeName } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import { UsageError } from './usage-error.ts';

/** @param shown The option or argument as usage errors name it: `--exclude <EXCLUDE>`. @throws {UsageError} for what is no name. */
export function packageNames(texts: readonly string[], shown: string): ReadonlySet<NormalizedName> {
  return new Set(texts.map((text) => packageName(text, shown)));
}

function packageName(text: string, shown: string): NormalizedName {
  try {
    return normalizeName(text);
  } catch (error) {
    if (error instanceof InvalidNameError)
      throw new UsageError(`invalid value '${text}' for '${shown}': ${error.message}`);
    throw error;
  }
}
