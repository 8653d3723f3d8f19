import type { ForkState } from './fork-state.ts';
import { boundsOfRange, type PythonBounds } from './python-bounds.ts';
import type { SolveContext } from './solve-context.ts';

/** The Pythons as they were asked for, which people know, rather than those of one fork. */
export function wantedPython({ input: { target } }: SolveContext, { python }: ForkState): PythonBounds {
  return target.kind === 'universal' ? boundsOfRange(target.requiresPython) : python;
}
