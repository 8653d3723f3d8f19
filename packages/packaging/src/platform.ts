/** Kinds of machines, as far as wheels tell them apart, and the platform tags each accepts. */

import { macosPlatformTags } from './macos-platform-tags.ts';

/** `arch` is in the spelling of {@link architectureOfMachine}. */
export type Platform =
  /** Linux with glibc `major.minor`. */
  | { readonly os: 'manylinux'; readonly major: number; readonly minor: number; readonly arch: string }
  /** Linux with musl `major.minor`. */
  | { readonly os: 'musllinux'; readonly major: number; readonly minor: number; readonly arch: string }
  | { readonly os: 'macos'; readonly major: number; readonly minor: number; readonly arch: string }
  | { readonly os: 'windows'; readonly arch: string }
  | { readonly os: 'android'; readonly apiLevel: number; readonly arch: string }
  | {
      readonly os: 'ios';
      readonly major: number;
      readonly minor: number;
      readonly isSimulator: boolean;
      readonly arch: string;
    }
  /** Python in WebAssembly; `major` is the year of the ABI. */
  | { readonly os: 'pyodide'; readonly major: number; readonly minor: number; readonly arch: string }
  /** Systems whose tag is their name, release and machine as `uname` gives them. */
  | {
      readonly os: 'freebsd' | 'netbsd' | 'openbsd' | 'dragonfly' | 'haiku' | 'illumos';
      readonly release: string;
      readonly arch: string;
    };

const ARCHITECTURES: ReadonlyMap<string, string> = new Map([
  ['amd64', 'x86_64'],
  ['x64', 'x86_64'],
  ['arm64', 'aarch64'],
  ['i386', 'i686'],
  ['i486', 'i686'],
  ['i586', 'i686'],
  ['x86', 'i686'],
  ['armv8l', 'armv7l'],
]);

/** The one spelling of an architecture: `x86_64` for `AMD64`, `aarch64` for `arm64`, `i686` for all 32-bit x86. */
export function architectureOfMachine(machine: string): string {
  const name = machine.toLowerCase();
  return ARCHITECTURES.get(name) ?? name;
}

/**
 * The platform tags of wheels that run on `platform`, best first, without `any`.
 *
 * @param options.isManylinuxCompatible `false` where a `_manylinux` module says so (PEP 600): no manylinux tag then.
 */
export function platformTags(
  platform: Platform,
  { isManylinuxCompatible = true }: { readonly isManylinuxCompatible?: boolean } = {},
): readonly string[] {
  const arch = architectureOfMachine(platform.arch);
  switch (platform.os) {
    case 'manylinux':
      return [...(isManylinuxCompatible ? manylinuxTags(platform, arch) : []), `linux_${arch}`];
    case 'musllinux':
      return [
        ...descending(platform.minor, 0, (minor) => [`musllinux_${platform.major}_${minor}_${arch}`]),
        `linux_${arch}`,
      ];
    case 'macos':
      return macosPlatformTags([platform.major, platform.minor], arch);
    case 'windows':
      return [WINDOWS_TAGS.get(arch) ?? `win_${arch}`];
    case 'android':
      return descending(platform.apiLevel, OLDEST_ANDROID_API, (level) => [
        `android_${level}_${ANDROID_ABIS.get(arch) ?? arch}`,
      ]);
    case 'ios':
      return iosTags(platform, arch);
    case 'pyodide': {
      const release = `${platform.major}_${platform.minor}_wasm32`;
      return [`pyemscripten_${release}`, `pyodide_${release}`];
    }
    case 'illumos':
      return [illumosTag(platform.release, platform.arch)];
    default:
      return [`${platform.os}_${joined(platform.release)}_${unameMachine(platform.os, arch)}`];
  }
}

/** The oldest glibc 2.x that wheels of an architecture are built for. */
const OLDEST_GLIBC: ReadonlyMap<string, number> = new Map([
  ['x86_64', 5],
  ['i686', 5],
  ['aarch64', 17],
  ['armv7l', 17],
  ['ppc64', 17],
  ['ppc64le', 17],
  ['s390x', 17],
  ['riscv64', 31],
  ['loongarch64', 36],
]);

/** Names from before PEP 600, by the minor version of glibc 2 they stand for. */
const LEGACY_MANYLINUX: ReadonlyMap<number, string> = new Map([
  [5, 'manylinux1'],
  [12, 'manylinux2010'],
  [17, 'manylinux2014'],
]);

function manylinuxTags({ major, minor }: { major: number; minor: number }, arch: string): readonly string[] {
  const oldest = OLDEST_GLIBC.get(arch);
  if (oldest === undefined) return [];
  return descending(minor, oldest, (version) => {
    const legacy = LEGACY_MANYLINUX.get(version);
    const tag = `manylinux_${major}_${version}_${arch}`;
    return legacy === undefined ? [tag] : [tag, `${legacy}_${arch}`];
  });
}

const WINDOWS_TAGS: ReadonlyMap<string, string> = new Map([
  ['i686', 'win32'],
  ['x86_64', 'win_amd64'],
  ['aarch64', 'win_arm64'],
]);

/** The first level with all that CPython needs. */
const OLDEST_ANDROID_API = 16;

const ANDROID_ABIS: ReadonlyMap<string, string> = new Map([
  ['aarch64', 'arm64_v8a'],
  ['armv7l', 'armeabi_v7a'],
  ['i686', 'x86'],
]);

/** iOS 12 is the first with all that CPython needs; no minor version ever went past 9. */
function iosTags(
  { major, minor, isSimulator }: { major: number; minor: number; isSimulator: boolean },
  arch: string,
): readonly string[] {
  if (major < 12) return [];
  const machine = `${arch === 'aarch64' ? 'arm64' : arch}_${isSimulator ? 'iphonesimulator' : 'iphoneos'}`;
  const older = descending(major - 1, 12, (version) =>
    descending(9, 0, (patch) => [`ios_${version}_${patch}_${machine}`]),
  );
  return [...descending(minor, 0, (version) => [`ios_${major}_${version}_${machine}`]), ...older];
}

/** SunOS 5 and later call themselves Solaris 2 and later. */
function illumosTag(release: string, machine: string): string {
  const [, major, rest] = /^(\d+)_(.*)$/.exec(joined(release)) ?? [];
  if (major === undefined || Number(major) < 5) return `illumos_${joined(release)}_${machine}`;
  return `solaris_${Number(major) - 3}_${rest}_${machine}_64bit`;
}

const BSD_MACHINES: ReadonlyMap<string, string> = new Map([
  ['aarch64', 'arm64'],
  ['x86_64', 'amd64'],
  ['i686', 'i386'],
  ['ppc64', 'powerpc'],
  ['ppc64le', 'powerpc'],
  ['ppc', 'powerpc'],
  ['riscv64', 'riscv'],
  ['armv7l', 'arm'],
  ['armv6l', 'arm'],
]);

function unameMachine(os: string, arch: string): string {
  return os === 'dragonfly' || os === 'haiku' ? arch : (BSD_MACHINES.get(arch) ?? arch);
}

function joined(release: string): string {
  return release.toLowerCase().replaceAll(/[.-]/g, '_');
}

function descending(from: number, to: number, tagsOf: (version: number) => readonly string[]): readonly string[] {
  return Array.from({ length: Math.max(from - to + 1, 0) }, (_, index) => tagsOf(from - index)).flat();
}
