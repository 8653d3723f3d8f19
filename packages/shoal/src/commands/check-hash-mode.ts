/** `--require-hashes`: what is asked for has to be pinned, and its files hashed, before anything is looked up. */
import { OperationalError } from '@shoal/cache';
import { evaluateMarker, formatRequirement, formatVersion } from '@shoal/packaging';
import type { MarkerEnvironment, Requirement } from '@shoal/packaging';
import type { RequirementSet } from './change-environment.ts';

/** A requirement that hash-checking mode does not allow. */
export class HashModeError extends OperationalError {
  override readonly code = 'HASH_MODE';

  constructor(requirement: Requirement, missing: 'pin' | 'hash') {
    const shown = formatRequirement(requirement);
    super(
      missing === 'pin'
        ? `In \`--require-hashes\` mode, all requirements must have their versions pinned with \`==\`, but found: ${shown}`
        : `In \`--require-hashes\` mode, all requirements must have a hash, but none were provided for: ${shown}`,
      { hint: 'Compile the requirements with `shoal pip compile --generate-hashes`' },
    );
  }
}

/** Constraints may pin and hash what the requirements leave open. @throws {HashModeError} */
export function checkHashMode(wanted: RequirementSet, markers: MarkerEnvironment): void {
  const constrained = new Set(
    wanted.constraints
      .filter(({ requirement }) => hasHash(requirement, wanted.digests))
      .map(({ requirement }) => requirement.name),
  );
  for (const { requirement } of wanted.requirements) {
    if (requirement.marker !== undefined && !evaluateMarker(requirement.marker, markers)) continue;
    if (hasHash(requirement, wanted.digests) || constrained.has(requirement.name)) continue;
    throw new HashModeError(requirement, pinKeyOf(requirement) === undefined ? 'pin' : 'hash');
  }
}

function hasHash(requirement: Requirement, digests: RequirementSet['digests']): boolean {
  const key = pinKeyOf(requirement);
  if (key !== undefined && (digests.get(key)?.length ?? 0) > 0) return true;
  return /#(?:.*&)?(?:md5|sha\d+)=/.test(requirement.url ?? '');
}

/** As digests are kept: by URL, else by `name==version`. */
function pinKeyOf({ name, url, specifiers }: Requirement): string | undefined {
  if (url !== undefined) return url;
  const pin = specifiers.specifiers.find(({ operator, wildcard }) => operator === '==' && !wildcard);
  return pin?.version === undefined ? undefined : `${name}==${formatVersion(pin.version)}`;
}
