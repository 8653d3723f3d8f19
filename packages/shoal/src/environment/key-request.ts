/** Requests by the name of an installation, `cpython-3.12.1-linux-x86_64-gnu`, of which each part may be left out or `any`. */
import { architectureOfMachine } from '@shoal/packaging';
import { implementationOfWord, isImplementation } from './implementation-name.ts';
import type { ImplementationName } from './implementation-name.ts';
import { architectureName, libcName, systemName } from './installation-key.ts';
import type { InterpreterFacts } from './interpreter-facts.ts';
import { acceptsInterpreter, formatVersionRequest, tryParseVersionRequest } from './version-request.ts';
import type { VersionRequest } from './version-request.ts';

export interface KeyRequest {
  readonly implementation: ImplementationName | undefined;
  readonly version: VersionRequest | undefined;
  readonly os: string | undefined;
  readonly arch: string | undefined;
  readonly libc: string | undefined;
}

type Part = keyof KeyRequest;

const PARTS: readonly Part[] = ['implementation', 'version', 'os', 'arch', 'libc'];
const SYSTEMS: ReadonlySet<string> = new Set([
  'linux',
  'macos',
  'windows',
  'freebsd',
  'netbsd',
  'openbsd',
  'emscripten',
]);
const ARCHITECTURES: ReadonlySet<string> = new Set([
  'x86_64',
  'x86',
  'aarch64',
  'armv5tel',
  'armv6l',
  'armv7',
  'powerpc64',
  'powerpc64le',
  'riscv64',
  's390x',
  'loongarch64',
  'wasm32',
]);
const LIBCS: ReadonlySet<string> = new Set(['gnu', 'musl', 'gnueabi', 'gnueabihf', 'musleabi', 'musleabihf', 'none']);

/** @returns `undefined` when some part of `text` cannot be placed: parts come in the order of a key. */
export function tryParseKeyRequest(text: string): KeyRequest | undefined {
  if (text === '') return undefined;
  const found: { -readonly [P in Part]: KeyRequest[P] } = {
    implementation: undefined,
    version: undefined,
    os: undefined,
    arch: undefined,
    libc: undefined,
  };
  let position = 0;
  for (const word of text.toLowerCase().split('-')) {
    const place = word === 'any' ? position : placeOf(word, position);
    const part = PARTS[place];
    if (part === undefined) return undefined;
    if (word !== 'any') Object.assign(found, { [part]: valueOf(part, word) });
    position = place + 1;
  }
  return found;
}

/** The first part, from `position` on, that `word` can be; past the end when there is none. */
function placeOf(word: string, position: number): number {
  const index = PARTS.findIndex((part, at) => at >= position && valueOf(part, word) !== undefined);
  return index < 0 ? PARTS.length : index;
}

function valueOf(part: Part, word: string): KeyRequest[Part] {
  switch (part) {
    case 'implementation':
      return implementationOfWord(word);
    case 'version':
      return tryParseVersionRequest(word);
    case 'os':
      return SYSTEMS.has(word) ? word : undefined;
    case 'arch':
      return architectureIn(word);
    case 'libc':
    default:
      return LIBCS.has(word) ? word : undefined;
  }
}

function architectureIn(word: string): string | undefined {
  const arch = architectureName(architectureOfMachine(word));
  return ARCHITECTURES.has(arch) ? arch : undefined;
}

/** Whether the interpreter is what the key names. */
export function acceptsByKey(key: KeyRequest, facts: InterpreterFacts): boolean {
  const { platform } = facts.tags;
  return (
    (key.implementation === undefined || isImplementation(facts, key.implementation)) &&
    (key.version === undefined || acceptsInterpreter(key.version, facts)) &&
    (key.os ?? systemName(platform)) === systemName(platform) &&
    (key.arch ?? architectureName(platform.arch)) === architectureName(platform.arch) &&
    (key.libc ?? libcName(platform)) === libcName(platform)
  );
}

/** All five parts, `any` where nothing was asked for. */
export function formatKeyRequest({ implementation, version, os, arch, libc }: KeyRequest): string {
  return [implementation, version === undefined ? undefined : formatVersionRequest(version), os, arch, libc]
    .map((part) => part ?? 'any')
    .join('-');
}
