/**
 * Commits of Git repositories, by the system's own git. All processes of a cache share one bare copy of a repository, which is
 * changed under its lock alone; each checkout is private to whoever asked for it and borrows the objects of the copy.
 */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, hasErrorCode, OperationalError } from '@shoal/cache';
import type { Cache } from '@shoal/cache';

export interface GitSource {
  readonly repository: string;
  readonly reference: string | undefined;
  readonly lfs: boolean;
}

export interface GitSurroundings {
  readonly cache: Cache;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly isOffline: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** git is missing, or one of its commands failed. */
export class GitError extends OperationalError {
  override readonly code = 'GIT';

  constructor(message: string, options: { readonly hint?: string; readonly cause?: unknown } = {}) {
    super(message, options);
  }
}

const FULL_COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const FETCH_ALL = ['+HEAD:refs/remotes/origin/HEAD', '+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*'];

/** The full commit that the reference names now. A full commit that is here already asks no server. @throws {GitError} */
export async function resolveCommit(source: GitSource, surroundings: GitSurroundings): Promise<string> {
  const { repository, reference } = source;
  using _lock = await lockRepository(source, surroundings);
  const folder = await openDatabase(source, surroundings);
  const isFull = reference !== undefined && FULL_COMMIT.test(reference);
  const known = isFull || surroundings.isOffline ? await findCommit(folder, reference, surroundings) : undefined;
  if (known !== undefined) return known;
  if (surroundings.isOffline)
    throw new GitError(`\`${redact(repository)}\` is not in the cache, and the network is disabled`, {
      hint: 'Run the command once without `--offline`',
    });
  await git(['fetch', '--force', '--quiet', repository, ...FETCH_ALL], folder, surroundings);
  const found = await findCommit(folder, reference, surroundings);
  if (found !== undefined) return found;
  if (isFull) {
    await git(['fetch', '--force', '--quiet', repository, reference], folder, surroundings);
    return reference;
  }
  throw new GitError(`\`${redact(repository)}\` has no branch, tag or commit \`${reference ?? 'HEAD'}\``, {
    hint: 'Correct what stands behind the `@` of the URL',
  });
}

/** Check `commit` out into the empty or absent `folder`, submodules included. @throws {GitError} */
export async function checkOut(
  source: GitSource & { readonly commit: string; readonly folder: string },
  surroundings: GitSurroundings,
): Promise<void> {
  const { commit, folder, lfs, repository } = source;
  using _lock = await lockRepository(source, surroundings);
  const database = await openDatabase(source, surroundings);
  await git(['clone', '--quiet', '--local', '--no-checkout', database, folder], database, surroundings);
  await git(['remote', 'set-url', 'origin', repository], folder, surroundings);
  const filter = lfs
    ? []
    : ['-c', 'filter.lfs.smudge=', '-c', 'filter.lfs.process=', '-c', 'filter.lfs.required=false'];
  await git([...filter, 'checkout', '--quiet', '--force', '--detach', commit], folder, surroundings);
  if (lfs) await git(['lfs', 'pull'], folder, surroundings);
  await git(['submodule', '--quiet', 'update', '--init', '--recursive'], folder, surroundings);
}

function lockRepository({ repository }: GitSource, { cache, signal }: GitSurroundings): Promise<Disposable> {
  return cache.lock(`git-${digestOf(repository)}`, {
    mode: 'exclusive',
    resource: `the repository \`${redact(repository)}\``,
    signal,
  });
}

async function openDatabase({ repository }: GitSource, surroundings: GitSurroundings): Promise<string> {
  const folder = join(surroundings.cache.root, 'git-v1', digestOf(repository));
  mkdirSync(folder, { recursive: true });
  // Harmless when it is one already, and mends one that a killed process left half-made.
  await git(['init', '--quiet', '--bare'], folder, surroundings);
  return folder;
}

async function findCommit(
  folder: string,
  reference: string | undefined,
  surroundings: GitSurroundings,
): Promise<string | undefined> {
  const names =
    reference === undefined
      ? ['refs/remotes/origin/HEAD']
      : [`refs/remotes/origin/${reference}`, `refs/tags/${reference}`, reference];
  for (const name of names) {
    const found = await runGit(['rev-parse', '--quiet', '--verify', `${name}^{commit}`], folder, surroundings);
    if (found.status === 0) return found.stdout.trim();
  }
  return undefined;
}

async function git(words: readonly string[], folder: string, surroundings: GitSurroundings): Promise<void> {
  const { status, stderr } = await runGit(words, folder, surroundings);
  surroundings.signal?.throwIfAborted();
  if (status === 0) return;
  const command = words.find((word) => !word.startsWith('-') && !word.startsWith('filter.')) ?? '';
  throw new GitError(`\`git ${command}\` failed (exit status ${status ?? 'unknown'})`, {
    cause: new GitError(redact(stderr.trim())),
    hint: 'Check the URL and that git can reach it with your credentials',
  });
}

interface GitEnding {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** No prompt: a command that waits for a password that nobody types would never end. */
function runGit(words: readonly string[], folder: string, { variables, signal }: GitSurroundings): Promise<GitEnding> {
  const inherited = Object.entries(variables).filter(
    ([name]) => !/^GIT_(?:DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY)$/.test(name),
  );
  const environment = Object.fromEntries(
    inherited.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['-c', 'protocol.file.allow=always', ...words], {
      cwd: folder,
      env: { ...environment, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stop = (): void => void child.kill('SIGTERM');
    signal?.addEventListener('abort', stop, { once: true });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString('utf8')));
    child.on('error', (error) => {
      const isMissing = hasErrorCode(error, 'ENOENT');
      reject(isMissing ? new GitError('There is no `git` on PATH', { hint: 'Install git', cause: error }) : error);
    });
    child.on('close', (status) => {
      signal?.removeEventListener('abort', stop);
      resolve({ status, ...output });
    });
  });
}

function redact(text: string): string {
  return text.replaceAll(/([a-z][a-z0-9+.-]*:\/\/)[^/@\s]*@/gi, '$1');
}
