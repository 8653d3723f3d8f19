/** Markers under assumptions about extras, and about each other. */

import { FALSE } from './marker-diagram.ts';
import { disjunctiveClauses } from './marker-normal-form.ts';
import { assumeAnswers, assumeMarker, forgetVariables } from './marker-restriction.ts';
import type { DiagramVariable } from './marker-variable.ts';
import { type Marker, markerOfRef, sharedDiagram } from './marker.ts';
import { type NormalizedName, tryNormalizeName } from './name.ts';

/** Assume that these extras were asked for, and drop them from the marker. Others stay. */
export function simplifyMarkerExtras(marker: Marker, extras: ReadonlySet<NormalizedName>): Marker {
  return answerExtras(marker, (name) => (hasName(extras, name) ? true : undefined));
}

/** Assume that these extras were not asked for (all of them, when none are named), and drop them from the marker. Others stay. */
export function simplifyMarkerNotExtras(marker: Marker, extras?: ReadonlySet<NormalizedName>): Marker {
  return answerExtras(marker, (name) => (extras === undefined || hasName(extras, name) ? false : undefined));
}

/** Whether some environment lets the marker hold when exactly these extras are asked for. */
export function evaluateMarkerExtras(marker: Marker, extras: ReadonlySet<NormalizedName>): boolean {
  return answerExtras(marker, (name) => hasName(extras, name)).ref !== FALSE;
}

/** The marker without its questions about `extra`: it holds if some set of extras makes it hold. */
export function withoutExtras(marker: Marker): Marker {
  return markerOfRef(forgetVariables(sharedDiagram(), marker.ref, isExtra), marker);
}

/** What the marker asks about `extra` and nothing else: it holds if some environment makes it hold. */
export function onlyExtras(marker: Marker): Marker {
  return markerOfRef(
    forgetVariables(sharedDiagram(), marker.ref, (variable) => !isExtra(variable)),
    marker,
  );
}

/** `extra == '…'`. */
export function markerOfExtra(extra: NormalizedName): Marker {
  return markerOfRef(sharedDiagram().ofTruth({ kind: 'extra', value: extra }));
}

/** The extra without which the marker never holds, as in `extra == 'x' and …`; `undefined` when there is none. */
export function topLevelExtra(marker: Marker): NormalizedName | undefined {
  let found: string | undefined;
  for (const clause of disjunctiveClauses(sharedDiagram(), marker.ref)) {
    const name = clause.find(({ variable, operator }) => variable === 'extra' && operator === '==')?.value;
    if (name === undefined || (found !== undefined && found !== name)) return undefined;
    found = name;
  }
  return found === undefined ? undefined : tryNormalizeName(found);
}

/**
 * The marker where `assumption` holds, in fewer words; elsewhere the result may say anything.
 * Conjoin the assumption before using it on its own.
 */
export function restrictMarker(marker: Marker, assumption: Marker): Marker {
  return markerOfRef(assumeMarker(sharedDiagram(), marker.ref, assumption.ref), marker);
}

function answerExtras(marker: Marker, answer: (name: string) => boolean | undefined): Marker {
  const answerVariable = (variable: DiagramVariable): boolean | undefined =>
    variable.kind === 'extra' ? answer(variable.value) : undefined;
  return markerOfRef(assumeAnswers(sharedDiagram(), marker.ref, answerVariable), marker);
}

function isExtra(variable: DiagramVariable): boolean {
  return variable.kind === 'extra';
}

function hasName(names: ReadonlySet<string>, name: string): boolean {
  return names.has(name);
}
