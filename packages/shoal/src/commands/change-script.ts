/** `add --script` and `remove --script`: requirements into the inline metadata of a script, and out of it. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { hasErrorCode, OperationalError } from '@shoal/cache';
import type { NormalizedName } from '@shoal/packaging';
import type { Lockfile } from '../lock/lockfile.ts';
import { commitFiles, recoverFiles } from '../project/commit-files.ts';
import type { FileChange } from '../project/commit-files.ts';
import { TomlDocument } from '../project/edit-toml/toml-document.ts';
import { parseProjectFile } from '../project/project-file.ts';
import { lockProjectFolder } from '../project/project-lock.ts';
import { joinScript, newScriptBlock, splitScript } from '../project/script-block.ts';
import type { ScriptBlock } from '../project/script-block.ts';
import { addRequirements } from './add-requirements.ts';
import type { AddRequest } from './add-requirements.ts';
import { withBounds } from './add-to-project.ts';
import type { AddInput } from './add-to-project.ts';
import type { Context } from './context.ts';
import type { FollowingLockfile } from './edit-project.ts';
import type { WorkflowOptions } from './install-phases.ts';
import { removeRequirements } from './remove-requirements.ts';

export interface ScriptPlace {
  /** Absolute. */
  readonly path: string;
  /** As messages name it. */
  readonly shown: string;
}

/** There is no such script, or none with inline metadata. */
export class ScriptError extends OperationalError {
  override readonly code = 'SCRIPT';
}

/** Locks metadata as it is to be. `undefined`: nothing is locked. */
export type LockScript = (metadata: string, draft: FollowingLockfile | undefined) => Promise<FollowingLockfile>;

export interface RemoveFromScript {
  readonly script: ScriptPlace;
  readonly names: readonly NormalizedName[];
  /** For scripts that have a lockfile. */
  readonly lock: LockScript | undefined;
}

/** @throws {ScriptError} {RequirementNotListedError} {RequirementsFileError} {ProjectWriteError} */
export async function removeFromScript(
  { script, names, lock }: RemoveFromScript,
  context: Context,
  options: WorkflowOptions,
): Promise<void> {
  await changeScript(script, context, options, async (text) => {
    const block = splitScript(text, script.shown);
    if (block === undefined)
      throw new ScriptError(
        `\`${script.shown}\` does not contain a PEP 723 metadata tag; run \`shoal init --script ${script.shown}\` to initialize the script`,
      );
    const document = new TomlDocument(block.toml);
    removeRequirements({ document, isScript: true }, names, { kind: 'production' });
    const locked = hasLockfile(script) ? await lock?.(document.text, undefined) : undefined;
    return { block: { ...block, toml: document.text }, locked };
  });
}

export interface AddToScript extends Pick<AddInput, 'bounds' | 'onExplicit' | 'workingFolder'> {
  readonly script: ScriptPlace;
  readonly request: AddRequest;
  /** What a script without metadata is for: `>=3.12`. */
  readonly requiresPython: () => Promise<string>;
  /** Tells the versions that bounds are made of; written only where there is a lockfile. */
  readonly lock: LockScript | undefined;
}

/** @throws {ScriptError} {RequirementsFileError} {ProjectWriteError}, and what editing and locking throw. */
export async function addToScript(input: AddToScript, context: Context, options: WorkflowOptions): Promise<void> {
  const { script, request, lock } = input;
  await changeScript(script, context, options, async (text) => {
    const block = splitScript(text, script.shown) ?? newScriptBlock(text, await input.requiresPython());
    const document = new TomlDocument(block.toml);
    const added = addRequirements({ document, isScript: true }, request, {
      workingFolder: input.workingFolder,
      root: dirname(script.path),
      members: new Set(),
      existing: parseProjectFile(block.toml, script.path).toolUv.sources,
    });
    const draft = await lock?.(document.text, undefined);
    const bounded =
      draft === undefined || request.raw
        ? undefined
        : boundsOf(document.text, { added, lockfile: draft.lockfile, input });
    const locked = bounded === undefined ? draft : await lock?.(bounded, draft);
    return { block: { ...block, toml: bounded ?? document.text }, locked: hasLockfile(script) ? locked : undefined };
  });
}

function boundsOf(
  text: string,
  {
    added,
    lockfile,
    input,
  }: { readonly added: Parameters<typeof withBounds>[1]; readonly lockfile: Lockfile; readonly input: AddToScript },
): string | undefined {
  return withBounds(text, added, { lockfile, input }, true);
}

interface ScriptChange {
  readonly block: ScriptBlock;
  readonly locked: FollowingLockfile | undefined;
}

/** Under the script's lock, with what it says now. */
async function changeScript(
  { path, shown }: ScriptPlace,
  context: Context,
  options: WorkflowOptions,
  change: (text: string) => Promise<ScriptChange>,
): Promise<void> {
  readScript(path, shown);
  using _lock = await lockProjectFolder(path, context.projectLockOptions);
  const folder = dirname(path);
  recoverFiles(folder, options);
  const text = readScript(path, shown);
  const { block, locked } = await change(text);
  const changes: FileChange[] = [{ path, content: joinScript(block), expected: text }];
  if (locked !== undefined && locked.text !== locked.previousText)
    changes.push({ path: locked.path, content: locked.text, expected: locked.previousText });
  options.signal?.throwIfAborted();
  commitFiles(folder, changes, options);
}

function readScript(path: string, shown: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) throw error;
    throw new ScriptError(
      `Failed to read \`${shown}\` (not found); run \`shoal init --script ${shown}\` to create a PEP 723 script`,
    );
  }
}

function hasLockfile({ path }: ScriptPlace): boolean {
  return existsSync(`${path}.lock`);
}
