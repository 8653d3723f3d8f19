import { OperationalError } from '@shoal/cache';
import { NoSolutionError } from '../resolve/no-solution-error.ts';

/** What was to be added does not go together with the project. Nothing was changed. */
export class AddFailedError extends OperationalError {
  override readonly code = 'NO_SOLUTION';
  readonly heading = 'Failed to add dependencies';
  /** The derivation, with its own heading in front. */
  readonly reports: readonly string[];
  readonly hints: readonly string[];

  constructor(cause: NoSolutionError) {
    super(`Failed to add dependencies: ${cause.message}`, { cause });
    this.reports = [cause.heading.replace(/:$/, ''), cause.report];
    this.hints = [
      ...cause.hints,
      'If you want to add the package regardless of the failed resolution, provide the `--frozen` flag to skip locking and syncing',
    ];
  }
}

/** Do `work`; that there is no solution is told as what it means to whoever adds. @throws {AddFailedError} */
export async function tellingOfAdding<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof NoSolutionError ? new AddFailedError(error) : error;
  }
}
