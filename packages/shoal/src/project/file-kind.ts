/** What a file that requirements are read from is, by its name. */
import { basename } from 'node:path';

export type FileKind = 'requirements' | 'pyproject' | 'setup' | 'lock' | 'script';

/** @param place A path or URL; names that say nothing are those of requirements files. */
export function fileKindOf(place: string): FileKind {
  const name = basename(place.replace(/[?#].*$/, ''));
  if (name === 'pyproject.toml') return 'pyproject';
  if (/^setup\.(?:py|cfg)$/.test(name)) return 'setup';
  if (/^pylock(?:\.[^.]+)?\.toml$/.test(name)) return 'lock';
  return /\.pyw?$/.test(name) ? 'script' : 'requirements';
}
