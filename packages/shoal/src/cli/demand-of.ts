import type { OptionValues } from './option-values.ts';

const VARIABLES = { frozen: 'FROZEN', locked: 'LOCKED' } as const;

/** What demands it, as it was spelt: the option or its variable; `undefined` when nothing does. */
export function demandOf(values: OptionValues, key: keyof typeof VARIABLES): string | undefined {
  if (!values.flag(key)) return undefined;
  return values.isGiven(key) ? `--${key}` : `UV_${VARIABLES[key]}=1`;
}
