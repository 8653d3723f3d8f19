/**
 * A short sum of products for a decision diagram.
 *
 * Every path to a yes is a product, but most paths carry conditions that only
 * the order of variables put there. This follows the recurrence of Minato and
 * Morreale: between what has to be covered (`lower`) and what may be
 * (`upper`), first take the products that need the top variable, then cover what is
 * left without it. It is exact, not always minimal: intervals are not split further.
 */

import type { Cut, Interval } from './marker-cut.ts';
import { type Diagram, FALSE, type NodeRef, opposite, TRUE } from './marker-diagram.ts';

/**
 * - `branches`: the disjunction of `guard and cover`.
 * - Otherwise a constant.
 */
export type Cover = 'none' | 'all' | readonly CoverBranch[];

export interface CoverBranch {
  /** A condition on one variable, or {@link TRUE}. */
  readonly guard: NodeRef;
  readonly cover: Cover;
}

/** A cover, and the diagram of what it covers. */
interface Covered {
  readonly ref: NodeRef;
  readonly cover: Cover;
}

/** The top variable's part in a bound: where `guard` holds, the bounds are `lower` and `upper`. */
interface Cofactor {
  readonly guard: NodeRef;
  readonly lower: NodeRef;
  readonly upper: NodeRef;
}

export function coverDiagram(diagram: Diagram, ref: NodeRef): Cover {
  return coverBetween(diagram, { lower: ref, upper: ref }, new Map()).cover;
}

type Bounds = Pick<Cofactor, 'lower' | 'upper'>;

function coverBetween(diagram: Diagram, bounds: Bounds, known: Map<string, Covered>): Covered {
  const { lower, upper } = bounds;
  if (lower === FALSE) return { ref: FALSE, cover: 'none' };
  if (upper === TRUE) return { ref: TRUE, cover: 'all' };
  if (lower === upper && isSingleCondition(diagram, lower)) {
    return { ref: lower, cover: [{ guard: lower, cover: 'all' }] };
  }
  const key = `${lower},${upper}`;
  let result = known.get(key);
  if (result === undefined) known.set(key, (result = coverBranches(diagram, bounds, known)));
  return result;
}

function isSingleCondition(diagram: Diagram, ref: NodeRef): boolean {
  return diagram.children(ref).every((child) => child === TRUE || child === FALSE);
}

function coverBranches(diagram: Diagram, { lower, upper }: Bounds, known: Map<string, Covered>): Covered {
  const cofactors = lower === upper ? exactCofactors(diagram, lower) : boundCofactors(diagram, { lower, upper });
  const commonUpper = cofactors.reduce((common, cofactor) => diagram.and(common, cofactor.upper), TRUE);
  const branches = new Map<NodeRef, CoverBranch>();
  let commonLower = FALSE;
  let ref = FALSE;
  for (const cofactor of cofactors) {
    const required = diagram.and(cofactor.lower, opposite(commonUpper));
    const specific = coverBetween(diagram, { lower: required, upper: cofactor.upper }, known);
    commonLower = diagram.or(commonLower, diagram.and(cofactor.lower, opposite(specific.ref)));
    if (specific.ref === FALSE) continue;
    ref = diagram.or(ref, diagram.and(cofactor.guard, specific.ref));
    const present = branches.get(specific.ref);
    const guard = present === undefined ? cofactor.guard : diagram.or(present.guard, cofactor.guard);
    branches.set(specific.ref, { guard, cover: present?.cover ?? specific.cover });
  }
  const common = coverBetween(diagram, { lower: commonLower, upper: commonUpper }, known);
  if (common.ref !== FALSE) branches.set(common.ref, { guard: TRUE, cover: common.cover });
  return { ref: diagram.or(ref, common.ref), cover: [...branches.values()] };
}

/** One cofactor for each distinct child. */
function exactCofactors(diagram: Diagram, ref: NodeRef): readonly Cofactor[] {
  const children = [...new Set(diagram.children(ref))];
  return children.map((child) => ({ guard: guardOfChild(diagram, ref, child), lower: child, upper: child }));
}

function guardOfChild(diagram: Diagram, ref: NodeRef, wanted: NodeRef): NodeRef {
  return diagram.mapChildren(ref, (child) => (child === wanted ? TRUE : FALSE));
}

/** One cofactor for each distinct pair of bounds below the variable that comes first. */
function boundCofactors(diagram: Diagram, { lower, upper }: Bounds): readonly Cofactor[] {
  const [a, b] = [diagram.node(lower), diagram.node(upper)];
  const first = a.variableKey <= b.variableKey ? a : b;
  const regions = new Map<string, Bounds & { readonly intervals: Interval[] }>();
  let below: Cut | undefined;
  for (const step of jointSteps(diagram, { lower, upper })) {
    const key = `${step.lower},${step.upper}`;
    const region = regions.get(key) ?? { lower: step.lower, upper: step.upper, intervals: [] };
    region.intervals.push({ lower: below, upper: step.cut });
    regions.set(key, region);
    below = step.cut;
  }
  return [...regions.values()].map((region) => ({
    guard: region.lower === FALSE ? FALSE : diagram.ofIntervals(first.variable, joined(region.intervals)),
    lower: region.lower,
    upper: region.upper,
  }));
}

function* jointSteps(
  diagram: Diagram,
  { lower, upper }: Bounds,
): Generator<Bounds & { readonly cut: Cut | undefined }> {
  const [a, b] = [diagram.node(lower), diagram.node(upper)];
  if (a.variableKey === b.variableKey) {
    for (const step of diagram.overlay(lower, upper)) yield { lower: step.left, upper: step.right, cut: step.upper };
  } else if (a.variableKey < b.variableKey) {
    for (const [index, child] of diagram.children(lower).entries()) yield { lower: child, upper, cut: a.cuts[index] };
  } else {
    for (const [index, child] of diagram.children(upper).entries()) yield { lower, upper: child, cut: b.cuts[index] };
  }
}

/** Touching neighbours made one. */
function joined(intervals: readonly Interval[]): readonly Interval[] {
  const result: Interval[] = [];
  for (const interval of intervals) {
    const last = result.at(-1);
    if (last !== undefined && last.upper === interval.lower) {
      result[result.length - 1] = { lower: last.lower, upper: interval.upper };
    } else {
      result.push(interval);
    }
  }
  return result;
}
