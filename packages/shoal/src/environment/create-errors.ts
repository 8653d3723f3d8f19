/** Why an environment could not be made where it was wanted. */
import { OperationalError } from '@shoal/cache';

const FAILED = 'Failed to create virtual environment';

export type Obstacle = 'virtual environment' | 'directory';

/** Something is there already, and nobody said that it may be replaced or written into. */
export class EnvironmentExistsError extends OperationalError {
  override readonly code = 'ENVIRONMENT_EXISTS';
  readonly obstacle: Obstacle;

  constructor(obstacle: Obstacle, shown: string) {
    super(FAILED, {
      cause: new Error(`A ${obstacle} already exists at: ${shown}`),
      hint: `Use the \`--clear\` flag or set \`SHOAL_VENV_CLEAR=1\` to replace the existing ${obstacle}`,
    });
    this.obstacle = obstacle;
  }
}

/** `--clear` would delete a folder that no program made as an environment. */
export class ClearRefusedError extends OperationalError {
  override readonly code = 'ENVIRONMENT_CLEAR_REFUSED';

  constructor(shown: string) {
    super(FAILED, {
      cause: new Error(`shoal will not clear a directory that is not a virtual environment: ${shown}`),
      hint: 'Use the `--force` flag to remove the existing directory anyway',
    });
  }
}

/** The place is taken by a file, or cannot be written to. */
export class EnvironmentPlaceError extends OperationalError {
  override readonly code = 'ENVIRONMENT_PLACE';

  constructor(reason: string, cause?: unknown) {
    super(FAILED, { cause: new Error(reason, { cause }) });
  }
}
