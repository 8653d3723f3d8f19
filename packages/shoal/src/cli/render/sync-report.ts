import { formatVersion } from '@shoal/packaging';
import type { Environment } from '../../environment/environment.ts';
import type { Workspace } from '../../project/workspace.ts';
import type { OptionValues } from '../option-values.ts';
import { describeChanges } from './changes.ts';
import type { Change } from './changes.ts';

interface SyncReport {
  readonly workspace: Workspace;
  readonly environment: Environment;
  /** Absolute: of the project's environment, also where it is only planned. */
  readonly root: string;
  readonly values: OptionValues;
  readonly isDryRun: boolean;
}

/** What a sync did, as uv writes it with `--output-format json`. */
export function renderSyncJson(changes: readonly Change[], report: SyncReport): string {
  const { workspace, environment, root, values, isDryRun } = report;
  const { executable, version, implementation } = environment.interpreter;
  const data = {
    schema: { version: 'preview' },
    target: 'project',
    project: { path: workspace.current.folder, workspace: { path: workspace.root.folder } },
    sync: {
      environment: {
        path: root,
        python: { path: executable, version: formatVersion(version), implementation },
      },
      action: 'check',
      changes: describeChanges(changes),
    },
    lock: { path: `${workspace.root.folder}/uv.lock`, action: values.flag('frozen') ? 'use' : 'check' },
    dry_run: isDryRun,
  };
  return `${JSON.stringify(data, undefined, 2)}\n`;
}
