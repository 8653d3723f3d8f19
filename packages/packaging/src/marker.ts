/**
 * Environment markers (PEP 508): the condition of a requirement.
 *
 * ## Two readings
 * A marker that was parsed is evaluated exactly as it is written. The algebra
 * (`andMarkers()` and everything below it) works on decision diagrams, which
 * read a few rare comparisons more coarsely; see `marker-lowering.ts`. Markers
 * that the algebra made are evaluated by their diagram. The diagram is built on
 * first need: parsing and evaluating alone never pay for it.
 *
 * ## Guarantees
 * - Markers never change. Equal meaning is {@link markersEqual}, not `===`.
 * - The text of a marker depends on its meaning alone, and is the text uv gives it.
 */

import { Diagram, FALSE, type NodeRef, opposite, TRUE } from './marker-diagram.ts';
import { evaluateDiagram } from './marker-diagram-evaluation.ts';
import type { MarkerEnvironment } from './marker-environment.ts';
import { evaluateExpression } from './marker-evaluation.ts';
import type { MarkerExpression } from './marker-expression.ts';
import { lowerMarker } from './marker-lowering.ts';
import { formatClauses } from './marker-format.ts';
import { disjunctiveClauses } from './marker-normal-form.ts';
import { parseMarkerExpression } from './marker-parser.ts';
import { PlatformKnowledge } from './marker-platform.ts';
import type { NormalizedName } from './name.ts';

/** All markers of a process share nodes: a resolver compares markers of thousands of sources. */
const diagram = new Diagram();
const platforms = new PlatformKnowledge(diagram);

const NO_NAMES: ReadonlySet<NormalizedName> = new Set();

/** A condition on the environment, the extras and the dependency groups. */
export class Marker {
  readonly #written: MarkerExpression | undefined;
  #ref: NodeRef | undefined;

  /** For this package: others use {@link parseMarker} and the algebra. */
  constructor(form: { readonly written: MarkerExpression } | { readonly ref: NodeRef }) {
    this.#written = 'written' in form ? form.written : undefined;
    this.#ref = 'ref' in form ? form.ref : undefined;
  }

  /** What was parsed; `undefined` for a marker that the algebra made. */
  get written(): MarkerExpression | undefined {
    return this.#written;
  }

  get ref(): NodeRef {
    this.#ref ??= this.#written === undefined ? TRUE : lowerMarker({ diagram, platforms }, this.#written);
    return this.#ref;
  }

  /** The normal form, for messages and logs. */
  toString(): string {
    return formatMarker(this) ?? 'true';
  }
}

/** Holds always. */
export const trueMarker: Marker = new Marker({ ref: TRUE });

/** Holds never. */
export const falseMarker: Marker = new Marker({ ref: FALSE });

/**
 * @param text All of the marker, without the `;` before it.
 * @throws {InvalidMarkerError} `position` is where in `text` the fault begins.
 */
export function parseMarker(text: string): Marker {
  return new Marker({ written: parseMarkerExpression(text) });
}

/** @returns `undefined` for a marker that always holds; the impossible `python_version < '0'` for one that never does. */
export function formatMarker(marker: Marker): string | undefined {
  if (marker.ref === TRUE) return undefined;
  if (marker.ref === FALSE) return "python_version < '0'";
  return formatClauses(disjunctiveClauses(diagram, marker.ref));
}

/**
 * @param extras The extras asked for; a comparison with `extra` holds if it does for one of them.
 * @param groups The dependency groups asked for (PEP 751's `dependency_groups`).
 */
export function evaluateMarker(
  marker: Marker,
  environment: MarkerEnvironment,
  extras: ReadonlySet<NormalizedName> = NO_NAMES,
  groups: ReadonlySet<NormalizedName> = NO_NAMES,
): boolean {
  const question = { environment, extras, groups };
  if (marker.written !== undefined) return evaluateExpression(marker.written, question) ?? true;
  return evaluateDiagram(diagram, marker.ref, question);
}

export function andMarkers(left: Marker, right: Marker): Marker {
  return markerOfRef(diagram.and(left.ref, right.ref), left, right);
}

export function orMarkers(left: Marker, right: Marker): Marker {
  return markerOfRef(diagram.or(left.ref, right.ref), left, right);
}

export function notMarker(marker: Marker): Marker {
  return markerOfRef(opposite(marker.ref));
}

export function isTrueMarker(marker: Marker): boolean {
  return marker.ref === TRUE;
}

/** Whether the marker is known to hold nowhere. */
export function isFalseMarker(marker: Marker): boolean {
  return marker.ref === FALSE;
}

export function markersEqual(left: Marker, right: Marker): boolean {
  return left.ref === right.ref;
}

/** Whether the two are known never to hold together. */
export function areMarkersDisjoint(left: Marker, right: Marker): boolean {
  return platforms.canonical(diagram.and(left.ref, right.ref)) === FALSE;
}

/** Whether `consequence` holds wherever `marker` does. */
export function markerImplies(marker: Marker, consequence: Marker): boolean {
  return areMarkersDisjoint(marker, notMarker(consequence));
}

/** A number that is equal for equal markers of this process only: a key for a `Map`. */
export function markerKey(marker: Marker): number {
  return marker.ref;
}

/** For this package: the marker of a node, which is one of `candidates` where that is the same. */
export function markerOfRef(ref: NodeRef, ...candidates: readonly Marker[]): Marker {
  const canonical = platforms.canonical(ref);
  if (canonical === TRUE) return trueMarker;
  if (canonical === FALSE) return falseMarker;
  return candidates.find((candidate) => candidate.ref === canonical) ?? new Marker({ ref: canonical });
}

/** For this package: the diagram behind every {@link Marker}. */
export function sharedDiagram(): Diagram {
  return diagram;
}
