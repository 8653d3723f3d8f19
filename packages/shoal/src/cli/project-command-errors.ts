/** Why a command on a project cannot begin, or has found what it was to look for. */
import { OperationalError } from '@shoal/cache';

/** There is no project to work on. */
export class MissingProjectError extends OperationalError {
  override readonly code = 'PROJECT_MISSING';

  constructor() {
    super('No `pyproject.toml` found in current directory or any parent directory', {
      hint: 'Make a project with `shoal init`, or name its folder with `--project`',
    });
  }
}

/** `sync --check` found something to change. */
export class EnvironmentOutdatedError extends OperationalError {
  override readonly code = 'ENVIRONMENT_OUTDATED';

  constructor() {
    super('The environment is outdated; run `shoal sync` to update the environment');
  }
}
