/** Which wheels of a version nobody can choose who installs from the lockfile: by Python, operating system or machine. */
import { andMarkers, areMarkersDisjoint, parseMarker } from '@shoal/packaging';
import type { Marker, WheelFilename } from '@shoal/packaging';
import type { PythonBounds } from '../resolve/python-bounds.ts';
import { fitsPython } from '../resolve/wheel-python.ts';

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/^(?:manylinux|musllinux|linux)/, "os_name == 'posix' and sys_platform == 'linux'"],
  [/^win/, "os_name == 'nt' and sys_platform == 'win32'"],
  [/^macosx/, "os_name == 'posix' and sys_platform == 'darwin'"],
  [/^android/, "sys_platform == 'android'"],
];

const KNOWN_SYSTEMS = /^(?:manylinux|musllinux|linux|macosx|win|android|ios)/;

const MACHINES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/(?:aarch64|arm64|arm64_v8a)$/, ['aarch64', 'arm64', 'ARM64']],
  [/(?:x86_64|amd64)$/, ['x86_64', 'amd64', 'AMD64']],
  [/(?:i686|i386|^win32|android_\d+_x86)$/, ['i686', 'i386', 'win32', 'x86']],
  [/ppc64le$/, ['ppc64le']],
  [/ppc64$/, ['ppc64']],
  [/s390x$/, ['s390x']],
  [/riscv64$/, ['riscv64']],
  [/loongarch64$/, ['loongarch64']],
  [/armv7l$/, ['armv7l', 'armv8l']],
  [/armv6l$/, ['armv6l']],
];

const systemMarkers = SYSTEMS.map(([tags, text]) => [tags, parseMarker(text)] as const);
const machineMarkers = MACHINES.map(
  ([tags, machines]) =>
    [tags, parseMarker(machines.map((machine) => `platform_machine == '${machine}'`).join(' or '))] as const,
);

/** @param marker When the package is needed at all. */
export function isUnreachableWheel(wheel: WheelFilename, python: PythonBounds, marker: Marker): boolean {
  if (!fitsPython(wheel, python)) return true;
  if (wheel.platforms.every((platform) => platform === 'any')) return false;
  const system = markerOfAll(wheel.platforms, systemMarkers);
  // Of other systems uv looks at no machine, and its lockfiles keep their wheels.
  const isKnown = wheel.platforms.every((platform) => KNOWN_SYSTEMS.test(platform));
  const machine = isKnown ? markerOfAll(wheel.platforms, machineMarkers) : undefined;
  if (system !== undefined) {
    const both = machine === undefined ? system : andMarkers(system, machine);
    if (areMarkersDisjoint(marker, both)) return true;
  }
  return machine !== undefined && areMarkersDisjoint(marker, machine);
}

/** The marker of the kind that all the tags are of. */
function markerOfAll(platforms: readonly string[], kinds: readonly (readonly [RegExp, Marker])[]): Marker | undefined {
  return kinds.find(([tags]) => platforms.every((platform) => tags.test(platform)))?.[1];
}
