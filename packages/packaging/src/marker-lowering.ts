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
import type { PlatformKnowledge } from './marker-platform.ts';
import { lowerReleaseVersion, lowerVersionComparison } from './marker-version-lowering.ts';

/** The diagram to build in, and what is known of platforms. */
export interface LoweringTarget {
  readonly diagram: Diagram;
  readonly platforms: PlatformKnowledge;
}

/** The diagram of an expression; one that says nothing restricts nothing. */
export function lowerMarker(target: LoweringTarget, expression: MarkerExpression): NodeRef {
  return lowerExpression(target, expression) ?? TRUE;
}

/** @returns `undefined` when nothing in the expression can be expressed. */
function lowerExpression(target: LoweringTarget, expression: MarkerExpression): NodeRef | undefined {
  switch (expression.kind) {
    case 'meaningless':
      return undefined;
    case 'comparison':
      return lowerComparison(target.diagram, expression);
    case 'and':
    case 'or': {
      const operands = expression.operands.map((operand) => lowerExpression(target, operand));
      return joinPairs(
        target,
        expression.kind,
        operands.filter((operand) => operand !== undefined),
      );
    }
  }
}

/** Neighbours are joined first, then their results, which builds fewer large diagrams than one after the other. */
function joinPairs(
  { diagram, platforms }: LoweringTarget,
  kind: 'and' | 'or',
  operands: readonly NodeRef[],
): NodeRef | undefined {
  let current = operands;
  while (current.length > 1) {
    const joined: NodeRef[] = [];
    for (const [index, left] of current.entries()) {
      if (index % 2 === 1) continue;
      const right = current[index + 1];
      joined.push(right === undefined ? left : platforms.canonical(diagram[kind](left, right)));
    }
    current = joined;
  }
  return current[0];
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
    case 'platform_release':
      return lowerRelease(diagram, comparison);
    default:
      return lowerText(diagram, comparison.variable, comparison);
  }
}

/** Releases of Darwin are versions; elsewhere they are text that may begin like one. */
function lowerRelease(diagram: Diagram, comparison: MarkerComparison): NodeRef | undefined {
  const asText = lowerText(diagram, 'platform_release', comparison);
  const asVersion = lowerReleaseVersion(diagram, comparison);
  if (asText === undefined || asVersion === undefined) return asText;
  const isDarwin = diagram.ofText({ kind: 'text', name: 'sys_platform' }, 'darwin');
  return diagram.or(diagram.and(isDarwin, asVersion), diagram.and(opposite(isDarwin), asText));
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
