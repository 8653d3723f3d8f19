/** What `sync` and `run` share: environment, lockfile, selection, and the one transaction that makes them agree. */
import type { Digest } from '@shoal/cache';
import type { ChangePolicy } from '../commands/change-environment.ts';
import type { WorkflowEvent } from '../commands/install-phases.ts';
import { syncProject } from '../commands/sync-project.ts';
import type { SyncInput, SyncResult } from '../commands/sync-project.ts';
import { rememberAnswer, stampInputs } from '../commands/sync-stamp.ts';
import type { Environment } from '../environment/environment.ts';
import type { Lockfile } from '../lock/lockfile.ts';
import type { Workspace } from '../project/workspace.ts';
import type { RequirementSources } from '../project/requirement-sources.ts';
import { selectProjects } from '../project/select-projects.ts';
import { buildPolicy } from './build-options.ts';
import { compileTimeout, selectionOf, targetPlatform } from './change-options.ts';
import { obtainLockfile } from './obtain-lockfile.ts';
import type { OpenedContext } from './open-context.ts';
import type { OptionValues } from './option-values.ts';
import { lockRoots, omissionOf } from './project-selection.ts';
import type { Session } from './session.ts';
import { syncInputs } from './sync-inputs.ts';
import { readVariable } from './variable-values.ts';

export interface SyncSurroundings {
  readonly session: Session;
  readonly values: OptionValues;
  readonly opened: OpenedContext;
  readonly workspace: Workspace;
  /** Remove what the lockfile does not ask for. */
  readonly exact: boolean;
  readonly dryRun: boolean;
  /** What may be remembered of this command; absent when it is not to be remembered. */
  readonly question: Digest | undefined;
  /** The lockfile, where whoever asks has made it and holds the project's lock. */
  readonly lockfile?: Lockfile | undefined;
  readonly onEvent: (event: WorkflowEvent) => void;
}

/** Bring `environment` to the lockfile. @throws what locking, selecting and installing throw. */
export async function syncWorkspace(environment: Environment, surroundings: SyncSurroundings): Promise<SyncResult> {
  const { session, values, opened, onEvent } = surroundings;
  const obtained =
    surroundings.lockfile === undefined
      ? await obtainLockfile({ ...surroundings, interpreter: environment.interpreter, isDryRun: surroundings.dryRun })
      : { lockfile: surroundings.lockfile, resolved: undefined, workspace: surroundings.workspace };
  const { workspace } = obtained;
  const inputs = stampInputs(syncInputs(workspace, obtained.lockfile, session));
  const input: SyncInput = {
    environment,
    lockfile: obtained.lockfile,
    shown: 'uv.lock',
    folder: workspace.root.folder,
    roots: lockRoots(workspace, obtained.lockfile, values),
    isOmitted: omissionOf(workspace, values),
    isEditableKept: !values.flag('noEditable'),
    buildOptions: {
      noBuild: values.flag('noBuild') ? 'all' : selectProjects(values.list('noBuildPackage')),
      noBinary: values.flag('noBinary') ? 'all' : selectProjects(values.list('noBinaryPackage')),
    },
    build: buildPolicy(values, { session, sources: { buildConstraints: buildConstraintsOf(workspace) } }),
    change: changePolicyOf(surroundings),
    target: values.has('pythonPlatform') ? targetPlatform(values, environment) : undefined,
    whenCurrent: ({ count }) => {
      if (surroundings.question === undefined) return;
      rememberAnswer({
        root: environment.root,
        folders: [...new Set([environment.scheme.purelib, environment.scheme.platlib, environment.scheme.scripts])],
        question: surroundings.question,
        answer: { locked: obtained.resolved, checked: count },
        inputs,
        startedMs: performance.timeOrigin,
      });
    },
  };
  return await syncProject(input, opened.context, { signal: session.signal, onEvent });
}

function buildConstraintsOf({ root }: Workspace): RequirementSources['buildConstraints'] {
  return root.toolUv.buildConstraintDependencies.map((requirement) => ({ requirement, origin: undefined }));
}

function changePolicyOf({ session, values, exact, dryRun }: SyncSurroundings): ChangePolicy {
  return {
    reinstall: selectionOf(values, 'reinstall'),
    upgrade: new Set(),
    exact,
    isSync: true,
    dryRun,
    strict: false,
    linkMode: values.choice('linkMode', ['clone', 'copy', 'hardlink', 'symlink']),
    compileBytecode: values.flag('compileBytecode'),
    compileTimeoutMs: compileTimeout(session),
    variables: session.variables,
    installerMetadata: readVariable('NO_INSTALLER_METADATA', session.variables) === undefined,
  };
}
