import type * as BunForeign from 'bun:ffi';

import { openFirst } from './foreign-library.ts';
import type { ForeignFunction, ForeignLibrary, ForeignType, RequireModule } from './foreign-library.ts';

const TYPES: Readonly<Record<ForeignType, 'i32' | 'u32' | 'i64' | 'ptr'>> = {
  i32: 'i32',
  u32: 'u32',
  handle: 'i64',
  bytes: 'ptr',
  texts: 'ptr',
};

const ERRNO_LOCATION = process.platform === 'darwin' ? '__error' : '__errno_location';

/** @throws when no library of these names opens. */
export function foreignOfBun(requireModule: RequireModule, names: readonly string[]): ForeignLibrary {
  const { dlopen, read, ptr } = requireModule('bun:ffi') as typeof BunForeign;
  const lastErrorName = process.platform === 'win32' ? 'GetLastError' : ERRNO_LOCATION;
  const result = process.platform === 'win32' ? 'u32' : 'ptr';
  const opened = openFirst(names, (name) => ({
    name,
    lastError: dlopen(name, { [lastErrorName]: { args: [], returns: result } }).symbols[lastErrorName],
  }));
  const locate = opened.lastError as unknown as () => BunForeign.Pointer & number;
  return {
    lastError: process.platform === 'win32' ? locate : (): number => read.i32(locate(), 0),
    bind: (name, signature): ForeignFunction => {
      const args = signature.parameters.map((parameter) => TYPES[parameter]);
      const { symbols } = dlopen(opened.name, { [name]: { args, returns: TYPES[signature.result] } });
      const call = symbols[name] as unknown as (...values: readonly unknown[]) => number | bigint;
      return (...values) => {
        // What the pointers lead to must live as long as the call.
        const kept: Buffer[] = [];
        const pointersTo = (texts: readonly string[]): BigUint64Array => {
          const buffers = texts.map((text) => Buffer.from(`${text}\0`));
          kept.push(...buffers);
          return BigUint64Array.from([...buffers.map((buffer) => BigInt(ptr(buffer))), 0n]);
        };
        const result = Number(call(...values.map((value) => (Array.isArray(value) ? pointersTo(value) : value))));
        kept.length = 0;
        return result;
      };
    },
  };
}
