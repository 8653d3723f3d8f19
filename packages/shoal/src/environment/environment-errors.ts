/** What can be wrong with an environment that was named or looked for. */
import { OperationalError } from '@shoal/cache';

/** There is nothing at the place that was named as an environment. */
export class MissingEnvironmentError extends OperationalError {
  override readonly code = 'ENVIRONMENT_MISSING';
  readonly root: string;

  constructor(root: string) {
    super(
      `No virtual environment or system Python installation found for directory \`${root}\`; run \`shoal venv\` to create an environment`,
    );
    this.root = root;
  }
}

export type EnvironmentFault =
  | { readonly kind: 'not-a-folder' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'missing-executable'; readonly executable: string }
  | { readonly kind: 'missing-configuration' };

/** There is something, but no environment that can be used. */
export class InvalidEnvironmentError extends OperationalError {
  override readonly code = 'ENVIRONMENT_INVALID';
  readonly root: string;
  readonly fault: EnvironmentFault;

  constructor(root: string, fault: EnvironmentFault) {
    super(messageOf(root, fault));
    this.root = root;
    this.fault = fault;
  }
}

function messageOf(root: string, fault: EnvironmentFault): string {
  switch (fault.kind) {
    case 'not-a-folder':
      return `Invalid environment at \`${root}\`: expected directory but found a file`;
    case 'empty':
      return `Invalid environment at \`${root}\`: directory is empty`;
    case 'missing-executable':
      return `Invalid environment at \`${root}\`: missing Python executable at \`${fault.executable}\``;
    case 'missing-configuration':
    default:
      return `Broken virtual environment \`${root}\`: \`pyvenv.cfg\` is missing`;
  }
}

/** Another package manager owns the environment that was to be changed (PEP 668). */
export class ExternallyManagedError extends OperationalError {
  override readonly code = 'EXTERNALLY_MANAGED';
  readonly root: string;

  constructor(
    root: string,
    message: string | undefined,
    { isSystemAsked = false }: { readonly isSystemAsked?: boolean } = {},
  ) {
    const said = message === undefined ? '' : `, and indicates the following:\n\n${indent(message)}\n`;
    super(`The interpreter at \`${root}\` is externally managed${said}`, {
      hint: isSystemAsked ? SYSTEM_HINT : ENVIRONMENT_HINT,
    });
    this.root = root;
  }
}

const SYSTEM_HINT = 'Virtual environments were not considered due to the `--system` flag';
const ENVIRONMENT_HINT = 'Consider creating a virtual environment, e.g., with `shoal venv`';

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
