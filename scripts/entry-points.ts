/** The files that programs of this repository start from: the command first, then the workers that it starts. */
export const entryPoints: readonly string[] = [
  'packages/shoal/src/cli/main.ts',
  'packages/shoal/src/fetch/unpack-worker.ts',
  'packages/shoal/src/install/link-worker.ts',
];
