/** A total order of markers that depends on what they say alone: lockfiles list what differs in its marker in this order. */

import { compareCuts, type Cut } from './marker-cut.ts';
import { type Diagram, FALSE, type NodeRef, TRUE } from './marker-diagram.ts';
import type { DiagramVariable } from './marker-variable.ts';
import { variableKey } from './marker-variable.ts';
import { type Marker, sharedDiagram } from './marker.ts';

/** Versions before texts, questions about extras last, as uv orders them. */
const KIND_ORDER = ['version', 'release', 'text', 'within', 'contains', 'extras', 'group', 'extra'] as const;

/** Negative when `left` comes first. Markers that always hold come before all others. */
export function compareMarkers(left: Marker, right: Marker): number {
  return compareRefs(sharedDiagram(), left.ref, right.ref);
}

function compareRefs(diagram: Diagram, left: NodeRef, right: NodeRef): number {
  if (left === right) return 0;
  if (left <= FALSE || right <= FALSE) return rank(left) - rank(right);
  const [a, b] = [diagram.node(left).variable, diagram.node(right).variable];
  return (
    KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind) ||
    compareText(variableKey(a), variableKey(b)) ||
    compareEdges(diagram, edgesOf(diagram, left, a), edgesOf(diagram, right, b))
  );
}

function rank(ref: NodeRef): number {
  return ref === TRUE ? 0 : ref === FALSE ? 1 : 2;
}

/** Where the variable has to be for a child, as one list of intervals. */
interface Edge {
  readonly intervals: readonly (readonly [Cut | undefined, Cut | undefined])[];
  readonly child: NodeRef;
}

function edgesOf(diagram: Diagram, ref: NodeRef, { kind }: DiagramVariable): readonly Edge[] {
  const { cuts } = diagram.node(ref);
  const children = diagram.children(ref);
  if (kind !== 'text' && kind !== 'version' && kind !== 'release')
    return children.toReversed().map((child) => ({ intervals: [], child }));
  const groups = Map.groupBy(children.entries(), ([, child]) => child);
  return [...groups].map(([child, places]) => ({
    intervals: places.map(([index]) => [cuts[index - 1], cuts[index]] as const),
    child,
  }));
}

function compareEdges(diagram: Diagram, left: readonly Edge[], right: readonly Edge[]): number {
  for (const [index, a] of left.entries()) {
    const b = right[index];
    if (b === undefined) return 1;
    const order = compareIntervals(a.intervals, b.intervals) || compareRefs(diagram, a.child, b.child);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareIntervals(left: Edge['intervals'], right: Edge['intervals']): number {
  for (const [index, [lower, upper]] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = compareEnds(lower, other[0], -1) || compareEnds(upper, other[1], 1);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** @param infinity Where an open end lies: before all cuts, or after them. */
function compareEnds(left: Cut | undefined, right: Cut | undefined, infinity: -1 | 1): number {
  if (left === undefined || right === undefined) return left === right ? 0 : left === undefined ? infinity : -infinity;
  return compareCuts(left, right);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
