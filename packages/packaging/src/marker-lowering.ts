/**
 * A marker as written to a decision diagram.
 *
 * The diagram needs every comparison to be true or false of a value, with the
 * opposite comparison true of all others. Three things are therefore read more
 * coarsely than by evaluation, in the way uv reads them:
 * - versions count with their release alone (`3.13.0b1` is `3.13.0`);
 * - `in` a list of versions is membership, not a search for text;
 * - a comparison that cannot be expressed is left out.
 */

import { type Diagram, FALSE, type NodeRef, opposite, TRUE } from './marker-diagram.ts';
import { complementIntervals, cutAt, type IntervalSet } from './marker-cut.ts';
import { type MarkerComparison, type MarkerExpression, type MarkerOperator, mirrored } from './marker-expression.ts';
import { tryNormalizeName } from './name.ts';
import type { TextVariableName } from './marker-variable.ts';
import { lowerVersionComparison } from './marker-version-lowering.ts';

/** @returns `undefined` when nothing in the expression can be expressed. */
export function lowerExpression(diagram: Diagram, expression: MarkerExpression): NodeRef | undefined {
  switch (expression.kind) {
    case 'meaningless':
      return undefined;
    case 'comparison':
      return lowerComparison(diagram, expression);
    case 'and':
    case 'or':
      return lowerJunction(diagram, expression.kind, expression.operands);
  }
}

function lowerJunction(
  diagram: Diagram,
  kind: 'and' | 'or',
  operands: readonly MarkerExpression[],
): NodeRef | undefined {
  let result: NodeRef | undefined;
  for (const operand of operands) {
    const ref = lowerExpression(diagram, operand);
    if (ref === undefined) continue;
    result = result === undefined ? ref : kind === 'and' ? diagram.and(result, ref) : diagram.or(result, ref);
  }
  return result;
}

function lowerComparison(diagram: Diagram, comparison: MarkerComparison): NodeRef | undefined {
  switch (comparison.variable) {
    case 'extra':
      return lowerExtra(diagram, comparison);
    case 'extras':
    case 'dependency_groups':
      return lowerList(diagram, comparison);
    case 'python_version':
    case 'python_full_version':
    case 'implementation_version':
      return lowerVersionComparison(diagram, comparison.variable, comparison);
    default:
      return lowerText(diagram, comparison.variable, comparison);
  }
}

/** No extra can have an invalid name, so any question about one is answered with no. */
function lowerExtra(diagram: Diagram, { operator, literal }: MarkerComparison): NodeRef | undefined {
  if (operator !== '==' && operator !== '!=') return undefined;
  const name = tryNormalizeName(literal);
  if (name === undefined) return FALSE;
  const isAsked = diagram.ofTruth({ kind: 'extra', value: name });
  return operator === '==' ? isAsked : opposite(isAsked);
}

function lowerList(diagram: Diagram, { variable, operator, literal }: MarkerComparison): NodeRef {
  const kind = variable === 'extras' ? 'extras' : 'group';
  const isListed = diagram.ofTruth({ kind, value: tryNormalizeName(literal) ?? literal });
  return operator === 'in' ? isListed : opposite(isListed);
}

function lowerText(diagram: Diagram, name: TextVariableName, comparison: MarkerComparison): NodeRef | undefined {
  const { literal, reversed } = comparison;
  const operator = reversed ? mirrored(comparison.operator) : comparison.operator;
  if (operator === '~=') return undefined;
  if (operator === 'in' || operator === 'not in') {
    const isFound = diagram.ofTruth({ kind: reversed ? 'contains' : 'within', name, value: literal });
    return operator === 'in' ? isFound : opposite(isFound);
  }
  const platform = name === 'platform_system' ? PLATFORM_OF_SYSTEM.get(literal) : undefined;
  const variable = { kind: 'text', name: platform === undefined ? name : 'sys_platform' } as const;
  const isOrdered = name === 'platform_release' || name === 'platform_version';
  const intervals = textIntervals(operator, platform ?? literal, isOrdered);
  return intervals.length === 0 ? FALSE : diagram.ofIntervals(variable, intervals);
}

/** Values of `platform_system` that say exactly what a value of `sys_platform` says. */
const PLATFORM_OF_SYSTEM: ReadonlyMap<string, string> = new Map([
  ['Windows', 'win32'],
  ['Darwin', 'darwin'],
  ['Linux', 'linux'],
  ['AIX', 'aix'],
  ['Emscripten', 'emscripten'],
  ['Android', 'android'],
]);

/** @param isOrdered Whether `<` compares texts; otherwise it never holds and `<=` is equality (PEP 508 for strings). */
function textIntervals(
  operator: Exclude<MarkerOperator, 'in' | 'not in' | '~='>,
  value: string,
  isOrdered: boolean,
): IntervalSet {
  const before = cutAt(value, false);
  const after = cutAt(value, true);
  const equal = [{ lower: before, upper: after }];
  switch (operator) {
    case '==':
    case '===':
      return equal;
    case '!=':
      return complementIntervals(equal);
    case '<':
      return isOrdered ? [{ lower: undefined, upper: before }] : [];
    case '>':
      return isOrdered ? [{ lower: after, upper: undefined }] : [];
    case '<=':
      return isOrdered ? [{ lower: undefined, upper: after }] : equal;
    case '>=':
      return isOrdered ? [{ lower: before, upper: undefined }] : equal;
  }
}

/** The diagram of an expression that may say nothing, which restricts nothing. */
export function lowerMarker(diagram: Diagram, expression: MarkerExpression): NodeRef {
  return lowerExpression(diagram, expression) ?? TRUE;
}
