/** Errors on their way out of a worker: classes do not survive the journey, so their fields travel. */
import { type ArchiveFault, InvalidArchiveError, InvalidWheelError } from './archive-errors.ts';

export type UnpackFailure =
  | {
      readonly kind: 'archive';
      readonly fault: ArchiveFault;
      readonly problem: string;
      readonly entry: string | undefined;
    }
  | { readonly kind: 'wheel'; readonly message: string; readonly hint: string | undefined }
  | { readonly kind: 'other'; readonly message: string; readonly code: string | undefined };

/** What to post for `error`. */
export function describeUnpackFailure(error: unknown): UnpackFailure {
  if (error instanceof InvalidArchiveError)
    return { kind: 'archive', fault: error.fault, problem: error.problem, entry: error.entry };
  if (error instanceof InvalidWheelError) return { kind: 'wheel', message: error.message, hint: error.hint };
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { kind: 'other', message: error instanceof Error ? error.message : String(error), code };
}

/** The error again, from what was posted. System errors keep their code. */
export function errorOfUnpackFailure(failure: UnpackFailure): Error {
  if (failure.kind === 'archive') return new InvalidArchiveError(failure.fault, failure.problem, failure.entry);
  if (failure.kind === 'wheel') return new InvalidWheelError(failure.message, { hint: failure.hint });
  return Object.assign(new Error(failure.message), failure.code === undefined ? {} : { code: failure.code });
}

/** Was `error` posted by a worker? */
export function isUnpackFailure(error: unknown): error is UnpackFailure {
  return typeof error === 'object' && error !== null && !(error instanceof Error) && 'kind' in error;
}
