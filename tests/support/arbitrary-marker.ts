/** Markers and environments for property and differential tests: few values, so that comparisons often hold. */
import { normalizeName, type EnvironmentVariable, type MarkerEnvironment, type NormalizedName } from '@shoal/packaging';
import * as fc from 'fast-check';

/** Values of each variable, as interpreters report them and as markers ask for them. */
const VALUES: Readonly<Record<EnvironmentVariable, readonly string[]>> = {
  implementation_name: ['cpython', 'pypy', 'graalpy', ''],
  implementation_version: ['3.8.18', '3.12.1', '3.13.0', '7.3.13', '0'],
  os_name: ['posix', 'nt', 'java'],
  platform_machine: ['x86_64', 'AMD64', 'arm64', 'aarch64', 'i686', ''],
  platform_python_implementation: ['CPython', 'PyPy', 'GraalVM'],
  platform_release: ['6.1.0', '6.1.0-26-amd64', '23.4.0', '10', ''],
  platform_system: ['Linux', 'Windows', 'Darwin', 'FreeBSD', 'Java'],
  platform_version: ['#1 SMP', '10.0.19045', 'Darwin Kernel Version 23.4.0', ''],
  python_full_version: ['2.7.18', '3.8.18', '3.9.0', '3.10.0', '3.12.1', '3.13.0', '3.14.0'],
  python_version: ['2.7', '3.8', '3.9', '3.10', '3.12', '3.13', '3.14'],
  sys_platform: ['linux', 'win32', 'darwin', 'cygwin', 'freebsd14'],
};

/** Values that only markers hold, for the variables that are compared as versions. */
const VERSION_LITERALS = ['3', '3.8', '3.9.0', '3.10', '3.12.1', '3.13', '4', '3.8.18.0', '6.1', '7.3'];
const VARIABLES = Object.keys(VALUES) as EnvironmentVariable[];
const VERSION_VARIABLES = ['implementation_version', 'platform_release', 'python_full_version', 'python_version'];
const NAMES = ['dev', 'all-in', 'docs-and-more', 'x'];
const ORDER = ['==', '!=', '<', '<=', '>', '>='] as const;

export interface MarkerOptions {
  /**
   * Only comparisons that evaluation and the algebra read alike: no version that is asked for as text, no order of texts,
   * no `~=` without a meaning (`marker-lowering.ts` has the list). `false` when absent.
   */
  readonly exact?: boolean;
}

/** The text of a marker of one to some eight comparisons, spaced and parenthesized in various ways. */
export function arbitraryMarkerText(options: MarkerOptions = {}): fc.Arbitrary<string> {
  const { expression } = fc.letrec<{ expression: string; group: string }>((tie) => ({
    expression: fc
      .tuple(
        fc.oneof({ weight: 3, arbitrary: arbitraryComparison(options) }, { weight: 1, arbitrary: tie('group') }),
        fc.array(
          fc.tuple(fc.constantFrom(' and ', ' or ', '  and '), fc.oneof(arbitraryComparison(options), tie('group'))),
          {
            maxLength: 3,
          },
        ),
      )
      .map(([first, rest]) => first + rest.map((pair) => pair.join('')).join('')),
    group: fc.oneof(
      { maxDepth: 2 },
      arbitraryComparison(options),
      tie('expression').map((inner) => `(${inner})`),
    ),
  }));
  return expression;
}

function arbitraryComparison({ exact = false }: MarkerOptions): fc.Arbitrary<string> {
  const environment = fc
    .constantFrom(...VARIABLES)
    .chain((variable) =>
      fc
        .tuple(
          fc.constantFrom(...operatorsOf(variable, exact)),
          fc.constantFrom(...literalsOf(variable, exact)),
          fc.integer({ min: 0, max: 5 }),
        )
        .map(([operator, literal, side]) => spelled(variable, operator, { literal, isReversed: side === 0 })),
    );
  const extra = fc
    .tuple(fc.constantFrom('==', '!='), fc.constantFrom(...NAMES), fc.integer({ min: 0, max: 5 }))
    .map(([operator, literal, side]) => spelled('extra', operator, { literal, isReversed: side === 0 }));
  const list = fc
    .tuple(fc.constantFrom(...NAMES), fc.constantFrom('in', 'not in'), fc.constantFrom('extras', 'dependency_groups'))
    .map(([literal, operator, variable]) => spelled(variable, operator, { literal, isReversed: true }));
  return fc.oneof(
    { weight: 8, arbitrary: environment },
    { weight: 1, arbitrary: extra },
    { weight: 1, arbitrary: list },
  );
}

function operatorsOf(variable: EnvironmentVariable, exact: boolean): readonly string[] {
  const isVersion = VERSION_VARIABLES.includes(variable);
  if (!exact) return [...ORDER, ...(isVersion ? ['~=', '==='] : []), 'in', 'not in'];
  if (variable === 'platform_release') return ['=='];
  return isVersion ? ORDER : ['==', '!=', 'in', 'not in'];
}

function literalsOf(variable: EnvironmentVariable, exact: boolean): readonly string[] {
  if (!VERSION_VARIABLES.includes(variable) || (exact && variable === 'platform_release')) return VALUES[variable];
  return [...VALUES[variable], ...VERSION_LITERALS, ...(exact ? [] : ['3.*', '3.11.*'])];
}

function spelled(
  variable: string,
  operator: string,
  { literal, isReversed }: { literal: string; isReversed: boolean },
): string {
  const quoted = literal.length % 2 === 0 ? `'${literal}'` : `"${literal}"`;
  const gap = /[a-z]/.test(operator) || literal.length % 3 === 0 ? ' ' : '';
  return isReversed ? `${quoted}${gap}${operator}${gap}${variable}` : `${variable}${gap}${operator}${gap}${quoted}`;
}

/** An environment with any mixture of values, possible on a machine or not. */
export const arbitraryMarkerEnvironment: fc.Arbitrary<MarkerEnvironment> = fc.record({
  implementation_name: fc.constantFrom(...VALUES.implementation_name),
  implementation_version: fc.constantFrom(...VALUES.implementation_version),
  os_name: fc.constantFrom(...VALUES.os_name),
  platform_machine: fc.constantFrom(...VALUES.platform_machine),
  platform_python_implementation: fc.constantFrom(...VALUES.platform_python_implementation),
  platform_release: fc.constantFrom(...VALUES.platform_release),
  platform_system: fc.constantFrom(...VALUES.platform_system),
  platform_version: fc.constantFrom(...VALUES.platform_version),
  python_full_version: fc.constantFrom(...VALUES.python_full_version),
  python_version: fc.constantFrom(...VALUES.python_version),
  sys_platform: fc.constantFrom(...VALUES.sys_platform),
});

/** What interpreters report on machines that exist: names of the system and versions of Python that belong together. */
export const arbitraryPossibleEnvironment: fc.Arbitrary<MarkerEnvironment> = fc
  .tuple(
    arbitraryMarkerEnvironment,
    fc.constantFrom(
      { os_name: 'posix', sys_platform: 'linux', platform_system: 'Linux', platform_release: '6.1.0-26-amd64' },
      { os_name: 'nt', sys_platform: 'win32', platform_system: 'Windows', platform_release: '10' },
      { os_name: 'posix', sys_platform: 'darwin', platform_system: 'Darwin', platform_release: '23.4.0' },
      { os_name: 'posix', sys_platform: 'freebsd14', platform_system: 'FreeBSD', platform_release: '14.0-RELEASE' },
    ),
  )
  .map(([environment, system]) => ({
    ...environment,
    ...system,
    python_version: environment.python_full_version.split('.').slice(0, 2).join('.'),
  }));

/** The extras or dependency groups that were asked for, most often one or none. */
export const arbitraryNames: fc.Arbitrary<ReadonlySet<NormalizedName>> = fc
  .uniqueArray(fc.constantFrom(...NAMES.map(normalizeName)), { maxLength: 2 })
  .map((names) => new Set(names));
