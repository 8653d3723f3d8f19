/**
 * Text of a marker to {@link MarkerExpression}: the grammar of PEP 508, the
 * names that came before it, and any white space between tokens.
 */

import { InvalidMarkerError } from './errors.ts';
import { markerVariableOfName, type MarkerVariable } from './marker-environment.ts';
import type { MarkerExpression, MarkerOperator } from './marker-expression.ts';

type Operand =
  | { readonly kind: 'variable'; readonly name: MarkerVariable }
  | { readonly kind: 'literal'; readonly text: string };

interface Cursor {
  readonly text: string;
  position: number;
}

const SPACE = /\s*/y;
const SYMBOL = /[<=>~!]+/y;
const WORD = /[^\s'"]+/y;
const NAME = /[^\s>=<!~)]+/y;
const CONNECTIVE = /(?:and|or)(?![^\s('"])/y;
const OPERATORS: ReadonlySet<string> = new Set(['==', '!=', '<=', '>=', '<', '>', '~=', '===']);

/**
 * @param text All of the marker, without the `;` before it.
 * @throws {InvalidMarkerError} `position` is where in `text` the fault begins.
 */
export function parseMarkerExpression(text: string): MarkerExpression {
  const cursor: Cursor = { text, position: 0 };
  const expression = parseOr(cursor);
  skipSpace(cursor);
  if (cursor.position < text.length) {
    const found = String.fromCodePoint(text.codePointAt(cursor.position) ?? 0);
    throw fault(cursor, `Unexpected character '${found}', expected 'and', 'or' or end of input`, {
      length: text.length - cursor.position,
    });
  }
  return expression;
}

function parseOr(cursor: Cursor): MarkerExpression {
  const operands = [parseAnd(cursor)];
  while (takeConnective(cursor, 'or')) operands.push(parseAnd(cursor));
  return junction('or', operands);
}

function parseAnd(cursor: Cursor): MarkerExpression {
  const operands = [parseTerm(cursor)];
  while (takeConnective(cursor, 'and')) operands.push(parseTerm(cursor));
  return junction('and', operands);
}

function junction(kind: 'and' | 'or', operands: readonly MarkerExpression[]): MarkerExpression {
  const [only] = operands;
  return operands.length === 1 && only !== undefined ? only : { kind, operands };
}

function parseTerm(cursor: Cursor): MarkerExpression {
  skipSpace(cursor);
  if (cursor.text[cursor.position] !== '(') return parseComparison(cursor);
  const opening = cursor.position;
  cursor.position += 1;
  const inner = parseOr(cursor);
  skipSpace(cursor);
  expectCharacter(cursor, ')', opening);
  return inner;
}

function parseComparison(cursor: Cursor): MarkerExpression {
  const start = cursor.position;
  const left = parseOperand(cursor);
  skipSpace(cursor);
  const operator = parseOperator(cursor);
  skipSpace(cursor);
  const right = parseOperand(cursor);
  if (left.kind === right.kind) return { kind: 'meaningless' };
  const reversed = left.kind === 'literal';
  const variable = left.kind === 'variable' ? left.name : right.kind === 'variable' ? right.name : undefined;
  const literal = left.kind === 'literal' ? left.text : right.kind === 'literal' ? right.text : undefined;
  if (variable === undefined || literal === undefined) return { kind: 'meaningless' };
  if (variable === 'extras' || variable === 'dependency_groups') {
    checkListComparison(cursor, start, { variable, operator, reversed });
  }
  return { kind: 'comparison', variable, operator, literal, reversed };
}

/** PEP 751: the lists answer only `'name' in extras` and `'name' not in extras`. */
function checkListComparison(
  cursor: Cursor,
  start: number,
  { variable, operator, reversed }: { variable: MarkerVariable; operator: MarkerOperator; reversed: boolean },
): void {
  const span = { position: start, length: cursor.position - start };
  if (!reversed) throw fault(cursor, `The marker ${variable} must be on the right hand side of the expression`, span);
  if (operator === 'in' || operator === 'not in') return;
  throw fault(
    cursor,
    `The operator ${operator} is not supported with the marker ${variable}, only the \`in\` and \`not in\` operators are supported`,
    span,
  );
}

function parseOperand(cursor: Cursor): Operand {
  const quote = cursor.text[cursor.position];
  if (quote === undefined) {
    throw fault(cursor, 'Expected marker value, found end of dependency specification');
  }
  if (quote === "'" || quote === '"') return parseLiteral(cursor, quote);
  const position = cursor.position;
  const name = take(cursor, NAME);
  const variable = markerVariableOfName(name);
  if (variable !== undefined) return { kind: 'variable', name: variable };
  throw fault(cursor, `Expected a quoted string or a valid marker name, found \`${name}\``, {
    position,
    length: Math.max(name.length, 1),
  });
}

function parseLiteral(cursor: Cursor, quote: string): Operand {
  const opening = cursor.position;
  const end = cursor.text.indexOf(quote, opening + 1);
  cursor.position = end < 0 ? cursor.text.length : end;
  expectCharacter(cursor, quote, opening);
  return { kind: 'literal', text: cursor.text.slice(opening + 1, end) };
}

function parseOperator(cursor: Cursor): MarkerOperator {
  const position = cursor.position;
  const word = /[\p{Alphabetic}]/u.test(cursor.text[position] ?? '') ? take(cursor, WORD) : take(cursor, SYMBOL);
  if (word === 'in') return 'in';
  if (word === 'not') return parseNotIn(cursor);
  if (OPERATORS.has(word)) return word as MarkerOperator;
  throw fault(cursor, `Expected a valid marker operator (such as \`>=\` or \`not in\`), found \`${word}\``, {
    position,
    length: Math.max(word.length, 1),
  });
}

function parseNotIn(cursor: Cursor): MarkerOperator {
  const next = cursor.text[cursor.position];
  if (next === undefined) throw fault(cursor, "Expected whitespace after 'not', found end of input");
  if (!/\s/.test(next)) throw fault(cursor, `Expected whitespace after \`not\`, found \`${next}\``);
  skipSpace(cursor);
  expectCharacter(cursor, 'i', cursor.position);
  expectCharacter(cursor, 'n', cursor.position);
  const after = cursor.text[cursor.position];
  if (after !== undefined && /[\p{Alphabetic}\d_]/u.test(after))
    throw fault(cursor, `Expected whitespace after \`not in\`, found \`${after}\``);
  return 'not in';
}

function takeConnective(cursor: Cursor, word: 'and' | 'or'): boolean {
  skipSpace(cursor);
  CONNECTIVE.lastIndex = cursor.position;
  const found = CONNECTIVE.exec(cursor.text)?.[0];
  if (found !== word) return false;
  cursor.position += word.length;
  return true;
}

function expectCharacter(cursor: Cursor, expected: string, opening: number): void {
  const found = cursor.text[cursor.position];
  if (found === expected) {
    cursor.position += 1;
    return;
  }
  if (found === undefined) {
    throw fault(cursor, `Expected '${expected}', found end of dependency specification`, { position: opening });
  }
  throw fault(cursor, `Expected \`${expected}\`, found \`${found}\``);
}

function skipSpace(cursor: Cursor): void {
  take(cursor, SPACE);
}

function take(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.position;
  const found = pattern.exec(cursor.text)?.[0] ?? '';
  cursor.position += found.length;
  return found;
}

function fault(cursor: Cursor, message: string, span: { position?: number; length?: number } = {}): InvalidMarkerError {
  const { position = cursor.position, length = 1 } = span;
  return new InvalidMarkerError(message, { position, length, text: cursor.text });
}
