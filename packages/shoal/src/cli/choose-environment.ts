/** The environment that a `pip` command works on, by its options, and the line that names it where a person might not expect it. */
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { hasErrorCode } from '@shoal/cache';
import { formatVersion } from '@shoal/packaging';
import type { Context } from '../commands/context.ts';
import type { Environment } from '../environment/environment.ts';
import { findEnvironment } from '../environment/find-environment.ts';
import type { OptionValues } from './option-values.ts';
import { absolutePath } from './session.ts';
import type { Session } from './session.ts';

/** `changes`: the command will change it, so an interpreter of another package manager is refused. */
export async function chooseEnvironment(session: Session, values: OptionValues, options: { readonly context: Context; readonly changes: boolean }): Promise<Environment> {
  const target = values.text('target');
  const prefix = values.text('prefix');
  const environment = await findEnvironment({
    python: values.text('python'),
    system: values.flag('system'),
    target: target === undefined ? undefined : absolutePath(session, target),
    prefix: prefix === undefined ? undefined : absolutePath(session, prefix),
    allowsExternallyManaged: !options.changes || values.flag('breakSystemPackages'),
    folder: session.workingFolder,
    variables: session.variables,
    homeFolder: session.homeFolder,
    cache: options.context.cache,
    signal: session.signal,
  });
  announce(session, environment, options.context.cache.root);
  return environment;
}

/** uv's rule: say which environment it is unless it is the active one or `.venv` here. */
function announce(session: Session, environment: Environment, cacheFolder: string): void {
  const root = realPath(environment.root);
  const usual = [session.variables['VIRTUAL_ENV'], join(session.workingFolder, '.venv')].filter((path) => path !== undefined && path !== '');
  if (root === undefined || root.startsWith(`${cacheFolder}/`) || usual.some((path) => realPath(path ?? '') === root)) return;
  session.reporter.line(session.reporter.style.dim(`Using Python ${formatVersion(environment.interpreter.version)} environment at: ${environment.root}`));
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP')) return undefined;
    throw error;
  }
}
