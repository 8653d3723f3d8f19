/** Several requirements on one project as one list of specifiers, without those that say less than another one. */
import { compareVersions, formatSpecifier } from '@shoal/packaging';
import type { Specifier } from '@shoal/packaging';
import { sortedSpecifiers } from '../project/describe-requirement.ts';

/** The strictest lower and the strictest upper bound, then the others, each once; sorted by version. */
export function mergeSpecifiers(specifiers: readonly Specifier[]): readonly Specifier[] {
  const lower = specifiers.filter(({ operator }) => operator === '>' || operator === '>=');
  const upper = specifiers.filter(({ operator }) => operator === '<' || operator === '<=');
  const others = specifiers.filter((one) => !lower.includes(one) && !upper.includes(one));
  const merged = [...strictest(lower, 1), ...strictest(upper, -1), ...others];
  return sortedSpecifiers([...new Map(merged.map((one) => [formatSpecifier(one), one])).values()]);
}

function strictest(bounds: readonly Specifier[], sign: 1 | -1): readonly Specifier[] {
  const [first, ...more] = bounds;
  return first === undefined ? [] : [more.reduce((best, one) => (isStricter(one, best, sign) ? one : best), first)];
}

function isStricter(one: Specifier, best: Specifier, sign: 1 | -1): boolean {
  if (one.version === undefined || best.version === undefined) return false;
  const order = sign * compareVersions(one.version, best.version);
  return order > 0 || (order === 0 && !one.operator.endsWith('=') && best.operator.endsWith('='));
}
