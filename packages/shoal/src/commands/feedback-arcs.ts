/**
 * Edges whose removal leaves a directed graph without cycles: few of them, not fewest.
 *
 * Of equals, the node whose neighbours were taken last goes first: a cycle is then entered where the rest of the graph
 * leads into it.
 *
 * @see Eades, Lin, Smyth: A fast and effective heuristic for the feedback arc set problem (1993)
 */

export interface Arc {
  readonly from: number;
  readonly to: number;
}

/** @returns the members of `arcs` that point backwards in the order found, loops included. */
export function feedbackArcs<Edge extends Arc>(arcs: readonly Edge[]): ReadonlySet<Edge> {
  const position = new NodeSequence(arcs).positions();
  const placeOf = (node: number): number => position.get(node) ?? 0;
  return new Set(arcs.filter(({ from, to }) => placeOf(to) <= placeOf(from)));
}

interface Waiting {
  readonly node: number;
  outgoing: number;
  incoming: number;
  /** When it was last touched; the latest is taken first. */
  touched: number;
}

/** Sources first, sinks last; in between, of those in cycles, the one with most arcs out for its arcs in. */
class NodeSequence {
  readonly #arcs: readonly Arc[];
  readonly #waiting: Map<number, Waiting> = new Map();
  #clock = 0;

  constructor(arcs: readonly Arc[]) {
    this.#arcs = arcs;
    for (const { from, to } of arcs) {
      this.#entry(from).outgoing += 1;
      this.#entry(to).incoming += 1;
    }
  }

  positions(): ReadonlyMap<number, number> {
    const first: number[] = [];
    const last: number[] = [];
    while (this.#waiting.size > 0) {
      for (let sink = this.#best(isSink); sink !== undefined; sink = this.#best(isSink)) last.push(this.#take(sink));
      for (let source = this.#best(isSource); source !== undefined; source = this.#best(isSource))
        first.push(this.#take(source));
      const steepest = this.#best(() => true);
      if (steepest !== undefined) first.push(this.#take(steepest));
    }
    return new Map([...first, ...last.reverse()].map((node, position) => [node, position]));
  }

  #entry(node: number): Waiting {
    const known = this.#waiting.get(node);
    if (known !== undefined) return known;
    const entry: Waiting = { node, outgoing: 0, incoming: 0, touched: (this.#clock += 1) };
    this.#waiting.set(node, entry);
    return entry;
  }

  #best(accepts: (one: Waiting) => boolean): Waiting | undefined {
    const slope = (one: Waiting): number => (isSink(one) || isSource(one) ? 0 : one.outgoing - one.incoming);
    let best: Waiting | undefined;
    for (const one of this.#waiting.values()) {
      if (!accepts(one)) continue;
      const order = best === undefined ? 1 : slope(one) - slope(best) || one.touched - best.touched;
      if (order > 0) best = one;
    }
    return best;
  }

  #take({ node }: Waiting): number {
    this.#waiting.delete(node);
    for (const { from, to } of this.#arcs) {
      if (from === node) this.#touch(to, 'incoming');
      if (to === node) this.#touch(from, 'outgoing');
    }
    return node;
  }

  #touch(node: number, end: 'incoming' | 'outgoing'): void {
    const entry = this.#waiting.get(node);
    if (entry === undefined) return;
    entry[end] -= 1;
    entry.touched = this.#clock += 1;
  }
}

function isSink({ outgoing }: Waiting): boolean {
  return outgoing === 0;
}

function isSource(one: Waiting): boolean {
  return one.incoming === 0 && !isSink(one);
}
