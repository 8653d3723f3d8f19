/** Errors of changing a project's files. */
import { OperationalError } from '@shoal/cache';

/** The file system refused a write. Every file is as it was before the command, unless `undone` is false. */
export class ProjectWriteError extends OperationalError {
  override readonly code = 'PROJECT_WRITE_FAILED';
  readonly path: string;
  readonly undone: boolean;

  constructor(path: string, options: { readonly cause: unknown; readonly undone: boolean }) {
    const state = options.undone ? 'nothing was changed' : 'the next command will finish the change';
    super(`Failed to write \`${path}\` (${state})`, {
      cause: options.cause,
      hint: 'Check that there is space, and that you may write to the file and its folder',
    });
    this.path = path;
    this.undone = options.undone;
  }
}

/** Another program wrote to the file between reading and writing it. Nothing was changed. */
export class ProjectChangedError extends OperationalError {
  override readonly code = 'PROJECT_CHANGED';
  readonly path: string;

  constructor(path: string) {
    super(`\`${path}\` was changed by another program in the meantime; nothing was written`, {
      hint: 'Run the command again',
    });
    this.path = path;
  }
}

/** What an interrupted command left behind cannot be understood. */
export class CommitJournalError extends OperationalError {
  override readonly code = 'COMMIT_JOURNAL_UNREADABLE';
  readonly path: string;

  constructor(path: string) {
    super(`An interrupted change of this project cannot be finished: \`${path}\` is no journal of this release`, {
      hint: 'Use the release that wrote it, or look whether `pyproject.toml` and `uv.lock` are as they should be and remove the file',
    });
    this.path = path;
  }
}

/** A list or table that is to be edited is of another kind. */
export class MalformedProjectError extends OperationalError {
  override readonly code = 'MALFORMED_PROJECT';

  constructor(what: 'Dependencies' | 'Sources' | 'Workspace') {
    super(`${what} in \`pyproject.toml\` are malformed`, {
      hint: 'Write lists as `[…]`, and sources and indexes as tables with headers',
    });
  }
}

/** Several entries are of the project that is to be changed. */
export class AmbiguousRequirementError extends OperationalError {
  override readonly code = 'AMBIGUOUS_REQUIREMENT';

  constructor(name: string, entries: readonly string[]) {
    super(
      `Cannot perform ambiguous update; found multiple entries for \`${name}\`:\n${entries.map((one) => `- \`${one}\``).join('\n')}`,
      { hint: 'Leave one of them, or tell them apart by their markers' },
    );
  }
}
