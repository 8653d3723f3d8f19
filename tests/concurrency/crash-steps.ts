/**
 * Every step that the program announces, and the crash test that kills at it. The type makes a new step fail to compile here
 * until it is given a test; the tests fail when they do not meet the steps that this table promises.
 */
import { CACHE_STEPS } from '@shoal/cache';
import type { StepName } from '@shoal/cache';
import { BUILD_STEPS } from '../../packages/shoal/src/build/build-event.ts';
import type { BuildStep } from '../../packages/shoal/src/build/build-event.ts';
import { FETCH_STEPS } from '../../packages/shoal/src/fetch/fetch-events.ts';
import type { FetchStep } from '../../packages/shoal/src/fetch/fetch-events.ts';
import { INSTALL_STEPS } from '../../packages/shoal/src/install/install-event.ts';
import type { InstallStep } from '../../packages/shoal/src/install/install-event.ts';
import { PROJECT_STEPS } from '../../packages/shoal/src/project/project-event.ts';
import type { ProjectStep } from '../../packages/shoal/src/project/project-event.ts';

export type AnyStep = StepName | FetchStep | BuildStep | InstallStep | ProjectStep;

/**
 * `cold`, `replace`, `heal`, `clean`: in command-crash.test.ts; `build`: in build-crash.test.ts; `recover`, `undo`: in
 * install-crash.test.ts; `lost`: in cache-single-flight.test.ts; `commit`: in commit-files.test.ts.
 */
export type CrashTest = 'cold' | 'replace' | 'heal' | 'clean' | 'build' | 'recover' | 'undo' | 'lost' | 'commit';

const KILLED_IN: Readonly<Record<AnyStep, CrashTest>> = {
  'key-wanted': 'cold',
  'key-taken': 'cold',
  'work-folder-made': 'cold',
  'download-opened': 'cold',
  'download-begun': 'cold',
  downloaded: 'cold',
  unpacking: 'cold',
  unpacked: 'cold',
  produced: 'cold',
  'manifest-written': 'cold',
  'before-publish': 'cold',
  published: 'cold',
  'publication-lost': 'lost',
  'key-released': 'cold',
  'before-record-write': 'cold',
  'record-written': 'cold',
  'before-heal': 'heal',
  'put-aside': 'heal',
  'collect-lock-taken': 'clean',
  'victim-locked': 'clean',
  trashed: 'clean',
  'before-delete': 'clean',
  deleted: 'clean',
  collected: 'clean',
  recovering: 'recover',
  discarding: 'recover',
  'build-environment-ready': 'build',
  'build-source-ready': 'build',
  'hook-started': 'build',
  'hook-ended': 'build',
  'build-wheel-ready': 'build',
  'build-tree-ready': 'build',
  stage: 'cold',
  linked: 'cold',
  staged: 'cold',
  'journal-written': 'replace',
  apply: 'replace',
  applied: 'replace',
  undo: 'undo',
  undone: 'undo',
  'journal-removed': 'replace',
  cleaned: 'replace',
  'commit-checked': 'commit',
  'commit-written': 'commit',
  'file-replaced': 'commit',
  'commit-removed': 'commit',
  'commit-undone': 'commit',
  'commit-recovering': 'commit',
};

/** All steps, as the program lists them. */
export const ALL_STEPS: readonly string[] = [
  ...CACHE_STEPS,
  ...FETCH_STEPS,
  ...BUILD_STEPS,
  ...INSTALL_STEPS,
  ...PROJECT_STEPS,
];

export function isStep(name: string): boolean {
  return ALL_STEPS.includes(name);
}

/** The steps that `test` has to kill at, sorted. */
export function stepsKilledIn(test: CrashTest): readonly string[] {
  return Object.entries(KILLED_IN)
    .filter(([, found]) => found === test)
    .map(([name]) => name)
    .sort();
}

/** The steps of the table, sorted. */
export function stepsOfTable(): readonly string[] {
  return Object.keys(KILLED_IN).sort();
}
