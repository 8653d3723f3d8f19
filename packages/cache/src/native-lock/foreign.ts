/**
 * The port to the system's C libraries: koffi on Node, bun:ffi on Bun. Nothing outside this folder knows which.
 *
 * A runtime that has neither is an error that says so; it is never taken for "no lock needed".
 */
import { createRequire } from 'node:module';

import { foreignOfBun } from './foreign-bun.ts';
import { foreignOfKoffi } from './foreign-koffi.ts';
import type { ForeignLibrary, RequireModule } from './foreign-library.ts';

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
