/**
 * The variables that a decision diagram branches on, and their order.
 *
 * The order decides the shape of a diagram and with it the text of a
 * simplified marker, so it is part of what lockfiles look like. Platform names
 * come first because known contradictions between them are looked for at the
 * top; extras and groups come last, where removing them is cheap.
 */

/** Variables compared as text, in diagram order. */
const TEXT_ORDER = [
  'os_name',
  'sys_platform',
  'platform_system',
  'platform_machine',
  'platform_python_implementation',
  'platform_release',
  'platform_version',
  'implementation_name',
] as const;

/** Variables compared as versions; `python_version` is expressed by `python_full_version`. */
const VERSION_ORDER = ['implementation_version', 'python_full_version'] as const;

export type TextVariableName = (typeof TEXT_ORDER)[number];
export type VersionVariableName = (typeof VERSION_ORDER)[number];

/**
 * - `text`, `version`: the value of an environment variable, a point on a line.
 * - `release`: `platform_release` read as a version.
 * - `within`: the value is a substring of `value`; `contains`: the other way round.
 * - `extra`, `extras`, `group`: whether `value` was asked for.
 *
 * The others have two branches: it is so, or it is not.
 */
export type DiagramVariable =
  | { readonly kind: 'text'; readonly name: TextVariableName }
  | { readonly kind: 'version'; readonly name: VersionVariableName }
  | { readonly kind: 'release' }
  | { readonly kind: 'within' | 'contains'; readonly name: TextVariableName; readonly value: string }
  | { readonly kind: 'extra' | 'extras' | 'group'; readonly value: string };

const KIND_ORDER = ['text', 'release', 'version', 'within', 'contains', 'extra', 'extras', 'group'] as const;

/** A text that is equal for equal variables only, and sorts as the variables do. */
export function variableKey(variable: DiagramVariable): string {
  const kind = KIND_ORDER.indexOf(variable.kind);
  switch (variable.kind) {
    case 'text':
    case 'within':
    case 'contains': {
      const value = variable.kind === 'text' ? '' : variable.value;
      return `${kind}${TEXT_ORDER.indexOf(variable.name)}${value}`;
    }
    case 'release':
      return `${kind}`;
    case 'version':
      return `${kind}${VERSION_ORDER.indexOf(variable.name)}`;
    default:
      return `${kind}${variable.value}`;
  }
}

const PLATFORM_VARIABLES: ReadonlySet<TextVariableName> = new Set(['os_name', 'sys_platform', 'platform_system']);

/** Whether the variable is one of those that are known to exclude each other: `os_name`, `sys_platform`, `platform_system`. */
export function isPlatformVariable(variable: DiagramVariable): boolean {
  return variable.kind === 'text' && PLATFORM_VARIABLES.has(variable.name);
}
