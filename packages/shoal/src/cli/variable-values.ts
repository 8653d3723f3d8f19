/** Option values that come from variables: `SHOAL_X`, else `UV_X`. */
import { InputError } from './input-error.ts';
import type { OptionSpec } from './option-spec.ts';
import { UsageError } from './usage-error.ts';

type Variables = Readonly<Record<string, string | undefined>>;

const YES: readonly string[] = ['1', 'true', 't', 'yes', 'y', 'on'];
const NO: readonly string[] = ['0', 'false', 'f', 'no', 'n', 'off', ''];

/**
 * The value that variables give to an option which is absent from the command line; undefined when they say nothing.
 * A variable never conflicts: an option that excludes a given one stays unset. @throws {InputError} {UsageError} for text that does not fit.
 */
export function valueOfVariable(
  spec: OptionSpec,
  variables: Variables,
  given: ReadonlyMap<string, unknown>,
): string | number | readonly string[] | undefined {
  if (spec.variable === undefined) return undefined;
  const found = readVariable(spec.variable, variables);
  if (found === undefined || excludedByGiven(spec, given)) return undefined;
  if (spec.value === undefined) return switchValue(found.name, found.text);
  if (found.text === '') return undefined;
  if (spec.choices !== undefined) return choiceValue(spec, found);
  if (spec.repeat !== true) return found.text;
  return found.text.split(spec.separator ?? ' ').filter((part) => part !== '');
}

/** Text of `SHOAL_<name>` or else `UV_<name>`, and which of the two it was. */
export function readVariable(
  name: string,
  variables: Variables,
): { readonly name: string; readonly text: string } | undefined {
  for (const full of [`SHOAL_${name}`, `UV_${name}`]) {
    const text = variables[full];
    if (text !== undefined) return { name: full, text };
  }
  return undefined;
}

function excludedByGiven(spec: OptionSpec, given: ReadonlyMap<string, unknown>): boolean {
  return (spec.conflicts ?? []).some((long) => given.has(camelCase(long)));
}

function camelCase(long: string): string {
  return long.replace(/^--/, '').replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function switchValue(name: string, text: string): number | undefined {
  const lower = text.toLowerCase();
  if (YES.includes(lower)) return 1;
  if (NO.includes(lower)) return undefined;
  throw new InputError(
    `Failed to parse environment variable \`${name}\` with invalid value \`${text}\`: expected a boolish value, such as \`1\` or \`0\``,
  );
}

function choiceValue(spec: OptionSpec, found: { readonly name: string; readonly text: string }): string {
  const text = spec.choiceAliases?.[found.text] ?? found.text;
  if (spec.choices?.includes(text) === true) return text;
  throw new UsageError(
    `invalid value '${found.text}' for the variable \`${found.name}\`\n  [possible values: ${spec.choices?.join(', ')}]`,
  );
}
