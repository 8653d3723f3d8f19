/**
 * The port to the system's C libraries: koffi on Node, bun:ffi on Bun. Nothing outside this folder knows which.
 *
 * A runtime that has neither is an error that says so; it is never taken for "no lock needed".
 */
import { createRequire } from 'node:module';

import { foreignOfBun } from './foreign-bun.ts';
import { foreignOfKoffi } from './foreign-koffi.ts';

/** `bytes` is a pointer to the bytes passed, or null; `handle` a pointer-sized integer. */
export type ForeignType = 'i32' | 'u32' | 'handle' | 'bytes';

export interface ForeignSignature {
  readonly parameters: readonly ForeignType[];
  readonly result: 'i32' | 'handle';
}

export type ForeignArgument = number | bigint | Uint8Array | null;
export type ForeignFunction = (...values: readonly ForeignArgument[]) => number;

export interface ForeignLibrary {
  /** @throws when the library has no such function. */
  bind(name: string, signature: ForeignSignature): ForeignFunction;
  /** `errno`, or `GetLastError()`, as the last call of this library left it. */
  lastError(): number;
}

/** Loads modules when first needed: koffi costs some 12 ms. */
export type RequireModule = (name: string) => unknown;

/**
 * The C library, or kernel32 on Windows.
 *
 * @throws when the runtime's foreign function interface cannot be loaded.
 */
export function openSystemLibrary(): ForeignLibrary {
  const requireModule: RequireModule = createRequire(import.meta.url);
  const names = systemLibraryNames();
  return process.versions.bun === undefined ? foreignOfKoffi(requireModule, names) : foreignOfBun(requireModule, names);
}

/** In the order to try: glibc before musl. */
function systemLibraryNames(): readonly string[] {
  if (process.platform === 'win32') return ['kernel32.dll'];
  if (process.platform === 'darwin') return ['libSystem.B.dylib'];
  const machine = process.arch === 'x64' ? 'x86_64' : process.arch === 'arm64' ? 'aarch64' : process.arch;
  return ['libc.so.6', `libc.musl-${machine}.so.1`, 'libc.so.7', 'libc.so'];
}

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
