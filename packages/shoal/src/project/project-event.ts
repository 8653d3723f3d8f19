/**
 * What changing a project's files tells its listener. Step events are announced synchronously at the points where a crash would
 * matter, so a listener may block or kill the process there.
 */

/** `file-replaced` is announced once for each file; `commit-recovering` by a command that found what another left behind. */
export const PROJECT_STEPS = [
  'commit-checked',
  'commit-written',
  'file-replaced',
  'commit-removed',
  'commit-undone',
  'commit-recovering',
] as const;

export type ProjectStep = (typeof PROJECT_STEPS)[number];

export type ProjectEvent =
  | { readonly type: 'step'; readonly name: ProjectStep; readonly detail: string }
  /** `discarded`: somebody has edited a file since; it was left as it is. */
  | { readonly type: 'recovered'; readonly outcome: 'finished' | 'discarded' };

export type ProjectListener = (event: ProjectEvent) => void;
