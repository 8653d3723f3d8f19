/** What a new project asks of git: a repository, and who the author is. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasErrorCode } from '@shoal/cache';
import { GitError } from '../fetch/git-repository.ts';
import type { Author } from '../project/starter/new-project.ts';

type Variables = Readonly<Record<string, string | undefined>>;

const IGNORED = `# Python-generated files
__pycache__/
*.py[oc]
build/
dist/
wheels/
*.egg-info

# Virtual environments
.venv
`;

/**
 * Make a repository in `folder`, unless it is in one. Without a `choice` a missing git is no error.
 *
 * @throws {GitError}
 */
export function makeRepository(folder: string, choice: 'git' | undefined, variables: Variables): void {
  const state = stateOf(folder, variables);
  if (state === 'inside') return;
  if (state !== 'outside' && choice === undefined) return;
  try {
    runGit(['init', '--quiet', folder], folder, variables);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT'))
      throw new GitError('Attempted to initialize a Git repository, but `git` was not found in PATH', {
        hint: 'Install git, or say `--vcs none`',
      });
    throw new GitError(`Failed to initialize a Git repository in \`${folder}\``, { cause: error });
  }
  writeIfAbsent(join(folder, '.gitignore'), IGNORED);
}

/** `user.name` and `user.email` of git's configuration for the folder; `undefined` when it has neither. */
export function authorOfGit(folder: string, variables: Variables): Author | undefined {
  const [name, email] = ['user.name', 'user.email'].map((key) => configured(key, folder, variables));
  if (name === undefined && email === undefined) return undefined;
  return { name, email };
}

/** Make the file unless there is one. */
export function writeIfAbsent(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    if (!hasErrorCode(error, 'EEXIST')) throw error;
  }
}

function configured(key: string, folder: string, variables: Variables): string | undefined {
  try {
    return runGit(['config', '--get', key], folder, variables).trim();
  } catch (error) {
    if (isFailedCommand(error) || hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function stateOf(folder: string, variables: Variables): 'inside' | 'outside' | 'unknown' {
  try {
    return runGit(['rev-parse', '--is-inside-work-tree'], folder, variables).trim() === 'true' ? 'inside' : 'unknown';
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return 'unknown';
    if (!isFailedCommand(error)) throw error;
    return error.stderr.includes('not a git repository') ? 'outside' : 'unknown';
  }
}

function runGit(words: readonly string[], folder: string, variables: Variables): string {
  return execFileSync('git', words, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...variables, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function isFailedCommand(error: unknown): error is Error & { readonly status: number; readonly stderr: string } {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' && 'stderr' in error;
}
