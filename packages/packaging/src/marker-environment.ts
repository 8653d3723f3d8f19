/**
 * The facts about an interpreter that environment markers can ask for.
 * @see https://packaging.python.org/en/latest/specifications/dependency-specifiers/#environment-markers (PEP 508)
 */

/** Values as the interpreter itself reports them; `''` where it cannot tell. */
export interface MarkerEnvironment {
  readonly implementation_name: string;
  readonly implementation_version: string;
  readonly os_name: string;
  readonly platform_machine: string;
  readonly platform_python_implementation: string;
  readonly platform_release: string;
  readonly platform_system: string;
  readonly platform_version: string;
  readonly python_full_version: string;
  readonly python_version: string;
  readonly sys_platform: string;
}

/** A variable of {@link MarkerEnvironment}. */
export type EnvironmentVariable = keyof MarkerEnvironment;

/** Anything that may stand on the variable side of a comparison: PEP 508's, and `extras` and `dependency_groups` of PEP 751. */
export type MarkerVariable = EnvironmentVariable | 'extra' | 'extras' | 'dependency_groups';

const VARIABLES: ReadonlySet<string> = new Set<MarkerVariable>([
  'implementation_name',
  'implementation_version',
  'os_name',
  'platform_machine',
  'platform_python_implementation',
  'platform_release',
  'platform_system',
  'platform_version',
  'python_full_version',
  'python_version',
  'sys_platform',
  'extra',
  'extras',
  'dependency_groups',
]);

/** Names from before PEP 508 (PEP 345, setuptools) that old metadata still holds. */
const LEGACY_NAMES: ReadonlyMap<string, MarkerVariable> = new Map([
  ['os.name', 'os_name'],
  ['sys.platform', 'sys_platform'],
  ['platform.machine', 'platform_machine'],
  ['platform.version', 'platform_version'],
  ['platform.python_implementation', 'platform_python_implementation'],
  ['python_implementation', 'platform_python_implementation'],
]);

/** The variable called `name`, legacy names included, or `undefined` when there is none. */
export function markerVariableOfName(name: string): MarkerVariable | undefined {
  return VARIABLES.has(name) ? (name as MarkerVariable) : LEGACY_NAMES.get(name);
}

/** Variables that the standard compares as versions whenever the other side is a valid version specifier. */
export function isVersionVariable(variable: MarkerVariable): boolean {
  return (
    variable === 'python_version' ||
    variable === 'python_full_version' ||
    variable === 'implementation_version' ||
    variable === 'platform_release'
  );
}
