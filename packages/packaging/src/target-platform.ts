/** Platforms by the names uv's `--python-platform` takes, to resolve for another machine than this one. */

import type { MarkerEnvironment } from './marker-environment.ts';
import type { Platform } from './platform.ts';

type PlatformMarkers = Pick<
  MarkerEnvironment,
  'os_name' | 'platform_machine' | 'platform_release' | 'platform_system' | 'platform_version' | 'sys_platform'
>;

/** A platform, and what interpreters on it say of it in markers. */
export interface TargetPlatform {
  readonly platform: Platform;
  readonly markers: PlatformMarkers;
}

/** What is known of the oldest system to run on, where the name does not say. */
export interface DeploymentTargets {
  /** `MACOSX_DEPLOYMENT_TARGET`; 13.0 when absent. */
  readonly macos?: readonly [number, number] | undefined;
  /** `IPHONEOS_DEPLOYMENT_TARGET`; 13.0 when absent. */
  readonly ios?: readonly [number, number] | undefined;
  /** `ANDROID_API_LEVEL`; 24 when absent. */
  readonly androidApiLevel?: number | undefined;
}

/** glibc 2.x versions with a name of their own, each for x86_64 and aarch64. */
const MANYLINUX_MINORS = [17, 28, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40];

const CURRENT_GLIBC = 28;

/** Every name there is, in the order of uv's help. */
export const targetPlatformNames: readonly string[] = [
  'windows',
  'linux',
  'macos',
  'x86_64-pc-windows-msvc',
  'aarch64-pc-windows-msvc',
  'i686-pc-windows-msvc',
  'x86_64-unknown-linux-gnu',
  'aarch64-apple-darwin',
  'x86_64-apple-darwin',
  'aarch64-unknown-linux-gnu',
  'aarch64-unknown-linux-musl',
  'x86_64-unknown-linux-musl',
  'riscv64-unknown-linux',
  ...['x86_64', 'aarch64'].flatMap((arch) => [
    `${arch}-manylinux2014`,
    ...MANYLINUX_MINORS.map((minor) => `${arch}-manylinux_2_${minor}`),
  ]),
  'aarch64-linux-android',
  'x86_64-linux-android',
  'wasm32-pyodide2024',
  'wasm32-pyodide2025',
  'arm64-apple-ios',
  'arm64-apple-ios-simulator',
  'x86_64-apple-ios-simulator',
];

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['windows', 'x86_64-pc-windows-msvc'],
  ['linux', 'x86_64-unknown-linux-gnu'],
  ['macos', 'aarch64-apple-darwin'],
]);

/**
 * @param name One of {@link targetPlatformNames}; `manylinux_2_28_x86_64` for `x86_64-manylinux_2_28` too.
 * @returns `undefined` for any other name.
 */
export function platformOfName(name: string, targets: DeploymentTargets = {}): TargetPlatform | undefined {
  const written = name.replace(/^(manylinux\w*?)_(x86_64|aarch64)$/, '$2-$1');
  if (!targetPlatformNames.includes(written)) return undefined;
  const [, arch = '', system = ''] = /^(\w+?)-(.*)$/.exec(ALIASES.get(written) ?? written) ?? [];
  return targetOfSystem(system, arch, targets);
}

function targetOfSystem(system: string, arch: string, targets: DeploymentTargets): TargetPlatform {
  const [major, minor] = (system.startsWith('apple-ios') ? targets.ios : targets.macos) ?? [13, 0];
  switch (system) {
    case 'pc-windows-msvc':
      return { platform: { os: 'windows', arch }, markers: markersOf('Windows', WINDOWS_MACHINES.get(arch) ?? arch) };
    case 'apple-darwin':
      return { platform: { os: 'macos', major, minor, arch }, markers: markersOf('Darwin', appleMachine(arch)) };
    case 'apple-ios':
    case 'apple-ios-simulator': {
      const isSimulator = system !== 'apple-ios';
      return {
        platform: { os: 'ios', major, minor, isSimulator, arch },
        markers: markersOf('iOS', appleMachine(arch)),
      };
    }
    case 'linux-android':
      return {
        platform: { os: 'android', apiLevel: targets.androidApiLevel ?? 24, arch },
        markers: markersOf('Android', arch),
      };
    case 'pyodide2024':
    case 'pyodide2025':
      return pyodideTarget(system, arch);
    case 'unknown-linux-musl':
      return { platform: { os: 'musllinux', major: 1, minor: 2, arch }, markers: markersOf('Linux', arch) };
    default:
      return {
        platform: { os: 'manylinux', major: 2, minor: glibcMinor(system), arch },
        markers: markersOf('Linux', arch),
      };
  }
}

function glibcMinor(system: string): number {
  if (system === 'unknown-linux-gnu') return CURRENT_GLIBC;
  if (system === 'unknown-linux') return 39;
  return system === 'manylinux2014' ? 17 : Number(system.replace('manylinux_2_', ''));
}

/** Emscripten answers with its compiler's version. */
function pyodideTarget(system: 'pyodide2024' | 'pyodide2025', arch: string): TargetPlatform {
  const release = system === 'pyodide2024' ? '3.1.58' : '4.0.9';
  return {
    platform: { os: 'pyodide', major: Number(system.slice(-4)), minor: 0, arch },
    markers: { ...markersOf('Emscripten', arch), platform_release: release, platform_version: '#1' },
  };
}

const WINDOWS_MACHINES: ReadonlyMap<string, string> = new Map([
  ['x86_64', 'AMD64'],
  ['aarch64', 'ARM64'],
  ['i686', 'x86'],
]);

function appleMachine(arch: string): string {
  return arch === 'aarch64' ? 'arm64' : arch;
}

function markersOf(system: string, machine: string): PlatformMarkers {
  return {
    os_name: system === 'Windows' ? 'nt' : 'posix',
    platform_machine: machine,
    platform_release: '',
    platform_system: system,
    platform_version: '',
    sys_platform: system === 'Windows' ? 'win32' : system.toLowerCase(),
  };
}
