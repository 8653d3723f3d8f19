/** All solutions of a tiny universe, found by trying everything: the measure of the solver. */
import {
  rangeContains,
  rangeOfSpecifierSet,
  parseRequirement,
  parseVersion,
  normalizeName,
  type Requirement,
} from '@shoal/packaging';
import type { Universe } from '../support/universe.ts';

/** Project -> version; a project that is absent is not chosen. */
export type Assignment = Readonly<Record<string, string>>;

/** Whether the assignment meets the requirements, and every chosen version's own, and holds nothing that nobody asked for. */
export function isSolution(universe: Universe, requirements: readonly string[], assignment: Assignment): boolean {
  const needed = new Set<string>();
  const open: Requirement[] = requirements.map((text) => parseRequirement(text));
  const seen = new Set<string>();
  for (let requirement = open.pop(); requirement !== undefined; requirement = open.pop()) {
    const version = assignment[requirement.name];
    if (version === undefined || !rangeContains(rangeOfSpecifierSet(requirement.specifiers), parseVersion(version)))
      return false;
    needed.add(requirement.name);
    for (const part of ['', ...requirement.extras]) {
      const key = `${requirement.name} ${part}`;
      if (seen.has(key)) continue;
      seen.add(key);
      open.push(...requiredBy(universe, requirement.name, { version, part }));
    }
  }
  return Object.keys(assignment).every((name) => needed.has(normalizeName(name)));
}

function requiredBy(
  universe: Universe,
  name: string,
  { version, part }: { readonly version: string; readonly part: string },
): readonly Requirement[] {
  const release = universe[name]?.[version];
  const texts = part === '' ? release?.requires : release?.extras?.[part];
  return (texts ?? []).map((text) => parseRequirement(text));
}

/** Whether any assignment at all is a solution. */
export function hasSolution(universe: Universe, requirements: readonly string[]): boolean {
  const names = Object.keys(universe);
  const search = (index: number, assignment: Record<string, string>): boolean => {
    const name = names[index];
    if (name === undefined) return isSolution(universe, requirements, assignment);
    if (search(index + 1, assignment)) return true;
    return Object.keys(universe[name] ?? {}).some((version) => search(index + 1, { ...assignment, [name]: version }));
  };
  return search(0, {});
}
