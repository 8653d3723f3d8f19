import type koffi from 'koffi';

import { openFirst } from './foreign-library.ts';
import type { ForeignFunction, ForeignLibrary, ForeignType, RequireModule } from './foreign-library.ts';

const TYPES: Readonly<Record<ForeignType, string>> = {
  i32: 'int',
  u32: 'uint32_t',
  handle: 'intptr_t',
  bytes: 'void *',
  texts: 'const char **',
};

/** @throws when koffi has no build for this system, or no library of these names opens. */
export function foreignOfKoffi(requireModule: RequireModule, names: readonly string[]): ForeignLibrary {
  const loaded = requireModule('koffi') as typeof koffi;
  const library = openFirst(names, (name) => loaded.load(name));
  const lastError =
    process.platform === 'win32'
      ? (library.func('GetLastError', 'uint32_t', []) as () => number)
      : () => loaded.errno();
  return {
    lastError,
    bind: (name, { parameters, result }): ForeignFunction => {
      const types = parameters.map((parameter) => TYPES[parameter]);
      const call = library.func(name, TYPES[result], types) as (...values: unknown[]) => number | bigint;
      return (...values) => Number(call(...values.map((value) => (Array.isArray(value) ? [...value, null] : value))));
    },
  };
}
