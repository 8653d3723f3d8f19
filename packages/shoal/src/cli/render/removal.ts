import { countOf, formatBytes } from './quantities.ts';

/** What a collector removed. */
export interface Removed {
  readonly files: number;
  readonly directories: number;
  readonly bytes: number;
}

/** `Removed 11 files (28.0KiB)`, or `nothing` when there was nothing to remove. */
export function renderRemoval({ files, directories, bytes }: Removed, nothing: string): string {
  if (files === 0 && directories === 0) return nothing;
  if (files === 0) return `Removed ${countOf(directories, 'directory', 'directories')}`;
  return `Removed ${countOf(files, 'file')} (${formatBytes(bytes)})`;
}
