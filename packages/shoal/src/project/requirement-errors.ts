import { OperationalError } from '@shoal/cache';

/** A requirements file, or something that it includes, cannot be read or understood. */
export class RequirementsFileError extends OperationalError {
  override readonly code = 'REQUIREMENTS_FILE';
  readonly path: string;

  constructor(path: string, message: string, options?: { readonly cause?: unknown; readonly hint?: string }) {
    super(message, options);
    this.path = path;
  }
}

/** The error of an included file, in the words of the file that includes it. */
export function includeError(shown: string, line: number, cause: RequirementsFileError): RequirementsFileError {
  return new RequirementsFileError(shown, `Error parsing included file in \`${shown}\` at ${shown}:${line}`, { cause });
}

/** Constraints are of projects, which a path or URL alone does not name. */
export function unnamedConstraint(written: string, where: string): RequirementsFileError {
  return new RequirementsFileError(
    where,
    `Unnamed requirements are not allowed as constraints (found: \`${written}\` at ${where})`,
    { hint: 'Write `name @ …`' },
  );
}

/** A requirement of the command line cannot be understood. */
export class CommandLineRequirementError extends OperationalError {
  override readonly code = 'COMMAND_LINE_REQUIREMENT';

  constructor(written: string, cause: Error, hint?: string) {
    super(`Failed to parse: \`${written}\``, { cause, hint });
  }
}

/** Extras were asked for, and no file that could have any. */
export class ExtrasWithoutProjectError extends OperationalError {
  override readonly code = 'EXTRAS_WITHOUT_PROJECT';

  constructor() {
    super('Requesting extras requires a `pylock.toml`, `pyproject.toml`, `setup.cfg`, or `setup.py` file', {
      hint: 'Use `package[extra]` syntax instead',
    });
  }
}

/** A URL or path that no distribution can be built from. */
export class SourceLocationError extends OperationalError {
  override readonly code = 'SOURCE_LOCATION';

  constructor(written: string, problem: string, hint: string) {
    super(`Cannot use \`${written.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1')}\`: ${problem}`, { hint });
  }
}
