/** What building tells whoever runs it. */

/** The points of one build, each announced synchronously, so that a listener may kill the process there. */
export const BUILD_STEPS = [
  'build-environment-ready',
  'build-source-ready',
  'hook-started',
  'hook-ended',
  'build-wheel-ready',
  'build-tree-ready',
] as const;

export type BuildStep = (typeof BUILD_STEPS)[number];

export type BuildEvent =
  | { readonly type: 'build-started'; readonly subject: string }
  | { readonly type: 'build-output'; readonly subject: string; readonly text: string }
  | { readonly type: 'build-finished'; readonly subject: string; readonly elapsedMs: number }
  /** Each point at which a builder may die and leave others to go on. */
  | { readonly type: 'step'; readonly name: BuildStep; readonly detail?: string };

export type BuildListener = (event: BuildEvent) => void;
