/** The versions of a project from one index, with the choice among the files of each made when first asked for. */
import {
  cutAt,
  isAboveCut,
  rangeIntervals,
  versionsEqual,
  type Version,
  type VersionCut,
  type VersionRange,
} from '@shoal/packaging';
import type { DistributionFile, IndexLocation, VersionGroup } from '../project/distribution-file.ts';
import { chooseFile, type FileChoice, type FilePolicy } from './file-choice.ts';

export class VersionTable {
  readonly index: IndexLocation | undefined;
  /** Highest first. */
  readonly versions: readonly Version[];
  readonly #group: VersionGroup;
  readonly #policy: FilePolicy;
  readonly #choices: Map<number, FileChoice | undefined> = new Map();
  #hasLocal: boolean | undefined;

  constructor(group: VersionGroup, policy: FilePolicy) {
    this.index = group.index;
    this.versions = group.versions;
    this.#group = group;
    this.#policy = policy;
  }

  /** What to take of `versions[position]`; `undefined` when the version has no files at all, or all are too new. */
  choiceAt(position: number): FileChoice | undefined {
    if (this.#choices.has(position)) return this.#choices.get(position);
    const version = this.versions[position];
    const files = version === undefined ? [] : this.#group.files(version);
    const choice = this.#choose(files);
    const existing = choice?.kind === 'unusable' && choice.problem.kind === 'exclude-newer' ? undefined : choice;
    this.#choices.set(position, existing);
    return existing;
  }

  /** Files of several indexes are not mixed: the first index whose files can be used serves the version. */
  #choose(files: readonly DistributionFile[]): FileChoice | undefined {
    let unusable: FileChoice | undefined;
    for (const ofIndex of groupByIndex(files)) {
      const choice = chooseFile(ofIndex, this.#policy);
      if (choice.kind === 'usable') return choice;
      unusable ??= choice;
    }
    return unusable;
  }

  /** True when some file of the version is old enough to exist. */
  existsAt(version: Version): boolean {
    const position = this.positionOf(version);
    if (position === undefined || this.#policy.cutoffMs === undefined) return position !== undefined;
    return (this.choiceAt(position)?.files.length ?? 0) > 0;
  }

  /** Every file of the version, those that are too new included. */
  filesOf(version: Version): readonly DistributionFile[] {
    return this.#group.files(version);
  }

  positionOf(version: Version): number | undefined {
    const position = this.#firstBelow(cutAt(version, 'after'));
    const found = this.versions[position];
    return found !== undefined && versionsEqual(found, version) ? position : undefined;
  }

  get hasLocal(): boolean {
    this.#hasLocal ??= this.versions.some((version) => version.local !== undefined);
    return this.#hasLocal;
  }

  /** Positions of the versions in a range, highest first or lowest first. */
  *positionsIn(range: VersionRange, highest: boolean): Generator<number> {
    const intervals = rangeIntervals(range);
    const count = intervals.length;
    for (let step = 0; step < count; step++) {
      const interval = intervals[highest ? count - 1 - step : step];
      if (interval === undefined) continue;
      const first = interval.upper === undefined ? 0 : this.#firstBelow(interval.upper.cut);
      const end = interval.lower === undefined ? this.versions.length : this.#firstBelow(interval.lower.cut);
      if (highest) for (let position = first; position < end; position++) yield position;
      else for (let position = end - 1; position >= first; position--) yield position;
    }
  }

  #firstBelow(cut: VersionCut): number {
    let low = 0;
    let high = this.versions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const found = this.versions[middle];
      if (found !== undefined && isAboveCut(found, cut)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function groupByIndex(files: readonly DistributionFile[]): Iterable<readonly DistributionFile[]> {
  return Map.groupBy(files, (file) => file.index.url).values();
}
