/** Why an interpreter could not be asked about itself. */
import { OperationalError } from '@shoal/cache';

export type InterpreterFault =
  | { readonly kind: 'not-found' }
  /** A link whose target is gone. */
  | { readonly kind: 'broken-link' }
  | { readonly kind: 'not-executable'; readonly systemCode: string }
  | { readonly kind: 'not-startable'; readonly systemCode: string }
  | { readonly kind: 'time-out'; readonly timeoutMs: number }
  | { readonly kind: 'killed'; readonly signal: string; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'exit-status'; readonly status: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'no-answer'; readonly reason: string; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** What the script says when it cannot describe its interpreter. */
export interface Refusal {
  readonly kind:
    | 'too-old'
    | 'no-isolation'
    | 'no-distutils'
    | 'no-libc'
    | 'no-macos-release'
    | 'no-executable'
    | 'unknown-system';
  readonly detail: string;
}

/** The file at `path` is no interpreter that can be used; `fault` says why. */
export class InterpreterError extends OperationalError {
  override readonly code = 'INTERPRETER_UNUSABLE';
  readonly path: string;
  readonly fault: InterpreterFault;

  constructor(path: string, fault: InterpreterFault, cause?: unknown) {
    super(messageOf(path, fault), { cause, hint: fault.kind === 'broken-link' ? brokenLinkHint(path) : undefined });
    this.path = path;
    this.fault = fault;
  }

  /** Nothing is there: another place may have one. */
  get isAbsence(): boolean {
    return this.fault.kind === 'not-found' || this.fault.kind === 'broken-link';
  }
}

function messageOf(path: string, fault: InterpreterFault): string {
  switch (fault.kind) {
    case 'not-found':
      return `Python interpreter not found at \`${path}\``;
    case 'broken-link':
      return `Broken symlink at \`${path}\`, was the underlying Python interpreter removed?`;
    case 'not-executable':
    case 'not-startable':
      return `Failed to query Python interpreter at \`${path}\`: ${reasonOfCode(fault.systemCode)}`;
    case 'time-out':
      return `Querying Python at \`${path}\` gave no answer within ${fault.timeoutMs / 1000} s`;
    case 'killed':
      return `Querying Python at \`${path}\` failed: it was ended by ${fault.signal}${said(fault)}`;
    case 'exit-status':
      return `Querying Python at \`${path}\` failed with exit status ${fault.status}${said(fault)}`;
    case 'no-answer':
      return `Querying Python at \`${path}\` returned an invalid response: ${fault.reason}${said(fault)}`;
    case 'refused':
    default:
      return `Can't use Python at \`${path}\`: ${reasonOfRefusal(fault.refusal)}`;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOEXEC: 'it is not a program for this system',
  ENOENT: 'it, or the program that it names in its first line, is missing',
  ELIBBAD: 'a library that it needs is damaged',
  ETXTBSY: 'it is being written to',
};

function reasonOfCode(code: string): string {
  return REASONS[code] === undefined ? code : `${REASONS[code]} (${code})`;
}

function reasonOfRefusal({ kind, detail }: Refusal): string {
  switch (kind) {
    case 'too-old':
      return `Python ${detail} is not supported. Please use Python 3.7 or newer.`;
    case 'no-isolation':
      return 'Python executable does not support `-I` flag. Please use Python 3.7 or newer.';
    case 'no-distutils':
      return `Python installation is missing \`distutils\`, which is required for packaging on older Python versions. Your system may package it separately, e.g., as \`python${detail.split('.')[0]}-distutils\` or \`python${detail}-distutils\`.`;
    case 'no-libc':
      return 'Could not detect a glibc or a musl libc (while running on Linux)';
    case 'no-macos-release':
      return 'Broken Python installation, `platform.mac_ver()` returned an empty value, please reinstall Python';
    case 'no-executable':
      return 'it does not know its own path (`sys.executable` is empty)';
    case 'unknown-system':
    default:
      return `Unknown operating system: \`${detail}\``;
  }
}

const SHOWN_CHARACTERS = 4000;

function said({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): string {
  return [['[stdout]', stdout] as const, ['[stderr]', stderr] as const]
    .filter(([, text]) => text.trim() !== '')
    .map(([name, text]) => `\n\n${name}\n${text.trimEnd().slice(0, SHOWN_CHARACTERS)}`)
    .join('');
}

function brokenLinkHint(path: string): string {
  const inEnvironment = /[\\/](?:bin|Scripts)[\\/][^\\/]+$/.test(path);
  return inEnvironment
    ? 'Consider recreating the environment (e.g., with `shoal venv --clear`)'
    : 'Remove the link, or install the interpreter again';
}
