/** Requirements as messages show them: specifiers by version, as uv keeps them. */
import { compareVersions, formatRequirement, formatSpecifier } from '@shoal/packaging';
import type { Requirement, Specifier } from '@shoal/packaging';

/** `name[extra]>=2,<4 ; marker`. */
export function describeRequirement(requirement: Requirement): string {
  return formatRequirement({
    ...requirement,
    specifiers: { ...requirement.specifiers, specifiers: sortedSpecifiers(requirement.specifiers.specifiers) },
  });
}

/** `>=2, <4`. */
export function describeSpecifiers(specifiers: readonly Specifier[]): string {
  return sortedSpecifiers(specifiers).map(formatSpecifier).join(', ');
}

/** By version; those of one version, and `===` with a text that is none, keep their order. */
export function sortedSpecifiers(specifiers: readonly Specifier[]): readonly Specifier[] {
  return specifiers.toSorted((a, b) =>
    a.version === undefined || b.version === undefined ? 0 : compareVersions(a.version, b.version),
  );
}
