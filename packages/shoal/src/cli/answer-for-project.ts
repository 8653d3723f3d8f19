/** The quick way of `sync` and `run`: one stamp in the project's environment may say that there is nothing to do. */
import { dirname, resolve } from 'node:path';
import type { Digest } from '@shoal/cache';
import { answerFromStamp, stampPath } from '../commands/sync-stamp.ts';
import type { SyncAnswer } from '../commands/sync-stamp.ts';
import type { OptionValues } from './option-values.ts';
import { projectFolder } from './session.ts';
import type { Session } from './session.ts';
import { readVariable } from './variable-values.ts';
import { statIfPresent } from '../host/stat-if-present.ts';

export interface KnownEnvironment extends SyncAnswer {
  /** Absolute root of the environment that is as it should be. */
  readonly root: string;
}

/** `undefined`: it has to be looked at. Takes no lock, and parses no file of the project. */
export function answerForProject(
  question: Digest,
  { session, values }: { readonly session: Session; readonly values: OptionValues },
): KnownEnvironment | undefined {
  const root = stampedEnvironment(projectFolder(session, values), session);
  if (root === undefined || !isUndisputed(root, { session, values })) return undefined;
  const answer = answerFromStamp(root, question);
  return answer === undefined ? undefined : { ...answer, root };
}

/** The environment of the project that `folder` is in: that of the nearest folder that has one with a stamp. */
function stampedEnvironment(folder: string, { variables }: Session): string | undefined {
  const named = readVariable('PROJECT_ENVIRONMENT', variables)?.text;
  for (let place = folder; ; place = dirname(place)) {
    const root = resolve(place, named === undefined || named === '' ? '.venv' : named);
    if (exists(stampPath(root))) return root;
    if (dirname(place) === place) return undefined;
  }
}

/** An active environment that is another one needs a word, or is the one that is asked for. */
function isUndisputed(
  root: string,
  { session, values }: { readonly session: Session; readonly values: OptionValues },
): boolean {
  const active = session.variables['VIRTUAL_ENV'];
  if (values.flag('active')) return false;
  return active === undefined || active === '' || resolve(session.workingFolder, active) === root;
}

function exists(path: string): boolean {
  return statIfPresent(path) !== undefined;
}
