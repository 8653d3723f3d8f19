/**
 * The tags of wheels that an interpreter can use, best first.
 *
 * The order is uv's: as PyPA's, save that the plain `linux_x86_64` comes after
 * manylinux and musllinux, and that other implementations than CPython do not
 * take `none` wheels of their own interpreter.
 */

import { type Platform, platformTags } from './platform.ts';
import type { Tag } from './tag.ts';

/** What of an interpreter decides on wheels. */
export interface InterpreterTagFacts {
  /** `sys.implementation.name`: `cpython`, `pypy`, `graalpy`, `pyston`. */
  readonly implementation: string;
  /** Of the language: `[3, 12]`. */
  readonly version: readonly [number, number];
  /** Of the implementation: `[7, 3]` for PyPy 7.3.13. CPython's is its language version. */
  readonly implementationVersion: readonly [number, number];
  /** A free-threaded build (PEP 703). */
  readonly gilDisabled: boolean;
  /** Built with `Py_DEBUG`. */
  readonly debug: boolean;
  readonly platform: Platform;
  /** `false` where a `_manylinux` module forbids manylinux wheels (PEP 600). */
  readonly manylinuxCompatible: boolean;
}

/** @returns Each tag once, best first; `any` tags last. */
export function supportedTags(facts: InterpreterTagFacts): readonly Tag[] {
  const platforms = platformTags(facts.platform, { isManylinuxCompatible: facts.manylinuxCompatible });
  const own = interpreterTag(facts);
  const isCPython = facts.implementation === 'cpython';
  const pures = pureInterpreters(facts.version);
  return [
    ...abiTags(facts).flatMap((abi) => onPlatforms(own, abi, platforms)),
    ...(isCPython ? stableAbiTags(facts, platforms) : []),
    ...pures.flatMap((interpreter) => onPlatforms(interpreter, 'none', platforms)),
    ...(isCPython ? onPlatforms(own, 'none', ['any']) : []),
    ...pures.flatMap((interpreter) => onPlatforms(interpreter, 'none', ['any'])),
  ];
}

const INTERPRETER_PREFIXES: ReadonlyMap<string, string> = new Map([
  ['cpython', 'cp'],
  ['pypy', 'pp'],
]);

function interpreterTag({ implementation, version }: InterpreterTagFacts): string {
  return `${INTERPRETER_PREFIXES.get(implementation) ?? implementation}${version.join('')}`;
}

/** The ABIs of extension modules built for exactly this interpreter. */
function abiTags(facts: InterpreterTagFacts): readonly string[] {
  const { implementation, version, implementationVersion, gilDisabled, debug } = facts;
  const python = version.join('');
  const own = implementationVersion.join('');
  switch (implementation) {
    case 'cpython': {
      const threads = gilDisabled ? 't' : '';
      if (isBefore(version, 8)) return [`cp${python}${threads}${debug ? 'd' : ''}m`];
      return debug ? [`cp${python}${threads}d`, `cp${python}${threads}`] : [`cp${python}${threads}`];
    }
    case 'pypy':
      return [`pypy${python}_pp${own}`];
    case 'graalpy':
      return [`graalpy${own}_${python}_native`];
    case 'pyston':
      return [`pyston_${own}_x86_64_linux_gnu`];
    default:
      return [];
  }
}

/** The stable ABI of this and all older versions (PEP 384, PEP 803), and `none` of this one. */
function stableAbiTags({ version, gilDisabled }: InterpreterTagFacts, platforms: readonly string[]): readonly Tag[] {
  const [major, current] = version;
  const stable = gilDisabled ? 'abi3t' : 'abi3';
  return countDown(current, 2).flatMap((minor) => {
    const interpreter = `cp${major}${minor}`;
    const tags = onPlatforms(interpreter, stable, platforms);
    return minor === current ? [...tags, ...onPlatforms(interpreter, 'none', platforms)] : tags;
  });
}

/** `py312`, `py3`, `py311`, … `py30`. */
function pureInterpreters([major, minor]: readonly [number, number]): readonly string[] {
  const [current = '', ...older] = countDown(minor, 0).map((version) => `py${major}${version}`);
  return [current, `py${major}`, ...older];
}

function onPlatforms(interpreter: string, abi: string, platforms: readonly string[]): readonly Tag[] {
  return platforms.map((platform) => ({ interpreter, abi, platform }));
}

/** Whether the version is older than 3.`minor`. */
function isBefore([major, minor]: readonly [number, number], limit: number): boolean {
  return major < 3 || (major === 3 && minor < limit);
}

function countDown(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(from - to + 1, 0) }, (_, index) => from - index);
}
