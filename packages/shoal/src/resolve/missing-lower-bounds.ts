/** With `--resolution lowest`, projects that nothing bounds from below are taken at their oldest: worth a warning. */
import { rangeIntervals, rangeOfSpecifierSet, type NormalizedName, type Requirement } from '@shoal/packaging';
import type { ResolutionWarning, ResolvedNode } from './resolution.ts';
import type { SolveContext } from './solve-context.ts';

export function missingLowerBounds(
  context: SolveContext,
  nodes: readonly ResolvedNode[],
): readonly ResolutionWarning[] {
  const { resolutionMode } = context.input;
  if (resolutionMode === 'highest') return [];
  const direct = unboundedDirect(context).map((name) => ({ kind: 'missing-lower-bound', name, direct: true }) as const);
  if (resolutionMode === 'lowest-direct') return direct;
  return [...direct, ...unboundedTransitive(context, nodes)];
}

function unboundedDirect(context: SolveContext): readonly NormalizedName[] {
  const byName = Map.groupBy(context.manifest.userRequirements, ({ name }) => name);
  return [...byName].filter(([, requirements]) => !requirements.some(isBounded)).map(([name]) => name);
}

function unboundedTransitive(context: SolveContext, nodes: readonly ResolvedNode[]): readonly ResolutionWarning[] {
  const direct = new Set(context.manifest.userRequirements.map(({ name }) => name));
  const bounded = new Set(
    context.input.constraints
      .filter(({ requirement }) => isBounded(requirement))
      .map(({ requirement }) => requirement.name),
  );
  for (const { metadata } of nodes) {
    for (const requirement of context.manifest.override(metadata?.requiresDist ?? []))
      if (isBounded(requirement)) bounded.add(requirement.name);
  }
  const unbounded = nodes.filter(
    ({ name, metadata }) => metadata !== undefined && !direct.has(name) && !bounded.has(name),
  );
  return unbounded.map(({ name }) => ({ kind: 'missing-lower-bound', name, direct: false }));
}

function isBounded(requirement: Requirement): boolean {
  if (requirement.url !== undefined) return true;
  return rangeIntervals(rangeOfSpecifierSet(requirement.specifiers))[0]?.lower !== undefined;
}
