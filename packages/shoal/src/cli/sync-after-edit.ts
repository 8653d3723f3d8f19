/** The environment of a project follows an edit: what is synced by default, and what was edited. */
import type { Environment } from '../environment/environment.ts';
import type { Lockfile } from '../lock/lockfile.ts';
import type { DependencyPlace } from '../project/dependency-place.ts';
import type { Workspace } from '../project/workspace.ts';
import type { OpenedContext } from './open-context.ts';
import type { OptionSpec } from './option-spec.ts';
import type { OptionValues } from './option-values.ts';
import { groupOptions, memberOptions, noEditableOption, omissionOptions } from './options/project-options.ts';
import { renderChanges } from './render/changes.ts';
import type { Session } from './session.ts';
import { syncWorkspace } from './sync-workspace.ts';

interface EditedProject {
  readonly session: Session;
  readonly values: OptionValues;
  readonly opened: OpenedContext;
  readonly environment: Environment;
  readonly workspace: Workspace;
  readonly lockfile: Lockfile;
  readonly list?: DependencyPlace | undefined;
  readonly isExact: boolean;
}

/** @throws what installing throws. */
export async function syncAfterEdit(edited: EditedProject): Promise<void> {
  const { session, opened, workspace, lockfile, list } = edited;
  const values = selecting(edited.values, list);
  const { changes } = await syncWorkspace(edited.environment, {
    session,
    values,
    opened,
    workspace,
    lockfile,
    exact: edited.isExact,
    dryRun: false,
    question: undefined,
    onEvent: opened.onEvent,
  });
  for (const line of renderChanges(changes, session.reporter.style)) session.reporter.line(line);
}

const SELECTION: readonly OptionSpec[] = [...groupOptions, ...memberOptions, ...omissionOptions, noEditableOption];

/** The values of the command with a selection of its own: there, options of these names are about the edit. */
function selecting(values: OptionValues, list: DependencyPlace | undefined): OptionValues {
  const chosen = new Map<string, readonly string[]>();
  if (list?.kind === 'optional') chosen.set('extra', [list.name]);
  if (list?.kind === 'group') chosen.set('group', [list.name]);
  return values.withOthers(SELECTION, chosen);
}
