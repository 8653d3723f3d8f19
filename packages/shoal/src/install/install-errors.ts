/** Errors of installing and removing. Messages follow uv where uv has one. */
import { OperationalError } from '@shoal/cache';
import type { Collision } from './install-event.ts';

/** A wheel cannot be installed as its files are. */
export class InvalidWheelError extends OperationalError {
  override readonly code = 'INVALID_WHEEL';
  readonly wheel: string;

  constructor(wheel: string, problem: string) {
    super(`Failed to install: ${wheel}: The wheel is invalid: ${problem}`);
    this.wheel = wheel;
  }
}

/** A wheel declares a script that would replace the interpreter. */
export class ReservedScriptNameError extends OperationalError {
  override readonly code = 'RESERVED_SCRIPT_NAME';
  readonly wheel: string;

  constructor(wheel: string, reserved: string, declared: string) {
    super(`Failed to install: ${wheel}: Scripts must not use the reserved name \`${reserved}\`, got: \`${declared}\``);
    this.wheel = wheel;
  }
}

/** Files of two distributions collide and the caller asked for that to be an error. Nothing was changed. */
export class CollisionError extends OperationalError {
  override readonly code = 'FILE_COLLISION';
  readonly collisions: readonly Collision[];

  constructor(collisions: readonly Collision[]) {
    super(collisions.map(describeCollision).join('\n'), { hint: 'Install only one of the distributions' });
    this.collisions = collisions;
  }
}

/** One collision in uv's words. */
export function describeCollision(collision: Collision): string {
  const owners = collision.distributions.map((owner) => `* ${owner}`).join('\n');
  return `The file \`${collision.path}\` is provided by more than one package, which can result in a broken module. Packages containing the file:\n${owners}`;
}

/** A name of the wheel is a folder in the environment where the wheel has a file, or the reverse, and the old one is not ours to remove. */
export class OccupiedPathError extends OperationalError {
  override readonly code = 'PATH_OCCUPIED';
  readonly path: string;

  constructor(path: string, found: 'file' | 'folder') {
    super(`Could not install to \`${path}\`: a ${found} that belongs to no distribution being replaced is in the way`, {
      hint: 'Move it away and try again',
    });
    this.path = path;
  }
}

/** An installed distribution cannot be removed. */
export class UninstallError extends OperationalError {
  override readonly code = 'UNINSTALL_FAILED';
  readonly distribution: string;

  constructor(distribution: string, message: string) {
    super(message);
    this.distribution = distribution;
  }
}

/** A cached tree lost a file while it was being linked, and no way to produce it again was given. Nothing was changed. */
export class DamagedTreeError extends OperationalError {
  override readonly code = 'DAMAGED_TREE';
  readonly path: string;

  constructor(wheel: string, path: string, reason: string) {
    super(`The cached files of ${wheel} are damaged: \`${path}\` ${reason}`, {
      hint: 'Run the command again to fetch the wheel again',
    });
    this.path = path;
  }
}

/** The file system refused a step. The environment is as it was before the command, unless `undone` is false. */
export class EnvironmentWriteError extends OperationalError {
  override readonly code = 'ENVIRONMENT_WRITE_FAILED';
  readonly path: string;
  readonly undone: boolean;

  constructor(path: string, options: { cause: unknown; undone: boolean }) {
    const system = systemCode(options.cause);
    const state = options.undone ? 'nothing was changed' : 'the next command will finish or undo the change';
    super(`Could not change the environment: failed to write \`${path}\`: ${describeCode(system)} (${state})`, {
      hint: hintOf(system),
      cause: options.cause,
    });
    this.path = path;
    this.undone = options.undone;
  }
}

/** A journal that cannot be read as one: written by another release, or edited. */
export class JournalError extends OperationalError {
  override readonly code = 'JOURNAL_UNREADABLE';
  readonly path: string;

  constructor(path: string, problem: string) {
    super(`An interrupted change of this environment cannot be finished: \`${path}\` ${problem}`, {
      hint: 'Use the release that wrote it, or create the environment again',
    });
    this.path = path;
  }
}

/** Bytecode could not be compiled because the interpreter did not work. */
export class BytecodeError extends OperationalError {
  override readonly code = 'BYTECODE_FAILED';
}

function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied (EACCES)',
  EPERM: 'Operation not permitted (EPERM)',
  EROFS: 'Read-only file system (EROFS)',
  ENOSPC: 'No space left on device (ENOSPC)',
  EDQUOT: 'Disk quota exceeded (EDQUOT)',
  EXDEV: 'It is on another file system (EXDEV)',
};

function describeCode(code: string): string {
  return DESCRIPTIONS[code] ?? code;
}

function hintOf(code: string): string | undefined {
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'Free some space and try again';
  if (code === 'EACCES' || code === 'EPERM') return 'Check who owns the environment, or use one of your own';
  return undefined;
}
