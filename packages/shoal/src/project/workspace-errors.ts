import { OperationalError } from '@shoal/cache';
import type { NormalizedName } from '@shoal/packaging';

/** A `pyproject.toml` cannot be understood. */
export class ProjectFileError extends OperationalError {
  override readonly code = 'PROJECT_FILE';
  readonly path: string;

  constructor(path: string, message: string, cause?: Error) {
    super(message.includes(path) ? message : `Failed to parse \`${path}\`: ${message}`, { cause });
    this.path = path;
  }
}

/** The project says `managed = false`: project commands leave it alone. */
export class UnmanagedProjectError extends OperationalError {
  override readonly code = 'UNMANAGED_PROJECT';

  constructor(folder: string) {
    super(`The project is marked as unmanaged: \`${folder}\``, {
      hint: 'Remove `managed = false` from `[tool.uv]` to manage it here',
    });
  }
}

/** There is a `pyproject.toml` without `[project]`, and it is no workspace. */
export class MissingProjectTableError extends OperationalError {
  override readonly code = 'MISSING_PROJECT_TABLE';

  constructor(path: string) {
    super(`No \`project\` table found in: \`${path}\``, { hint: 'Add `[project]` with `name` and `version`' });
  }
}

/** The members of a workspace do not fit together. */
export class WorkspaceError extends OperationalError {
  override readonly code = 'WORKSPACE';

  static missingFile(folder: string, pattern: string): WorkspaceError {
    return new WorkspaceError(
      `Workspace member \`${folder}\` is missing a \`pyproject.toml\` (matches: \`${pattern}\`)`,
      { hint: 'Add one, or leave the folder out with `tool.uv.workspace.exclude`' },
    );
  }

  static nested(folder: string): WorkspaceError {
    return new WorkspaceError(
      `Nested workspaces are not supported, but workspace member has a \`tool.uv.workspace\` table: ${folder}`,
    );
  }

  static sameName(name: NormalizedName, first: string, second: string): WorkspaceError {
    return new WorkspaceError(`Two workspace members are both named \`${name}\`: \`${first}\` and \`${second}\``);
  }

  static editableConflict(name: NormalizedName): WorkspaceError {
    return new WorkspaceError(
      `Workspace member \`${name}\` was requested as both \`editable = true\` and \`editable = false\``,
    );
  }
}
