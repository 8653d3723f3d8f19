/**
 * Markers under assumptions: drop what is known anyway.
 *
 * A result means what the marker meant only where the assumption holds. That is
 * what makes it shorter; do not evaluate it elsewhere.
 */

import { type Cut, type Interval, intersectInterval } from './marker-cut.ts';
import { type Diagram, type DiagramNode, FALSE, type NodeRef, opposite, TRUE } from './marker-diagram.ts';
import type { DiagramVariable } from './marker-variable.ts';

/** Assume that `python_full_version` is in `frame`. */
export function assumePython(diagram: Diagram, ref: NodeRef, frame: Interval): NodeRef {
  if (isConstant(ref)) return ref;
  const node = diagram.node(ref);
  if (!asksPython(node)) return diagram.mapChildren(ref, (child) => assumePython(diagram, child, frame));
  const cuts: Cut[] = [];
  const children: NodeRef[] = [];
  for (const [index, child] of diagram.children(ref).entries()) {
    const interval = { lower: node.cuts[index - 1], upper: node.cuts[index] };
    if (intersectInterval(interval, frame) === undefined) continue;
    if (children.length > 0 && interval.lower !== undefined) cuts.push(interval.lower);
    children.push(child);
  }
  return children.length === 0 ? FALSE : diagram.create(node.variable, cuts, children);
}

/** The intervals of `python_full_version` in which the marker can hold, ascending; neighbours may touch. */
export function possiblePythons(diagram: Diagram, ref: NodeRef): readonly Interval[] {
  return pythonIntervals(diagram, projectOntoPython(diagram, ref));
}

function pythonIntervals(diagram: Diagram, ref: NodeRef): readonly Interval[] {
  if (ref === FALSE) return [];
  if (ref === TRUE) return [{ lower: undefined, upper: undefined }];
  const { cuts } = diagram.node(ref);
  return diagram
    .children(ref)
    .map((child, index) => ({ child, lower: cuts[index - 1], upper: cuts[index] }))
    .filter(({ child }) => child !== FALSE)
    .map(({ lower, upper }) => ({ lower, upper }));
}

function projectOntoPython(diagram: Diagram, ref: NodeRef): NodeRef {
  if (isConstant(ref)) return ref;
  if (asksPython(diagram.node(ref))) {
    return diagram.mapChildren(ref, (child) => (child === FALSE ? FALSE : TRUE));
  }
  return anyChild(diagram, ref, (child) => projectOntoPython(diagram, child));
}

function asksPython({ variable }: DiagramNode): boolean {
  return variable.kind === 'version' && variable.name === 'python_full_version';
}

/** Assume `answer(variable)` for the yes-or-no variables; `undefined` assumes nothing. */
export function assumeAnswers(
  diagram: Diagram,
  ref: NodeRef,
  answer: (variable: DiagramVariable) => boolean | undefined,
): NodeRef {
  if (isConstant(ref)) return ref;
  const known = answer(diagram.node(ref).variable);
  if (known === undefined) return diagram.mapChildren(ref, (child) => assumeAnswers(diagram, child, answer));
  const child = diagram.children(ref)[known ? 1 : 0] ?? FALSE;
  return assumeAnswers(diagram, child, answer);
}

/** The marker with every variable for which `isForgotten` could be anything: it holds if some value makes it hold. */
export function forgetVariables(
  diagram: Diagram,
  ref: NodeRef,
  isForgotten: (variable: DiagramVariable) => boolean,
): NodeRef {
  const known = new Map<NodeRef, NodeRef>();
  const forget = (current: NodeRef): NodeRef => {
    if (isConstant(current)) return current;
    let result = known.get(current);
    if (result === undefined) {
      result = isForgotten(diagram.node(current).variable)
        ? anyChild(diagram, current, forget)
        : diagram.mapChildren(current, forget);
      known.set(current, result);
    }
    return result;
  };
  return forget(ref);
}

function anyChild(diagram: Diagram, ref: NodeRef, change: (child: NodeRef) => NodeRef): NodeRef {
  return diagram.children(ref).reduce((all, child) => diagram.or(all, change(child)), FALSE);
}

/** Assume that `assumption` holds. Branches it rules out take the answer of the first branch it allows. */
export function assumeMarker(diagram: Diagram, ref: NodeRef, assumption: NodeRef): NodeRef {
  const known = new Map<string, NodeRef>();
  const assume = (value: NodeRef, given: NodeRef): NodeRef => {
    if (given === TRUE || isConstant(value)) return value;
    if (given === FALSE || value === opposite(given)) return FALSE;
    if (value === given) return TRUE;
    const key = `${value},${given}`;
    let result = known.get(key);
    if (result === undefined) known.set(key, (result = assumeStep(diagram, { value, given }, assume)));
    return result;
  };
  return assume(ref, assumption);
}

function assumeStep(
  diagram: Diagram,
  { value, given }: { value: NodeRef; given: NodeRef },
  assume: (value: NodeRef, given: NodeRef) => NodeRef,
): NodeRef {
  const [asked, assumed] = [diagram.node(value), diagram.node(given)];
  if (asked.variableKey < assumed.variableKey) return diagram.mapChildren(value, (child) => assume(child, given));
  if (asked.variableKey > assumed.variableKey) {
    return assume(
      value,
      anyChild(diagram, given, (child) => child),
    );
  }
  const steps = [...diagram.overlay(value, given)].map((step) => ({
    upper: step.upper,
    child: step.right === FALSE ? undefined : assume(step.left, step.right),
  }));
  const fallback = steps.find(({ child }) => child !== undefined)?.child ?? FALSE;
  const cuts = steps.map(({ upper }) => upper).filter((cut) => cut !== undefined);
  return diagram.create(
    asked.variable,
    cuts,
    steps.map(({ child }) => child ?? fallback),
  );
}

function isConstant(ref: NodeRef): boolean {
  return ref === TRUE || ref === FALSE;
}
