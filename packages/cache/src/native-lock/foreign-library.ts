/** What the two foreign function interfaces have in common; the words of the port. */

/** `bytes` is a pointer to the bytes passed, or null; `texts` to pointers to texts, with a null at their end; `handle` a pointer-sized integer. */
export type ForeignType = 'i32' | 'u32' | 'handle' | 'bytes' | 'texts';

export interface ForeignSignature {
  readonly parameters: readonly ForeignType[];
  readonly result: 'i32' | 'handle';
}

export type ForeignArgument = number | bigint | Uint8Array | readonly string[] | null;
export type ForeignFunction = (...values: readonly ForeignArgument[]) => number;

export interface ForeignLibrary {
  /** @throws when the library has no such function. */
  bind(name: string, signature: ForeignSignature): ForeignFunction;
  /** `errno`, or `GetLastError()`, as the last call of this library left it. */
  lastError(): number;
}

/** Loads modules when first needed: koffi costs some 12 ms. */
export type RequireModule = (name: string) => unknown;

/** The result of `open` for the first name that opens. */
export function openFirst<T>(names: readonly string[], open: (name: string) => T): T {
  const failures: unknown[] = [];
  for (const name of names) {
    try {
      return open(name);
    } catch (error) {
      failures.push(error);
    }
  }
  throw new AggregateError(failures, `Could not load any of ${names.join(', ')}, which file locks need`);
}
