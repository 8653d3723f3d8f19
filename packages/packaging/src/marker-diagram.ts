/**
 * Markers as reduced, ordered decision diagrams.
 *
 * A node asks for one variable; the cuts divide its values into intervals, and
 * each interval leads to a child. On every path variables come in the order of
 * `marker-variable.ts`.
 *
 * ## Guarantees
 * - Two markers that answer all environments alike, possible or not, are the
 *   same {@link NodeRef}: nodes are interned, neighbours with one child are
 *   merged, and a node whose children are all one is that child. What is not
 *   possible is left to `marker-platform.ts`.
 * - Negation is free: a reference has a bit that says "the opposite of".
 *
 * ## Limits
 * - Nodes are never given back: a process meets a few thousand at most.
 * - An `in` with text is a variable of its own, unrelated to the value it speaks of.
 */

import { type Cut, compareCuts, cutAt, type IntervalSet, TRUTH_CUT } from './marker-cut.ts';
import { type DiagramVariable, variableKey } from './marker-variable.ts';

/** A node of a {@link Diagram}, or its opposite when the lowest bit is set. */
export type NodeRef = number;

export const TRUE: NodeRef = 0;
export const FALSE: NodeRef = 1;

export interface DiagramNode {
  readonly variable: DiagramVariable;
  readonly variableKey: string;
  readonly cuts: readonly Cut[];
  /** One more than `cuts`, ascending. Read them through {@link Diagram.children}. */
  readonly children: readonly NodeRef[];
}

export function opposite(ref: NodeRef): NodeRef {
  return ref ^ 1;
}

export class Diagram {
  readonly #nodes: DiagramNode[] = [];
  readonly #refs = new Map<string, NodeRef>();
  readonly #conjunctions = new Map<number, Map<number, NodeRef>>();

  /** The node behind `ref`, which must be neither {@link TRUE} nor {@link FALSE}. */
  node(ref: NodeRef): DiagramNode {
    const node = this.#nodes[(ref >> 1) - 1];
    if (node === undefined) throw new RangeError(`No node ${ref} in the marker diagram`);
    return node;
  }

  /** The children of the node behind `ref`, negated when `ref` is. */
  children(ref: NodeRef): readonly NodeRef[] {
    const { children } = this.node(ref);
    return (ref & 1) === 0 ? children : children.map(opposite);
  }

  /** The diagram that asks `variable` and goes to `children[i]` in the interval between `cuts[i - 1]` and `cuts[i]`. */
  create(variable: DiagramVariable, cuts: readonly Cut[], children: readonly NodeRef[]): NodeRef {
    const [first, ...others] = children;
    if (first === undefined) throw new RangeError('A marker node needs a child');
    const keptCuts: Cut[] = [];
    const keptChildren: NodeRef[] = [first];
    for (const [index, child] of others.entries()) {
      const cut = cuts[index];
      if (child === keptChildren.at(-1) || cut === undefined) continue;
      keptCuts.push(cut);
      keptChildren.push(child);
    }
    return keptCuts.length === 0 ? first : this.#intern(variable, keptCuts, keptChildren);
  }

  /** The marker that holds where the value of `variable` is in one of `intervals`. */
  ofIntervals(variable: DiagramVariable, intervals: IntervalSet): NodeRef {
    const cuts: Cut[] = [];
    const children: NodeRef[] = [];
    for (const { lower, upper } of intervals) {
      if (lower !== undefined) {
        cuts.push(lower);
        children.push(FALSE);
      }
      children.push(TRUE);
      if (upper !== undefined) cuts.push(upper);
    }
    if (cuts.length === children.length) children.push(FALSE);
    return this.create(variable, cuts, children);
  }

  /** The marker that holds where the text variable has exactly `value`. */
  ofText(variable: DiagramVariable, value: string): NodeRef {
    return this.ofIntervals(variable, [{ lower: cutAt(value, false), upper: cutAt(value, true) }]);
  }

  /** The marker that holds where a yes-or-no variable says yes. */
  ofTruth(variable: DiagramVariable): NodeRef {
    return this.create(variable, [TRUTH_CUT], [FALSE, TRUE]);
  }

  and(left: NodeRef, right: NodeRef): NodeRef {
    const settled = settleAnd(left, right);
    if (settled !== undefined) return settled;
    const [low, high] = left < right ? [left, right] : [right, left];
    let row = this.#conjunctions.get(low);
    if (row === undefined) this.#conjunctions.set(low, (row = new Map()));
    let result = row.get(high);
    if (result === undefined) {
      result = this.merge(left, right, (a, b) => this.and(a, b));
      row.set(high, result);
    }
    return result;
  }

  or(left: NodeRef, right: NodeRef): NodeRef {
    return opposite(this.and(opposite(left), opposite(right)));
  }

  /** Apply `combine` to the children of two nodes, interval by interval, below the variable that comes first. */
  merge(left: NodeRef, right: NodeRef, combine: (left: NodeRef, right: NodeRef) => NodeRef): NodeRef {
    const a = this.node(left);
    const b = this.node(right);
    if (a.variableKey < b.variableKey) return this.mapChildren(left, (child) => combine(child, right));
    if (a.variableKey > b.variableKey) return this.mapChildren(right, (child) => combine(left, child));
    const cuts: Cut[] = [];
    const children: NodeRef[] = [];
    for (const step of this.overlay(left, right)) {
      children.push(combine(step.left, step.right));
      if (step.upper !== undefined) cuts.push(step.upper);
    }
    return this.create(a.variable, cuts, children);
  }

  /** The intervals that the cuts of two nodes of one variable make together, with the child of either. */
  *overlay(
    left: NodeRef,
    right: NodeRef,
  ): Generator<{ readonly left: NodeRef; readonly right: NodeRef; readonly upper: Cut | undefined }> {
    const [aCuts, aChildren] = [this.node(left).cuts, this.children(left)];
    const [bCuts, bChildren] = [this.node(right).cuts, this.children(right)];
    let a = 0;
    let b = 0;
    while (true) {
      const aCut = aCuts[a];
      const bCut = bCuts[b];
      const order = aCut === undefined ? 1 : bCut === undefined ? -1 : compareCuts(aCut, bCut);
      const upper = order <= 0 ? aCut : bCut;
      yield { left: aChildren[a] ?? FALSE, right: bChildren[b] ?? FALSE, upper };
      if (upper === undefined) return;
      if (order <= 0) a += 1;
      if (order === 0 || (order > 0 && bCut !== undefined)) b += 1;
    }
  }

  /** The same question with other children. */
  mapChildren(ref: NodeRef, change: (child: NodeRef) => NodeRef): NodeRef {
    const { variable, cuts } = this.node(ref);
    return this.create(variable, cuts, this.children(ref).map(change));
  }

  /** The first child is kept plain, so that a marker and its opposite share one node. */
  #intern(variable: DiagramVariable, cuts: readonly Cut[], children: readonly NodeRef[]): NodeRef {
    const negated = ((children[0] ?? 0) & 1) === 1;
    const plain = negated ? children.map(opposite) : children;
    const variableText = variableKey(variable);
    // Texts of markers hold no NUL, so that equal keys are equal nodes.
    const key = `${variableText}\0${cuts.map((cut) => cut.key).join('\0')}\0\0${plain.join(' ')}`;
    let ref = this.#refs.get(key);
    if (ref === undefined) {
      ref = this.#nodes.push({ variable, variableKey: variableText, cuts, children: plain }) << 1;
      this.#refs.set(key, ref);
    }
    return negated ? opposite(ref) : ref;
  }
}

function settleAnd(left: NodeRef, right: NodeRef): NodeRef | undefined {
  if (left === TRUE) return right;
  if (right === TRUE || left === right) return left;
  if (left === FALSE || right === FALSE || left === opposite(right)) return FALSE;
  return undefined;
}
