/** Locking: what is asked for, resolved for all platforms, as one file. Reads, checks and resolves; writes nothing itself. */
import { parseVersion, rangeAtLeast } from '@shoal/packaging';
import type { InterpreterFacts } from '../environment/interpreter-facts.ts';
import { formatLockfile } from '../lock/format-lockfile.ts';
import { lockChanges } from '../lock/lock-changes.ts';
import type { LockChange } from '../lock/lock-changes.ts';
import { LockMismatchError, LockMissingError } from '../lock/lock-errors.ts';
import { LockfileError } from '../lock/lockfile-error.ts';
import type { LockedOptions, Lockfile } from '../lock/lockfile.ts';
import { parseLockfile } from '../lock/parse-lockfile.ts';
import type { LockTarget } from '../project/lock-target.ts';
import type { SourceRules } from '../project/lower-requirements.ts';
import type { WorkspacePython } from '../project/workspace-python.ts';
import type { ForkStrategy, ProjectSelection, SourcedRequirement } from '../resolve/resolve-input.ts';
import type { ResolutionPolicy } from './change-environment.ts';
import type { Context } from './context.ts';
import type { WorkflowOptions } from './install-phases.ts';
import { readIfPresent } from '../host/read-if-present.ts';

export interface LockPolicy extends ResolutionPolicy {
  readonly forkStrategy: ForkStrategy;
  /** As the lockfile keeps the policy. */
  readonly recorded: LockedOptions;
  readonly sources: SourceRules;
  readonly upgrade: ProjectSelection;
  /** `--upgrade-group`. */
  readonly upgradeGroups: readonly string[];
  /** `--upgrade-package 'a<2'`. */
  readonly upgradeLimits: readonly SourcedRequirement[];
  /** `--refresh`. */
  readonly refreshes: boolean;
  /** Whether somebody named an index: then no other may be in the lockfile. */
  readonly hasIndexes: boolean;
}

export interface LockInput {
  readonly target: LockTarget;
  /**
   * `update` makes what is needed; `locked` refuses a lockfile that is not up to date; `frozen` takes it as it is.
   */
  readonly mode: 'update' | 'locked' | 'frozen';
  /** What demanded the mode, for messages: `--check`. */
  readonly demand: string;
  readonly policy: LockPolicy;
  /** Not needed for `frozen`. */
  readonly interpreter: InterpreterFacts | undefined;
  /** A lockfile that was made already for an earlier state of one change: the answer stays close to it. */
  readonly draft?: string | undefined;
}

export interface LockResult {
  readonly lockfile: Lockfile;
  /** What the file is to hold. */
  readonly text: string;
  /** What it holds now; `undefined` when it is not there. */
  readonly previousText: string | undefined;
  readonly isChanged: boolean;
  /** From the previous lockfile, or from none. */
  readonly changes: readonly LockChange[];
  readonly hadLockfile: boolean;
}

/**
 * The lockfile as it should be.
 *
 * @throws {LockMissingError} {LockMismatchError} {LockfileError} {LockfileVersionError} {NoSolutionError}
 */
export async function lockProject(input: LockInput, context: Context, options: WorkflowOptions): Promise<LockResult> {
  const { target, mode, demand } = input;
  const previousText = readIfPresent(target.lockPath);
  if (previousText === undefined && mode !== 'update') throw new LockMissingError(target.shown, demand);
  const knownText = input.draft ?? previousText;
  const previous = knownText === undefined ? undefined : readPrevious(knownText, input, options);
  const unchanged = (lockfile: Lockfile): LockResult => {
    const text = knownText ?? formatLockfile(lockfile);
    const isChanged = text !== previousText && knownText !== undefined;
    return { lockfile, text, previousText, isChanged, changes: [], hadLockfile: previousText !== undefined };
  };
  if (mode === 'frozen' && previous !== undefined) return unchanged(previous);
  const started = performance.now();
  const { resolveLock } = await import('./resolve-lock.ts');
  const python = pythonOf(input, options);
  const made = await resolveLock({ ...input, interpreter: interpreterOf(input), python, previous }, context, options);
  const count = made.lockfile.packages.length;
  options.onEvent({ type: 'phase', phase: 'resolved', count, elapsedMs: performance.now() - started });
  for (const message of made.warnings) options.onEvent({ type: 'warning', message });
  if (made.isSatisfied) return unchanged(made.lockfile);
  const text = formatLockfile(made.lockfile);
  if (previous !== undefined && formatLockfile(previous) === text) return unchanged(previous);
  if (mode === 'locked') throw new LockMismatchError(target.shown, demand, lockCommand(target));
  return {
    lockfile: made.lockfile,
    text,
    previousText,
    isChanged: true,
    changes: lockChanges(made.kept, made.lockfile),
    hadLockfile: previous !== undefined,
  };
}

function lockCommand({ isScript, shown }: LockTarget): string {
  return isScript ? `shoal lock --script ${shown.replace(/\.lock$/, '')}` : 'shoal lock';
}

/** A broken lockfile is made anew, where that is allowed. */
function readPrevious(text: string, { target, mode }: LockInput, { onEvent }: WorkflowOptions): Lockfile | undefined {
  try {
    return parseLockfile(text, target.shown);
  } catch (error) {
    if (!(error instanceof LockfileError) || mode !== 'update') throw error;
    onEvent({
      type: 'warning',
      message: `Failed to read existing lockfile; ignoring locked requirements: ${error.message}`,
    });
    return undefined;
  }
}

function interpreterOf({ interpreter }: LockInput): InterpreterFacts {
  if (interpreter === undefined) throw new RangeError('a resolution needs an interpreter');
  return interpreter;
}

/** Of the workspace; else the minor version at hand and later ones. */
function pythonOf(input: LockInput, { onEvent }: WorkflowOptions): WorkspacePython {
  const { python } = input.target;
  const minor = interpreterOf(input).version.release.slice(0, 2).join('.');
  if (python === undefined) {
    onEvent({
      type: 'warning',
      message: `No \`requires-python\` value found in the workspace. Defaulting to \`>=${minor}\`.`,
    });
    return { range: rangeAtLeast(parseVersion(minor)), text: `>=${minor}` };
  }
  if (!/[=>~]/.test(python.text.replaceAll(/<=|!=/g, '')))
    onEvent({
      type: 'warning',
      message: `The workspace \`requires-python\` value (\`${python.text}\`) does not contain a lower bound. Add a lower bound to indicate the minimum compatible Python version (e.g., \`>=${minor}\`).`,
    });
  return python;
}
