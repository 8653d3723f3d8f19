/**
 * Which Pythons a wheel's tags speak of. In universal mode there is no interpreter to hold the tags against, so
 * wheels that no supported Python can use are put aside by their version numbers alone.
 */
import { compareVersions, parseVersion, type Version, type WheelFilename } from '@shoal/packaging';
import type { PythonBounds } from './python-bounds.ts';

interface TagVersion {
  readonly family: string;
  readonly major: number;
  readonly minor: number | undefined;
}

const pythonTag = /^(py|cp|pp|graalpy|pt)(\d)(\d*)$/;
/** GraalPy names its own version first: `graalpy250_312_native` is for Python 3.12. */
const abiTag = /^(cp|pypy|graalpy\d+_)(\d)(\d*)/;

/** `cp312` is CPython 3.12, `py3` is any 3; `undefined` for tags we do not know. */
export function versionOfPythonTag(tag: string): TagVersion | undefined {
  return versionOfMatch(pythonTag.exec(tag));
}

function versionOfMatch(match: RegExpExecArray | null): TagVersion | undefined {
  if (match === null) return undefined;
  const [, family = '', major = '', minor = ''] = match;
  return { family, major: Number(major), minor: minor === '' ? undefined : Number(minor) };
}

/** False when the tags say that no Python within the bounds can use the wheel; unknown tags are let through. */
export function fitsPython(wheel: WheelFilename, bounds: PythonBounds): boolean {
  return wheel.abis.some((abi) => fitsAbi(abi, wheel, bounds));
}

function fitsAbi(abi: string, wheel: WheelFilename, bounds: PythonBounds): boolean {
  if (abi === 'abi3' || abi === 'abi3t') return true;
  if (abi === 'none') return wheel.pythons.some((tag) => fitsPythonTag(tag, bounds));
  // Of PyPy before it named its Python: those were for Python 2.
  if (abi.startsWith('pypy_')) return false;
  const version = versionOfMatch(abiTag.exec(abi));
  if (version === undefined) return true;
  if (version.major === 2) return false;
  if (abi.startsWith('pypy') && version.minor === undefined) return true;
  return (
    version.minor === undefined ||
    version.major !== 3 ||
    (reaches(version.minor, bounds) && within(version.minor, bounds))
  );
}

function fitsPythonTag(tag: string, bounds: PythonBounds): boolean {
  const version = versionOfPythonTag(tag);
  if (version === undefined) return true;
  if (version.major === 2) return false;
  if (version.minor === undefined || version.major !== 3) return true;
  return within(version.minor, bounds) && (version.family === 'py' || reaches(version.minor, bounds));
}

/**
 * False when the wheel is for later Pythons than the upper bound lets in: `cp312` for Pythons below 3.12. Lower bounds do
 * not count, as in uv: what a fork is for is narrower than what the whole resolution must serve.
 */
export function startsWithin(wheel: WheelFilename, bounds: PythonBounds): boolean {
  if (bounds.upper === undefined) return true;
  return wheel.abis.some((abi) => {
    const ownAbi = versionOfMatch(abiTag.exec(abi));
    const versions = ownAbi === undefined ? wheel.pythons.map(versionOfPythonTag) : [ownAbi];
    return versions.some(
      (version) => version?.minor === undefined || version.major !== 3 || within(version.minor, bounds),
    );
  });
}

/** 3.minor is not above the upper bound. */
function within(minor: number, { upper }: PythonBounds): boolean {
  if (upper === undefined) return true;
  const limit = majorMinorOfUpper(upper.version, upper.inclusive);
  const order = compareVersions(minorVersion(minor), limit.version);
  return order < 0 || (order === 0 && limit.inclusive);
}

/** 3.minor is not below the lower bound. */
function reaches(minor: number, { lower }: PythonBounds): boolean {
  if (lower === undefined) return true;
  return compareVersions(minorVersion(minor), majorMinor(lower.version)) >= 0;
}

/** `<3.10.1` still lets 3.10 in, `<3.10` does not. */
function majorMinorOfUpper(
  version: Version,
  inclusive: boolean,
): { readonly version: Version; readonly inclusive: boolean } {
  const patched = version.release.slice(2).some((part) => part > 0);
  return { version: majorMinor(version), inclusive: inclusive || patched };
}

function majorMinor(version: Version): Version {
  return parseVersion(version.release.slice(0, 2).join('.'));
}

function minorVersion(minor: number): Version {
  return parseVersion(`3.${minor}`);
}
