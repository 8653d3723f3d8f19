/**
 * The content of a local source tree as one digest, so that a change is seen whatever the time stamps say.
 *
 * Without `tool.uv.cache-keys` every file counts but those that tools leave behind: repositories' own folders, environments,
 * caches, and what build backends write. With it, the named files, folders, variables and commits count.
 */
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { globSync, lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { hasErrorCode, parseDigest } from '@shoal/cache';
import type { Digest } from '@shoal/cache';
import { parse, TomlError } from 'smol-toml';

const LEFT_BEHIND: ReadonlySet<string> = new Set([
  '.git',
  '.hg',
  '.svn',
  '.bzr',
  '.venv',
  'venv',
  '.tox',
  '.nox',
  '.eggs',
  '.cache',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '__pycache__',
  'node_modules',
]);
/** At the top only: deeper down they may be part of the project. */
const BUILT: ReadonlySet<string> = new Set(['build', 'dist', '_skbuild', 'target']);

type CacheKey =
  | string
  | {
      readonly file?: string;
      readonly dir?: string;
      readonly env?: string;
      readonly git?: boolean | { readonly commit?: boolean; readonly tags?: boolean };
    };

/** @param folder Absolute. @throws system errors */
export function digestOfFolder(folder: string, variables: Readonly<Record<string, string | undefined>>): Digest {
  const hash = createHash('sha256');
  const keys = cacheKeys(join(folder, 'pyproject.toml'));
  if (keys === undefined) addFolder(hash, folder, '');
  else for (const key of keys) addKey(hash, key, { folder, variables });
  return parseDigest(hash.digest('hex'));
}

function addFolder(hash: Hash, root: string, below: string): void {
  for (const name of readdirSync(join(root, below)).sort()) {
    if (LEFT_BEHIND.has(name) || name.endsWith('.egg-info') || name.endsWith('.pyc')) continue;
    if (below === '' && BUILT.has(name)) continue;
    const path = below === '' ? name : `${below}/${name}`;
    const found = lstatSync(join(root, path), { throwIfNoEntry: false });
    if (found?.isDirectory() === true) addFolder(hash, root, path);
    else if (found?.isFile() === true) addFile(hash, root, path, (found.mode & 0o100) !== 0);
    else if (found?.isSymbolicLink() === true) hash.update(`link ${path}\0${readlinkSync(join(root, path))}\0`);
  }
}

/** A file that goes away meanwhile is one that is not there. */
function addFile(hash: Hash, root: string, path: string, isExecutable: boolean): void {
  try {
    const content = readFileSync(join(root, path));
    hash.update(`file ${path}\0${isExecutable ? 'x' : '-'} ${content.length}\0`);
    hash.update(content);
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT')) throw error;
  }
}

function addKey(
  hash: Hash,
  key: CacheKey,
  { folder, variables }: { readonly folder: string; readonly variables: Readonly<Record<string, string | undefined>> },
): void {
  const { file, dir, env, git } = typeof key === 'string' ? { file: key } : key;
  if (file !== undefined)
    for (const path of globSync(file, { cwd: folder }).sort())
      if (statSync(join(folder, path)).isFile()) addFile(hash, folder, relative(folder, join(folder, path)), false);
  if (dir !== undefined)
    hash.update(`dir ${dir} ${statSync(join(folder, dir), { throwIfNoEntry: false }) !== undefined}\0`);
  if (env !== undefined) hash.update(`env ${env}=${variables[env] ?? ''}\0`);
  if (git === true || (typeof git === 'object' && git.commit === true))
    hash.update(`commit ${gitAnswer(folder, ['rev-parse', 'HEAD'])}\0`);
  if (typeof git === 'object' && git.tags === true) hash.update(`tags ${gitAnswer(folder, ['show-ref', '--tags'])}\0`);
}

/** Empty where there is no repository, no commit or no git. */
function gitAnswer(folder: string, words: readonly string[]): string {
  try {
    return execFileSync('git', words, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch (error) {
    if (error instanceof Error && ('status' in error || hasErrorCode(error, 'ENOENT'))) return '';
    throw error;
  }
}

function cacheKeys(path: string): readonly CacheKey[] | undefined {
  try {
    const document: { readonly tool?: { readonly uv?: { readonly 'cache-keys'?: unknown } } } = parse(
      readFileSync(path, 'utf8'),
    );
    const keys = document.tool?.uv?.['cache-keys'];
    return Array.isArray(keys) ? (keys as readonly CacheKey[]) : undefined;
  } catch (error) {
    if (error instanceof TomlError || hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
