/** What every command gets from the command line around it: variables, folders, the reporter, and the signal that ends it. */
import { isAbsolute, join, resolve } from 'node:path';
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

/**
 * The cache's root: `--cache-dir` or `SHOAL_CACHE_DIR`, else a `shoal` folder inside uv's cache when only uv's variable is set,
 * else what the platform keeps caches in. Absent when the platform gives no home.
 */
export function cacheRoot(session: Session, values: OptionValues): string {
  const given = values.isGiven('cacheDir') ? values.text('cacheDir') : session.variables['SHOAL_CACHE_DIR'];
  if (given !== undefined && given !== '') return absolutePath(session, given);
  const uvRoot = session.variables['UV_CACHE_DIR'];
  if (uvRoot !== undefined && uvRoot !== '') return join(absolutePath(session, uvRoot), 'shoal');
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
