/** An option that uv has and this release has not: giving it is an error that says so. */
import type { OptionSpec } from '../option-spec.ts';

/** @param hint What to do instead, or why nothing is lost. */
export function refusedOption(spec: Pick<OptionSpec, 'long' | 'short' | 'alias' | 'value'>, hint?: string): OptionSpec {
  return {
    ...spec,
    key: `refused${spec.long}`,
    repeat: true,
    description: 'Not available in this release',
    hidden: true,
    refusal: { message: `\`${spec.long}\` is not available in this release`, ...(hint === undefined ? {} : { hint }) },
  };
}
