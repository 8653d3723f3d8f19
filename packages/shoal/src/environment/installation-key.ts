/** The name of an installation: `cpython-3.12.1-linux-x86_64-gnu`, `cpython-3.13.0+freethreaded-macos-aarch64-none`. */
import { architectureOfMachine, compareVersions } from '@shoal/packaging';
import type { Platform } from '@shoal/packaging';
import type { InterpreterFacts } from './interpreter-facts.ts';

export function installationKey(facts: InterpreterFacts): string {
  const { platform } = facts.tags;
  const variant = variantName(facts);
  const version = `${fullRelease(facts)}${variant === 'default' ? '' : `+${variant}`}`;
  return [
    facts.implementation.toLowerCase(),
    version,
    systemName(platform),
    architectureName(platform.arch),
    libcName(platform),
  ].join('-');
}

/** Three numbers and a pre-release: `3.13.0rc2`. */
export function fullRelease({ version }: Pick<InterpreterFacts, 'version'>): string {
  const [major = 0, minor = 0, patch = 0] = version.release;
  return `${major}.${minor}.${patch}${version.pre === undefined ? '' : `${version.pre.kind}${version.pre.number}`}`;
}

export function variantName({ gilDisabled, debug }: Pick<InterpreterFacts, 'gilDisabled' | 'debug'>): string {
  return [gilDisabled ? 'freethreaded' : '', debug ? 'debug' : ''].filter((part) => part !== '').join('+') || 'default';
}

export function systemName({ os }: Pick<Platform, 'os'>): string {
  if (os === 'manylinux' || os === 'musllinux') return 'linux';
  return os === 'pyodide' ? 'emscripten' : os;
}

/** @param arch In any spelling of `uname`. */
export function architectureName(arch: string): string {
  const name = architectureOfMachine(arch);
  const renamed: Readonly<Record<string, string>> = {
    i686: 'x86',
    armv7l: 'armv7',
    ppc64: 'powerpc64',
    ppc64le: 'powerpc64le',
  };
  return renamed[name] ?? name;
}

/** `none` where there is but one C library. */
export function libcName({ os, arch }: Pick<Platform, 'os' | 'arch'>): string {
  if (os === 'pyodide') return 'musl';
  if (os !== 'manylinux' && os !== 'musllinux') return 'none';
  const name = os === 'musllinux' ? 'musl' : 'gnu';
  return architectureOfMachine(arch) === 'armv7l' ? `${name}eabihf` : name;
}

/** Known implementations in their order, then versions, then plain builds before special ones; what is better comes last. */
export function compareInstallations(a: InterpreterFacts, b: InterpreterFacts): number {
  return (
    RANKS.indexOf(a.implementation.toLowerCase()) - RANKS.indexOf(b.implementation.toLowerCase()) ||
    compareVersions(a.version, b.version) ||
    VARIANTS.indexOf(variantName(b)) - VARIANTS.indexOf(variantName(a))
  );
}

const RANKS: readonly string[] = ['pyodide', 'graalpy', 'pypy', 'cpython'];
const VARIANTS: readonly string[] = ['default', 'debug', 'freethreaded', 'freethreaded+debug'];
