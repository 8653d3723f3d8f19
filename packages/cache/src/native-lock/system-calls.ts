/** The few calls that `node:fs` lacks. Each answers 0, or the error number. */
import { once } from '../once.ts';
import { openSystemLibrary } from './foreign.ts';
import type { ForeignFunction, ForeignLibrary } from './foreign-library.ts';

export interface SystemCalls {
  flock(descriptor: number, operation: number): number;
  /** `undefined` when this system has no such call. */
  exchange(first: string, second: string): number | undefined;
  /** Make a second descriptor of the same open file, which a program that replaces this process inherits. Answers 0, or the error number. */
  inherit(descriptor: number): number;
  /** Make this process another program, with nothing of this one left but its inherited descriptors. Answers only when it fails. */
  execute(program: string, words: readonly string[], variables: readonly string[]): number;
}

const AT_FDCWD = -100;
const RENAME_EXCHANGE = 2;
const RENAME_SWAP = 2;

function bindSystemCalls(library: ForeignLibrary): SystemCalls {
  const errnoOf = (result: number): number => (result === 0 ? 0 : library.lastError());
  const flock = library.bind('flock', { parameters: ['i32', 'i32'], result: 'i32' });
  const bindExchange = once(() => exchangeFunction(library));
  const bindDuplicate = once(() => library.bind('dup', { parameters: ['i32'], result: 'i32' }));
  return {
    flock: (descriptor, operation) => errnoOf(flock(descriptor, operation)),
    exchange: (first, second): number | undefined => {
      const exchange = bindExchange();
      return exchange === undefined ? undefined : errnoOf(exchange(pathBytes(first), pathBytes(second)));
    },
    inherit: (descriptor) => (bindDuplicate()(descriptor) < 0 ? library.lastError() : 0),
    execute: (program, words, variables) => execute(library, { program, words, variables }),
  };
}

/** Bound at the first use, once in a process: an installation that locks nothing loads nothing. */
export const systemCalls: () => SystemCalls = once(() => bindSystemCalls(openSystemLibrary()));

/** renameat2 came with glibc 2.28 and later with musl; an older one has no such function. */
function exchangeFunction(library: ForeignLibrary): ForeignFunction | undefined {
  try {
    if (process.platform === 'darwin') return renamexFunction(library);
    return process.platform === 'linux' ? renameat2Function(library) : undefined;
  } catch (error) {
    // Both runtimes report a missing symbol as a plain Error without a code.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function renameat2Function(library: ForeignLibrary): ForeignFunction {
  const call = library.bind('renameat2', { parameters: ['i32', 'bytes', 'i32', 'bytes', 'u32'], result: 'i32' });
  return (first = null, second = null) => call(AT_FDCWD, first, AT_FDCWD, second, RENAME_EXCHANGE);
}

function renamexFunction(library: ForeignLibrary): ForeignFunction {
  const call = library.bind('renamex_np', { parameters: ['bytes', 'bytes', 'u32'], result: 'i32' });
  return (first = null, second = null) => call(first, second, RENAME_SWAP);
}

function pathBytes(path: string): Uint8Array {
  return Buffer.from(`${path}\0`);
}

const F_SETFD = 2;
const F_GETFL = 3;
const F_SETFL = 4;
const O_NONBLOCK = 0o4000;
const SIGPIPE = 13;
const SIG_DFL = 0;

/** What runtimes do to a process on Linux is taken back first: standard streams that close or do not block, and a SIGPIPE that is ignored. */
function execute(
  library: ForeignLibrary,
  {
    program,
    words,
    variables,
  }: { readonly program: string; readonly words: readonly string[]; readonly variables: readonly string[] },
): number {
  const control = library.bind('fcntl', { parameters: ['i32', 'i32', 'i32'], result: 'i32' });
  const handle = library.bind('signal', { parameters: ['i32', 'handle'], result: 'handle' });
  const exec = library.bind('execve', { parameters: ['bytes', 'texts', 'texts'], result: 'i32' });
  for (const descriptor of [0, 1, 2]) {
    control(descriptor, F_SETFD, 0);
    const flags = control(descriptor, F_GETFL, 0);
    if (flags >= 0 && (flags & O_NONBLOCK) !== 0) control(descriptor, F_SETFL, flags & ~O_NONBLOCK);
  }
  handle(SIGPIPE, SIG_DFL);
  exec(pathBytes(program), words, variables);
  return library.lastError();
}
