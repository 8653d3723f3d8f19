/**
 * Evaluation of a marker as it was written, by the letter of PEP 508.
 *
 * `python_version`, `python_full_version`, `implementation_version` and
 * `platform_release` are compared as versions whenever the other side makes a
 * valid version specifier, pre-releases included; all else is compared as
 * text, where `<` and `>` never hold and `<=` and `>=` mean equality.
 */

import type { MarkerEnvironment } from './marker-environment.ts';
import { isVersionVariable } from './marker-environment.ts';
import type { MarkerComparison, MarkerExpression, MarkerOperator } from './marker-expression.ts';
import { tryNormalizeName } from './name.ts';
import { tryParseMarkerSpecifier } from './marker-specifier.ts';
import { specifierContains } from './specifier.ts';
import { tryParseVersion } from './version.ts';

/** What a marker is asked about, names normalized. */
export interface MarkerQuestion {
  readonly environment: MarkerEnvironment;
  readonly extras: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
}

/** @returns `undefined` when nothing in the expression has a meaning. */
export function evaluateExpression(expression: MarkerExpression, question: MarkerQuestion): boolean | undefined {
  switch (expression.kind) {
    case 'meaningless':
      return undefined;
    case 'comparison':
      return evaluateComparison(expression, question);
    case 'and':
    case 'or':
      return evaluateJunction(expression.kind === 'or', expression.operands, question);
  }
}

/** Operands without a meaning are left out; `decisive` is the value that settles the junction. */
function evaluateJunction(
  decisive: boolean,
  operands: readonly MarkerExpression[],
  question: MarkerQuestion,
): boolean | undefined {
  let result: boolean | undefined;
  for (const operand of operands) {
    const value = evaluateExpression(operand, question);
    if (value === decisive) return decisive;
    result = value ?? result;
  }
  return result;
}

function evaluateComparison(comparison: MarkerComparison, question: MarkerQuestion): boolean | undefined {
  const { variable, literal } = comparison;
  if (variable === 'extra') return evaluateExtra(comparison, question.extras);
  if (variable === 'extras' || variable === 'dependency_groups') {
    const names = variable === 'extras' ? question.extras : question.groups;
    const name = tryNormalizeName(literal) ?? literal;
    return names.has(name) === (comparison.operator === 'in');
  }
  const value = question.environment[variable];
  const left = comparison.reversed ? literal : value;
  const right = comparison.reversed ? value : literal;
  if (isVersionVariable(variable)) {
    const answer = compareAsVersions(left, comparison.operator, right);
    if (answer !== undefined) return answer;
  }
  return compareAsText(left, comparison.operator, right);
}

/** @returns `undefined` when `operator` and `right` make no valid specifier. */
function compareAsVersions(left: string, operator: MarkerOperator, right: string): boolean | undefined {
  if (operator === 'in' || operator === 'not in') return undefined;
  const specifier = tryParseMarkerSpecifier(operator, right);
  if (specifier === undefined) return undefined;
  if (operator === '===') return left.toLowerCase() === right.trim().toLowerCase();
  const version = tryParseVersion(left);
  return version !== undefined && specifierContains(specifier, version);
}

/** @returns `undefined` for `~=`, which means nothing for text. */
function compareAsText(left: string, operator: MarkerOperator, right: string): boolean | undefined {
  switch (operator) {
    case '==':
    case '===':
    case '<=':
    case '>=':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
    case '>':
      return false;
    case 'in':
      return right.includes(left);
    case 'not in':
      return !right.includes(left);
    case '~=':
      return undefined;
  }
}

/**
 * `extra` stands for each extra in turn, or for `''` when there is none. A
 * positive comparison has to hold for one of them, a negative one for all.
 */
function evaluateExtra(comparison: MarkerComparison, extras: ReadonlySet<string>): boolean | undefined {
  const { operator, reversed } = comparison;
  const literal = tryNormalizeName(comparison.literal) ?? comparison.literal;
  const candidates = extras.size === 0 ? [''] : [...extras];
  const answers = candidates.map((extra) =>
    reversed ? compareAsText(literal, operator, extra) : compareAsText(extra, operator, literal),
  );
  if (answers.includes(undefined)) return undefined;
  const isNegative = operator === '!=' || operator === 'not in';
  return isNegative ? !answers.includes(false) : answers.includes(true);
}
