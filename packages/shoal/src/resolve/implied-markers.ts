/** The environments a wheel is for, read back from its tags into a marker. */
import {
  andMarkers,
  falseMarker,
  isTrueMarker,
  orMarkers,
  parseMarker,
  trueMarker,
  type Marker,
  type WheelFilename,
} from '@shoal/packaging';
import type { DistributionFile } from '../project/distribution-file.ts';
import { versionOfPythonTag } from './wheel-python.ts';

/** The union over wheels; always true when there is a source distribution to build anywhere. */
export function markerOfFiles(fittingWheels: readonly DistributionFile[], hasSdist: boolean): Marker {
  if (hasSdist) return trueMarker;
  let marker = falseMarker;
  for (const { filename } of fittingWheels) {
    if (isTrueMarker(marker)) break;
    if (filename.kind === 'wheel') marker = orMarkers(marker, markerOfWheel(filename));
  }
  return marker;
}

export function markerOfWheel(filename: WheelFilename): Marker {
  return andMarkers(platformMarker(filename.platforms), pythonMarker(filename));
}

const windows: Readonly<Record<string, string>> = { win32: 'x86', win_amd64: 'AMD64', win_arm64: 'ARM64' };
/** Mac binaries that hold several architectures. */
const macArchitectures: Readonly<Record<string, readonly string[]>> = {
  universal2: ['x86_64', 'arm64'],
  universal: ['i386', 'ppc', 'ppc64', 'x86_64'],
  intel: ['i386', 'x86_64'],
  fat: ['i386', 'ppc'],
  fat3: ['i386', 'ppc', 'x86_64'],
  fat64: ['ppc64', 'x86_64'],
};

function platformMarker(platforms: readonly string[]): Marker {
  let marker = falseMarker;
  for (const platform of platforms) {
    if (platform === 'any') return trueMarker;
    const text = textOfPlatform(platform);
    if (text !== undefined) marker = orMarkers(marker, parseMarker(text));
  }
  return marker;
}

function textOfPlatform(platform: string): string | undefined {
  const machine = windows[platform];
  if (machine !== undefined) return onPlatform('win32', [machine]);
  const mac = /^macosx_\d+_\d+_(.+)$/.exec(platform)?.[1];
  if (mac !== undefined) return onPlatform('darwin', macArchitectures[mac] ?? [mac]);
  const linux = /^(?:manylinux(?:1|2010|2014|_\d+_\d+)|musllinux_\d+_\d+|linux)_(.+)$/.exec(platform)?.[1];
  return linux === undefined ? undefined : onPlatform('linux', [linux]);
}

function onPlatform(system: string, machines: readonly string[]): string {
  const anyOf = machines.map((machine) => `platform_machine == '${machine}'`).join(' or ');
  return `sys_platform == '${system}' and (${anyOf})`;
}

const implementations: Readonly<Record<string, string>> = {
  cp: 'CPython',
  pp: 'PyPy',
  graalpy: 'GraalPy',
  pt: 'Pyston',
};

function pythonMarker({ pythons, abis }: WheelFilename): Marker {
  const stable = abis.includes('abi3') || abis.includes('abi3t');
  let marker = falseMarker;
  for (const tag of pythons) {
    const text = textOfPython(tag, stable);
    if (text === undefined) return trueMarker;
    marker = orMarkers(marker, parseMarker(text));
  }
  return marker;
}

/** `cp312` is that version alone, or with a stable ABI that version and later ones. */
function textOfPython(tag: string, stable: boolean): string | undefined {
  const version = versionOfPythonTag(tag);
  if (version === undefined) return undefined;
  const number = version.minor === undefined ? `${version.major}` : `${version.major}.${version.minor}`;
  const python = stable ? `python_version >= '${number}'` : `python_version == '${number}.*'`;
  const implementation = implementations[version.family];
  return implementation === undefined ? python : `${python} and platform_python_implementation == '${implementation}'`;
}
