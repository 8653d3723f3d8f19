/** Names of projects as options and arguments hold them. */
import { InvalidNameError, normalizeName, PackagingError, parseRequirement } from '@shoal/packaging';
import type { NormalizedName, Requirement } from '@shoal/packaging';
import type { OptionValues } from './option-values.ts';
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

/** What `--upgrade-package` names; a version specifier limits the upgrade. @throws {UsageError} */
export function upgradeRequirements(values: OptionValues): readonly Requirement[] {
  return values.has('upgradePackage') ? values.list('upgradePackage').map(upgradeRequirement) : [];
}

function upgradeRequirement(written: string): Requirement {
  try {
    return parseRequirement(written);
  } catch (error) {
    if (error instanceof PackagingError)
      throw new UsageError(`invalid value '${written}' for '--upgrade-package <UPGRADE_PACKAGE>': ${error.message}`);
    throw error;
  }
}

/** The names that `--<word>-package` holds; none when the command has no such option. @throws {UsageError} */
export function packagesOfOption(
  values: OptionValues,
  word: 'refresh' | 'upgrade' | 'reinstall',
): ReadonlySet<NormalizedName> {
  if (word === 'upgrade') return new Set(upgradeRequirements(values).map(({ name }) => name));
  const key = `${word}Package`;
  if (!values.has(key)) return new Set();
  return packageNames(values.list(key), `--${word}-package <${word.toUpperCase()}_PACKAGE>`);
}
