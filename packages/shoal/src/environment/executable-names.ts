/** The file names under which an interpreter that a request accepts may be found on the search path. */
import { IMPLEMENTATIONS } from './implementation-name.ts';
import type { ImplementationName } from './implementation-name.ts';
import { mayAcceptMinor, versionVariant } from './version-request.ts';
import type { PythonVariant, VersionRequest } from './version-request.ts';

/** Names without a suffix for the system, in the order in which each folder is searched. */
export function executableNames(version: VersionRequest, implementation?: ImplementationName): readonly string[] {
  const suffixes = versionSuffixes(version);
  const generic = suffixes.map((suffix) => `python${suffix}`);
  if (implementation !== undefined) return [...suffixes.map((suffix) => `${implementation}${suffix}`), ...generic];
  if (version.kind !== 'any') return generic;
  return [...generic, ...IMPLEMENTATIONS.flatMap((name) => suffixes.map((suffix) => `${name}${suffix}`))];
}

/** `3.12.1`, `3.12`, `3` and nothing for 3.12.1: the most telling name first. Without a version, plain `python` comes first. */
function versionSuffixes(version: VersionRequest): readonly string[] {
  const variant = VARIANT_LETTERS[versionVariant(version)];
  return plainSuffixes(version).flatMap((suffix) => (variant === '' ? [suffix] : [`${suffix}${variant}`, suffix]));
}

function plainSuffixes(version: VersionRequest): readonly string[] {
  if (version.kind === 'any' || version.kind === 'default') return ['', '3'];
  if (version.kind === 'range') return ['3', ''];
  const { release, pre } = version;
  const numbers = release.map((_, index) => release.slice(0, index + 1).join('.')).reverse();
  const preText = pre === undefined ? '' : `${pre.kind}${pre.number}`;
  return [
    ...numbers.flatMap((text) => (preText !== '' && text.includes('.') ? [`${text}${preText}`, text] : [text])),
    '',
  ];
}

const VARIANT_LETTERS: Readonly<Record<PythonVariant, string>> = {
  default: '',
  debug: 'd',
  freethreaded: 't',
  'freethreaded+debug': 'td',
  gil: '',
  'gil+debug': 'd',
};

const OLDEST_MINOR = 7;

/**
 * Whether a file name such as `python3.11` belongs to a minor version that the request may accept, for requests that do not
 * name one. Those that do look for it by `executableNames`.
 */
export function isMinorExecutable(name: string, version: VersionRequest, implementation?: ImplementationName): boolean {
  if (version.kind === 'release' && version.release.length > 1) return false;
  const stem = process.platform === 'win32' ? name.replace(/\.exe$/i, '') : name;
  const [, prefix = '', minor = ''] = /^(\D+3?)\.(\d\d?)t?$/.exec(stem) ?? [];
  if (prefix !== 'python3' && (implementation === undefined || prefix !== implementation)) return false;
  return Number(minor) >= OLDEST_MINOR && mayAcceptMinor(version, 3, Number(minor));
}
