/** What commands on a lockfile begin with: the project or script, and the context with the indexes that it names. */
import { readFileSync } from 'node:fs';
import { hasErrorCode, OperationalError } from '@shoal/cache';
import { indexLocation } from '../project/lower-requirements.ts';
import { scriptTarget, workspaceTarget } from '../project/lock-target.ts';
import type { LockTarget } from '../project/lock-target.ts';
import { readScriptMetadata } from '../project/script-metadata.ts';
import { discoverWorkspace } from '../project/workspace.ts';
import { NO_INDEX_SOURCES } from './index-locations.ts';
import { openContext } from './open-context.ts';
import type { OpenedContext } from './open-context.ts';
import type { OptionValues } from './option-values.ts';
import { absolutePath, projectFolder } from './session.ts';
import type { Session } from './session.ts';

/** There is nothing to lock. */
class NothingToLockError extends OperationalError {
  override readonly code = 'NOTHING_TO_LOCK';
}

/** The script of `--script`, else the workspace. @throws {NothingToLockError}, and what reading project files throws */
export function lockTargetOf(session: Session, values: OptionValues): LockTarget {
  const script = values.has('script') ? values.text('script') : undefined;
  if (script !== undefined) return targetOfScript(session, script);
  const workspace = discoverWorkspace(projectFolder(session, values));
  if (workspace === undefined)
    throw new NothingToLockError('No `pyproject.toml` found in current directory or any parent directory', {
      hint: 'Name the folder of a project with `--project`',
    });
  return workspaceTarget(workspace);
}

function targetOfScript(session: Session, written: string): LockTarget {
  const path = absolutePath(session, written);
  const metadata = readScriptMetadata(readScript(path, written), written);
  if (metadata === undefined)
    throw new NothingToLockError(`\`${written}\` does not contain inline script metadata`, {
      hint: 'Scripts list what they need in a block of comments that begins with `# /// script`',
    });
  return scriptTarget(metadata, path, written);
}

function readScript(path: string, written: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) throw error;
    throw new NothingToLockError(`The script \`${written}\` does not exist`, { hint: 'Correct its path' });
  }
}

/** The context of a command that locks. The indexes of a project are among its settings, those of a script stand in itself. */
export function openForLock(session: Session, values: OptionValues, target: LockTarget): OpenedContext {
  const { root } = target.workspace;
  if (!target.isScript) return openContext(session, values, NO_INDEX_SOURCES);
  const indexes = root.toolUv.indexes.map((index) => {
    const { url: _url, ...location } = indexLocation(index, root.folder);
    return { ...location, url: index.url };
  });
  const links = root.toolUv.raw.texts('find-links').map((link) => linkOf(link, root.folder));
  return openContext(session, values, { ...NO_INDEX_SOURCES, ofScript: { indexes, links } });
}

function linkOf(written: string, folder: string): string {
  return /^[a-z][a-z0-9+.-]+:/i.test(written)
    ? written
    : absolutePath({ workingFolder: folder, homeFolder: '' }, written);
}
