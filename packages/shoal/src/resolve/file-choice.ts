/**
 * Of the files of one version, the one to take: the best wheel that fits, else the source distribution, else the
 * reason why none will do (docs/solver.md, "Files").
 */
import {
  explainIncompatibility,
  tagPriority,
  type SpecifierSet,
  type TagPriorities,
  type Version,
} from '@shoal/packaging';
import type { DistributionFile } from '../project/distribution-file.ts';
import type { TagMismatch, VersionProblem } from './availability.ts';
import type { PythonBounds } from './python-bounds.ts';
import { fitsPython } from './wheel-python.ts';

/** The rules a file is held against; the same for all files of a project. */
export interface FilePolicy {
  /** `undefined` in universal mode: then `python` filters wheels. */
  readonly tags: TagPriorities | undefined;
  readonly python: PythonBounds;
  readonly noBinary: boolean;
  readonly noBuild: boolean;
  /** Milliseconds since the epoch; files from then on do not exist. */
  readonly cutoffMs: number | undefined;
  readonly allowsYanked: (version: Version) => boolean;
  /** `algorithm:hex` of which one must match, or none. */
  readonly digestsOf: (version: Version) => readonly string[];
}

/** A version that can be used. */
export interface UsableFiles {
  readonly kind: 'usable';
  /** Where the metadata is read. */
  readonly forMetadata: DistributionFile;
  /** What is installed: the wheel, or the sdist after a build. */
  readonly wheel: DistributionFile | undefined;
  readonly sdist: DistributionFile | undefined;
  /** True when only the sdist can be installed. */
  readonly needsBuild: boolean;
  readonly requiresPython: SpecifierSet | undefined;
  /** All files that exist, the cut-off considered. */
  readonly files: readonly DistributionFile[];
  /** The wheels that fit; empty when the sdist serves everywhere. */
  readonly fittingWheels: readonly DistributionFile[];
}

export interface UnusableFiles {
  readonly kind: 'unusable';
  readonly problem: VersionProblem;
  readonly files: readonly DistributionFile[];
}

export type FileChoice = UsableFiles | UnusableFiles;

interface Rated {
  readonly file: DistributionFile;
  readonly problem: VersionProblem | undefined;
  /** 2 matches a required hash (or none is required), 1 has no hash, 0 has another. */
  readonly hash: number;
  readonly tags: number;
}

const tagOrder: readonly TagMismatch[] = [
  'invalid',
  'python',
  'abi',
  'freethreaded-abi',
  'abi-python-version',
  'platform',
];
/** Sdist names that PEP 625 and uv accept. */
const sourceExtensions: ReadonlySet<string> = new Set(['.tar.gz', '.zip']);

export function chooseFile(files: readonly DistributionFile[], policy: FilePolicy): FileChoice {
  const existing = files.filter((file) => !isTooNew(file, policy));
  let wheel: Rated | undefined;
  let sdist: Rated | undefined;
  const fitting: DistributionFile[] = [];
  for (const file of sortedByName(files)) {
    const rated = rate(file, policy);
    if (file.filename.kind === 'wheel') {
      if (wheel === undefined || isBetterWheel(rated, wheel)) wheel = rated;
      if (rated.problem === undefined) fitting.push(file);
    } else if (sdist === undefined || isBetterSdist(rated, sdist)) sdist = rated;
  }
  return combine(wheel, sdist, { existing, fitting });
}

function combine(
  wheel: Rated | undefined,
  sdist: Rated | undefined,
  {
    existing,
    fitting,
  }: { readonly existing: readonly DistributionFile[]; readonly fitting: readonly DistributionFile[] },
): FileChoice {
  const usableWheel = wheel !== undefined && wheel.problem === undefined ? wheel : undefined;
  const usableSdist = sdist !== undefined && sdist.problem === undefined ? sdist : undefined;
  const common = { kind: 'usable', files: existing, fittingWheels: usableSdist === undefined ? fitting : [] } as const;
  if (usableWheel !== undefined && !(usableSdist !== undefined && usableSdist.hash > usableWheel.hash)) {
    const { file } = usableWheel;
    return {
      ...common,
      forMetadata: file,
      wheel: file,
      sdist: usableSdist?.file,
      needsBuild: false,
      requiresPython: file.requiresPython,
    };
  }
  if (usableSdist !== undefined) {
    const { file } = usableSdist;
    const readable =
      usableWheel === undefined && wheel !== undefined && wheel.problem?.kind !== 'exclude-newer' ? wheel.file : file;
    return {
      ...common,
      forMetadata: readable,
      wheel: undefined,
      sdist: file,
      needsBuild: true,
      requiresPython: file.requiresPython,
    };
  }
  return {
    kind: 'unusable',
    problem: sdist?.problem ?? wheel?.problem ?? { kind: 'no-distributions' },
    files: existing,
  };
}

function sortedByName(files: readonly DistributionFile[]): readonly DistributionFile[] {
  return files.toSorted((a, b) => compareText(a.filename.filename, b.filename.filename));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Files without an upload time are taken for too new, as there is no way to know. */
function isTooNew(file: DistributionFile, policy: Pick<FilePolicy, 'cutoffMs'>): boolean {
  if (policy.cutoffMs === undefined) return false;
  return file.uploadTime === undefined || Date.parse(file.uploadTime) >= policy.cutoffMs;
}

function rate(file: DistributionFile, policy: FilePolicy): Rated {
  const { filename } = file;
  const isWheel = filename.kind === 'wheel';
  const hash = compareHashes(file, policy.digestsOf(filename.version));
  const common = problemOfAny(file, policy);
  if (isWheel && policy.noBinary) return { file, problem: { kind: 'no-binary' }, hash, tags: 0 };
  if (!isWheel && policy.noBuild) return { file, problem: { kind: 'no-build' }, hash, tags: 0 };
  if (common !== undefined) return { file, problem: common, hash, tags: 0 };
  if (filename.kind === 'sdist') {
    const problem = sourceExtensions.has(filename.extension) ? undefined : ({ kind: 'not-pep625' } as const);
    return { file, problem, hash, tags: 0 };
  }
  if (policy.tags === undefined) {
    const problem = fitsPython(filename, policy.python)
      ? undefined
      : ({ kind: 'tag', mismatch: 'abi-python-version' } as const);
    return { file, problem, hash, tags: 0 };
  }
  const priority = tagPriority(policy.tags, filename);
  if (priority !== undefined) return { file, problem: undefined, hash, tags: priority };
  return { file, problem: { kind: 'tag', mismatch: explainIncompatibility(policy.tags, filename) }, hash, tags: 0 };
}

function problemOfAny(file: DistributionFile, policy: FilePolicy): VersionProblem | undefined {
  if (isTooNew(file, policy)) return { kind: 'exclude-newer', timed: file.uploadTime !== undefined };
  if (file.yanked !== false && !policy.allowsYanked(file.filename.version))
    return { kind: 'yanked', reason: file.yanked };
  return undefined;
}

function compareHashes(file: DistributionFile, required: readonly string[]): number {
  if (required.length === 0) return 2;
  const own = Object.entries(file.hashes).map(([algorithm, hex]) => `${algorithm}:${hex}`);
  if (own.length === 0) return 1;
  return own.some((digest) => required.includes(digest)) ? 2 : 0;
}

/** Of two usable wheels the one with the better hash, then tags, then build tag; of two others the one closest to usable. */
function isBetterWheel(rated: Rated, best: Rated): boolean {
  if (rated.problem === undefined || best.problem === undefined) {
    if (rated.problem !== best.problem) return rated.problem === undefined;
    return (rated.hash - best.hash || rated.tags - best.tags || compareBuilds(rated.file, best.file)) > 0;
  }
  return isCloser(rated, best, wheelCloseness);
}

function isBetterSdist(rated: Rated, best: Rated): boolean {
  if (rated.problem === undefined || best.problem === undefined) {
    return rated.problem === best.problem ? rated.hash > best.hash : rated.problem === undefined;
  }
  return isCloser(rated, best, sdistCloseness);
}

const wheelCloseness: Readonly<Partial<Record<VersionProblem['kind'], number>>> = {
  'exclude-newer': 4,
  tag: 3,
  yanked: 2,
  'no-binary': 1,
};
const sdistCloseness: Readonly<Partial<Record<VersionProblem['kind'], number>>> = {
  'exclude-newer': 4,
  yanked: 3,
  'not-pep625': 1,
  'no-build': 1,
};

function isCloser(
  rated: Rated,
  best: Rated,
  closeness: Readonly<Partial<Record<VersionProblem['kind'], number>>>,
): boolean {
  const [mine, theirs] = [rated.problem, best.problem];
  if (mine === undefined || theirs === undefined) return false;
  if (mine.kind !== theirs.kind) return (closeness[mine.kind] ?? 0) > (closeness[theirs.kind] ?? 0);
  if (mine.kind === 'tag' && theirs.kind === 'tag')
    return tagOrder.indexOf(mine.mismatch) > tagOrder.indexOf(theirs.mismatch);
  if (mine.kind === 'yanked' && theirs.kind === 'yanked') return theirs.reason !== '';
  return false;
}

function compareBuilds(a: DistributionFile, b: DistributionFile): number {
  const [first, second] = [buildTagOf(a), buildTagOf(b)];
  if (first === undefined || second === undefined) return first === second ? 0 : first === undefined ? -1 : 1;
  return first.number - second.number || compareText(first.suffix, second.suffix);
}

function buildTagOf(file: DistributionFile): { readonly number: number; readonly suffix: string } | undefined {
  return file.filename.kind === 'wheel' ? file.filename.buildTag : undefined;
}
