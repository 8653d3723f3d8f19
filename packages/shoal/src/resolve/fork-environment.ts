/**
 * The environments one fork of a resolution is for: one interpreter, or all that a marker describes.
 *
 * A fork of a universal resolution only sees dependencies whose marker can hold together with its own.
 */
import {
  andMarkers,
  areMarkersDisjoint,
  evaluateMarker,
  isFalseMarker,
  isTrueMarker,
  markerPythonRange,
  notMarker,
  type Marker,
  type MarkerEnvironment,
} from '@shoal/packaging';
import { boundsOfRange, type PythonBounds } from './python-bounds.ts';

export type ForkEnvironment =
  | { readonly kind: 'specific'; readonly markers: MarkerEnvironment }
  | { readonly kind: 'universal'; readonly marker: Marker };

/** False when the fork and the marker can never hold together. One interpreter is not asked here. */
export function includesMarker(environment: ForkEnvironment, marker: Marker): boolean {
  return environment.kind === 'specific' || !areMarkersDisjoint(environment.marker, marker);
}

/** Whether the marker holds, extras aside: for one interpreter; a fork may always meet it. */
export function meetsMarker(environment: ForkEnvironment, marker: Marker): boolean {
  if (environment.kind === 'universal' || isTrueMarker(marker)) return !isFalseMarker(marker);
  return evaluateMarker(marker, environment.markers);
}

export function narrowEnvironment(environment: ForkEnvironment, marker: Marker): ForkEnvironment {
  if (environment.kind === 'specific') return environment;
  return { kind: 'universal', marker: andMarkers(environment.marker, marker) };
}

/** The marker of a fork; one interpreter has none. */
export function markerOfEnvironment(environment: ForkEnvironment): Marker | undefined {
  return environment.kind === 'specific' ? undefined : environment.marker;
}

/** The bounds the marker of the fork puts on Python; `undefined` when it puts none. */
export function pythonOfEnvironment(environment: ForkEnvironment): PythonBounds | undefined {
  return environment.kind === 'specific' ? undefined : pythonOfMarker(environment.marker);
}

/** The bounds a marker puts on Python; `undefined` when it puts none. */
export function pythonOfMarker(marker: Marker): PythonBounds | undefined {
  if (isTrueMarker(marker) || isFalseMarker(marker)) return undefined;
  const range = markerPythonRange(marker);
  if (range === undefined) return undefined;
  const bounds = boundsOfRange(range);
  return bounds.lower === undefined && bounds.upper === undefined ? undefined : bounds;
}

/** Two forks, under the marker and under its opposite; `undefined` when one of them is impossible. */
export function splitEnvironment(
  environment: ForkEnvironment,
  marker: Marker,
): readonly [ForkEnvironment, ForkEnvironment] | undefined {
  const opposite = notMarker(marker);
  if (!includesMarker(environment, marker) || !includesMarker(environment, opposite)) return undefined;
  return [narrowEnvironment(environment, marker), narrowEnvironment(environment, opposite)];
}
