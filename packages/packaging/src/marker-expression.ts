/**
 * A marker as somebody wrote it: comparisons joined by `and` and `or`.
 *
 * This form keeps everything the text says, so that evaluation can follow the
 * standard to the letter. `marker-lowering.ts` turns it into a decision diagram.
 */

import type { MarkerVariable } from './marker-environment.ts';

export type MarkerOperator = '==' | '!=' | '<=' | '>=' | '<' | '>' | '~=' | '===' | 'in' | 'not in';

export interface MarkerComparison {
  readonly kind: 'comparison';
  readonly variable: MarkerVariable;
  readonly operator: MarkerOperator;
  readonly literal: string;
  /** The literal stood on the left: `'3.8' <= python_version`. The operator is as written. */
  readonly reversed: boolean;
}

/**
 * A comparison without a meaning: of two variables, of two literals. It neither
 * grants nor denies, so the marker is read as if it were not there.
 */
export interface MeaninglessComparison {
  readonly kind: 'meaningless';
}

export interface MarkerJunction {
  readonly kind: 'and' | 'or';
  readonly operands: readonly MarkerExpression[];
}

export type MarkerExpression = MarkerComparison | MeaninglessComparison | MarkerJunction;

const MIRRORED: ReadonlyMap<MarkerOperator, MarkerOperator> = new Map([
  ['<', '>'],
  ['>', '<'],
  ['<=', '>='],
  ['>=', '<='],
]);

/** The operator that says the same with its sides exchanged. */
export function mirrored(operator: MarkerOperator): MarkerOperator {
  return MIRRORED.get(operator) ?? operator;
}
