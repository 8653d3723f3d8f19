/** What every command gets from the command line around it: variables, folders, the reporter, and the signal that ends it. */
import { statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { InputError } from './input-error.ts';
import type { OptionValues } from './option-values.ts';
import type { Reporter } from './reporter.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

export interface Session {
  readonly variables: Variables;
  /** Where relative paths of the command line start: the process's folder, or `--directory`. */
  readonly workingFolder: string;
  readonly homeFolder: string;
  readonly reporter: Reporter;
  /** How the command was written, for those who wait for it: `shoal pip install six`. */
  readonly commandLine: string;
  /** Aborted by Ctrl-C and by a termination request. */
  readonly signal: AbortSignal;
  /** From now on signals do not end the command: they are for the program that it runs. */
  readonly letSignalsPass: () => void;
  /** The text of standard input, read to its end. */
  readonly readStandardInput: () => Promise<string>;
  readonly isInteractive: boolean;
  /** Whether standard output is a terminal. */
  readonly isOutputTerminal: boolean;
}

/** An absolute path from one that a person wrote, with `~` for the home folder. */
export function absolutePath(session: Pick<Session, 'workingFolder' | 'homeFolder'>, written: string): string {
  if (written === '~' || written.startsWith('~/')) return join(session.homeFolder, written.slice(1));
  return isAbsolute(written) ? resolve(written) : resolve(session.workingFolder, written);
}

/** Where a project is looked for: `--project`, else the working folder. @throws {UsageError} when it is not there. */
export function projectFolder(session: Session, values: OptionValues): string {
  const written = values.text('project');
  if (written === undefined) return session.workingFolder;
  const folder = absolutePath(session, written);
  if (isFolder(folder)) return folder;
  throw new InputError(`Project directory \`${written}\` does not exist`);
}

/** A path as people are shown it: as it was written, but an absolute one from the working folder on when it is below that. */
export function shownPath({ workingFolder }: Pick<Session, 'workingFolder'>, written: string): string {
  if (!isAbsolute(written)) return written;
  const below = relative(workingFolder, written);
  if (below === '') return '.';
  return below.startsWith('..') || isAbsolute(below) ? written : below;
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * The cache's root: `--cache-dir` or `SHOAL_CACHE_DIR`, else a `shoal` folder inside uv's cache when only uv's variable or setting says where,
 * else what the platform keeps caches in. Absent when the platform gives no home.
 */
export function cacheRoot(session: Session, values: OptionValues): string {
  const given = values.isGiven('cacheDir') ? values.text('cacheDir') : session.variables['SHOAL_CACHE_DIR'];
  if (given !== undefined && given !== '') return absolutePath(session, given);
  const uvRoot = session.variables['UV_CACHE_DIR'];
  if (uvRoot !== undefined && uvRoot !== '') return join(absolutePath(session, uvRoot), 'shoal');
  const configured = values.settings?.text('cache-dir');
  if (configured !== undefined) return join(absolutePath(session, configured), 'shoal');
  return defaultCacheRoot(session);
}

/** What the platform keeps caches in, whatever was asked for. */
export function defaultCacheRoot({ variables, homeFolder }: Pick<Session, 'variables' | 'homeFolder'>): string {
  const shared = variables['XDG_CACHE_HOME'];
  if (shared !== undefined && isAbsolute(shared)) return join(shared, 'shoal');
  if (process.platform === 'darwin') return join(homeFolder, 'Library', 'Caches', 'shoal');
  if (process.platform === 'win32')
    return join(variables['LOCALAPPDATA'] ?? join(homeFolder, 'AppData', 'Local'), 'shoal', 'cache');
  return join(homeFolder, '.cache', 'shoal');
}
