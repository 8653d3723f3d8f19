/** The implementations of Python that a request can name. */
import type { InterpreterFacts } from './interpreter-facts.ts';

export type ImplementationName = 'cpython' | 'pypy' | 'graalpy' | 'pyodide';

/** In the order in which a request for any of them looks. */
export const IMPLEMENTATIONS: readonly ImplementationName[] = ['cpython', 'pypy', 'graalpy', 'pyodide'];

const SHORT_NAMES: Readonly<Record<string, ImplementationName>> = { cp: 'cpython', pp: 'pypy', gp: 'graalpy' };
const PRETTY_NAMES: Readonly<Record<ImplementationName, string>> = {
  cpython: 'CPython',
  pypy: 'PyPy',
  graalpy: 'GraalPy',
  pyodide: 'Pyodide',
};

/** Every name that stands for an implementation, long ones before short ones. */
export const IMPLEMENTATION_WORDS: readonly (readonly [word: string, name: ImplementationName])[] =
  IMPLEMENTATIONS.flatMap((name) => [
    [name, name] as const,
    ...Object.entries(SHORT_NAMES).flatMap(([short, long]) => (long === name ? [[short, name] as const] : [])),
  ]);

/** @param word In lower case, long or short. */
export function implementationOfWord(word: string): ImplementationName | undefined {
  return IMPLEMENTATION_WORDS.find(([known]) => known === word)?.[1];
}

/** As people write it: `PyPy`. A name that is not known stays as it is. */
export function prettyImplementation(name: string): string {
  return PRETTY_NAMES[name as ImplementationName] ?? name;
}

export function isImplementation(facts: InterpreterFacts, name: ImplementationName): boolean {
  if (name === 'pyodide') return facts.markers.sys_platform === 'emscripten';
  return facts.implementation.toLowerCase() === name;
}
