import { OperationalError } from '@shoal/cache';
import { failureHint } from './failure-hint.ts';

/** `[build-system]` cannot be understood. */
export class InvalidBuildSystemError extends OperationalError {
  override readonly code = 'INVALID_BUILD_SYSTEM';

  constructor(subject: string, problem: string, cause?: unknown) {
    super(`The \`pyproject.toml\` of \`${subject}\` is invalid: ${problem}`, {
      cause,
      hint: 'Correct the file; a project without a `[build-system]` table is built with setuptools',
    });
  }
}

/** What a build needs cannot be had; the cause says why. */
export class BuildRequirementsError extends OperationalError {
  override readonly code = 'BUILD_REQUIREMENTS';

  constructor(subject: string, cause: unknown) {
    super(`Failed to resolve the requirements for building \`${subject}\``, {
      cause,
      hint: cause instanceof OperationalError ? cause.hint : undefined,
    });
  }
}

/** How a hook ended, when it did not give an answer. */
export interface HookFailure {
  /** `build_wheel`. */
  readonly hook: string;
  /** `setuptools.build_meta`. */
  readonly backend: string;
  readonly status: number | null;
  readonly signal: string | null;
  /** The end of what the backend printed. */
  readonly logTail: string;
  /** The whole of it. */
  readonly logPath: string;
}

/** A build backend failed. */
export class BuildFailedError extends OperationalError {
  override readonly code = 'BUILD_FAILED';
  readonly failure: HookFailure;

  constructor(subject: string, failure: HookFailure) {
    super(`Failed to build \`${subject}\``, { cause: new HookFailedError(failure), hint: failureHint(failure) });
    this.failure = failure;
  }
}

class HookFailedError extends OperationalError {
  override readonly code = 'HOOK_FAILED';

  constructor({ hook, backend, status, signal, logTail, logPath }: HookFailure) {
    const ending = signal === null ? `exit status ${status ?? 'unknown'}` : `killed by ${signal}`;
    const output = logTail.trim() === '' ? '(no output)' : logTail.trimEnd();
    super(`Call to \`${backend}.${hook}\` failed (${ending})\n\n${output}\n\nThe whole log: ${logPath}`);
  }
}

/** The backend gave an answer that cannot be right. */
export class BackendAnswerError extends OperationalError {
  override readonly code = 'BACKEND_ANSWER';

  constructor(subject: string, problem: string) {
    super(`The build backend of \`${subject}\` ${problem}`, {
      hint: 'This is a fault of the project or of its build backend: report it there',
    });
  }
}

/** A project would have to be built in order to build itself. */
export class BuildCycleError extends OperationalError {
  override readonly code = 'BUILD_CYCLE';

  constructor(chain: readonly string[]) {
    super(`Cyclic build dependency: ${chain.map((name) => `\`${name}\``).join(' -> ')}`, {
      hint: 'Allow wheels for one of them, or install one of them first and build with `--no-build-isolation-package`',
    });
  }
}
