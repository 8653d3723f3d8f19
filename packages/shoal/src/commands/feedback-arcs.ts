/**
 * Edges whose removal leaves a directed graph without cycles: few of them, not fewest.
 *
 * @see Eades, Lin, Smyth: A fast and effective heuristic for the feedback arc set problem (1993)
 */

export interface Arc {
  readonly from: number;
  readonly to: number;
}

/** @param size Nodes are the numbers below it. @returns the members of `arcs` that point backwards in the order found, loops included. */
export function feedbackArcs<Edge extends Arc>(size: number, arcs: readonly Edge[]): ReadonlySet<Edge> {
  const position = new Map(orderNodes(size, arcs).map((node, at) => [node, at]));
  const placeOf = (node: number): number => position.get(node) ?? 0;
  return new Set(arcs.filter(({ from, to }) => placeOf(to) <= placeOf(from)));
}

/** Sources first, sinks last; of those in cycles, the one whose arcs go out most. */
function orderNodes(size: number, arcs: readonly Arc[]): readonly number[] {
  const between = arcs.filter(({ from, to }) => from !== to);
  const remaining = new Set(Array.from({ length: size }, (_, node) => node));
  const outgoing = countBy(size, between, 'from');
  const incoming = countBy(size, between, 'to');
  const first: number[] = [];
  const last: number[] = [];
  const at = (counts: readonly number[], node: number): number => counts[node] ?? 0;
  while (remaining.size > 0) {
    const sink = find(remaining, (node) => at(outgoing, node) === 0);
    const source = sink === undefined ? find(remaining, (node) => at(incoming, node) === 0) : undefined;
    const next = sink ?? source ?? steepest(remaining, (node) => at(outgoing, node) - at(incoming, node));
    if (sink === undefined) first.push(next);
    else last.push(next);
    remaining.delete(next);
    for (const { from, to } of between) {
      if (from === next && remaining.has(to)) incoming[to] = at(incoming, to) - 1;
      if (to === next && remaining.has(from)) outgoing[from] = at(outgoing, from) - 1;
    }
  }
  return [...first, ...last.reverse()];
}

function countBy(size: number, arcs: readonly Arc[], end: keyof Arc): number[] {
  const counts = new Array<number>(size).fill(0);
  for (const arc of arcs) counts[arc[end]] = (counts[arc[end]] ?? 0) + 1;
  return counts;
}

function find(nodes: Iterable<number>, accepts: (node: number) => boolean): number | undefined {
  for (const node of nodes) if (accepts(node)) return node;
  return undefined;
}

function steepest(nodes: ReadonlySet<number>, slope: (node: number) => number): number {
  const [first = 0, ...others] = nodes;
  return others.reduce((best, node) => (slope(node) > slope(best) ? node : best), first);
}
