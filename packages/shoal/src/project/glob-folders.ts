/** Patterns of paths as `tool.uv.workspace` has them: `*`, `?`, `[…]` within a name, `**` over any depth. */
import { existsSync, readdirSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { hasErrorCode } from '@shoal/cache';

/** What lies below `root` and fits, sorted name by name. A leading dot is like any other character. */
export function globPaths(root: string, pattern: string): readonly string[] {
  const parts = normalize(pattern.replaceAll('\\', '/'))
    .split(/[\\/]/)
    .filter((part) => part !== '' && part !== '.');
  return expand([root], parts);
}

function expand(folders: readonly string[], [part, ...rest]: readonly string[]): readonly string[] {
  if (part === undefined) return folders;
  if (part === '**')
    return expand(
      folders.flatMap((folder) => [folder, ...foldersBelow(folder)]),
      rest,
    );
  if (!/[*?[]/.test(part))
    return expand(
      folders.map((folder) => join(folder, part)).filter((path) => existsSync(path)),
      rest,
    );
  const fits = patternOf(part, '[^/]*');
  return expand(
    folders.flatMap((folder) => entriesOf(folder).flatMap(({ name }) => (fits.test(name) ? [join(folder, name)] : []))),
    rest,
  );
}

/** Whether the path, relative and with `/`, fits the pattern. Here `*` crosses folders, as it does in uv. */
export function matchesGlob(path: string, pattern: string): boolean {
  return patternOf(normalize(pattern).replaceAll('\\', '/'), '.*').test(path);
}

function patternOf(pattern: string, star: string): RegExp {
  const source = pattern.replace(/\*\*\/|\*+|\?|\[!?[^\]]*\]|[^*?[]+|\[/g, (token) => {
    if (token === '**/') return '(?:.*/)?';
    if (token.startsWith('*')) return token === '*' ? star : '.*';
    if (token === '?') return '.';
    if (token.startsWith('[') && token.length > 1) return token.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
    return token.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 's');
}

interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
}

function entriesOf(folder: string): readonly Entry[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return [];
    throw error;
  }
}

function foldersBelow(folder: string): readonly string[] {
  return entriesOf(folder)
    .filter(({ isFolder }) => isFolder)
    .flatMap(({ name }) => [join(folder, name), ...foldersBelow(join(folder, name))]);
}
