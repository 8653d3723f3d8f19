/** Writing a planned environment into a folder: a private one, or one that is in use. */
import {
  chmodSync,
  constants,
  copyFileSync,
  mkdirSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { hasErrorCode, randomName, writeFileAtomic } from '@shoal/cache';
import type { EnvironmentPlan } from './environment-plan.ts';

/** Write everything into the empty folder `folder`, which nobody else knows of. */
export function writeFreshEnvironment(folder: string, plan: EnvironmentPlan): void {
  for (const path of plan.folders) mkdirSync(join(folder, path), { recursive: true });
  for (const { path, text } of plan.files) writeFileSync(join(folder, path), text);
  for (const { path, source } of plan.copies) copyFileSync(source, join(folder, path));
  for (const { path, target } of plan.links) symlinkSync(target, join(folder, path));
  writeFileSync(join(folder, 'pyvenv.cfg'), plan.configuration);
}

/** Write everything over what is in `root`: each file and link is replaced in one step, and other files stay. */
export function writeOverEnvironment(root: string, plan: EnvironmentPlan): void {
  for (const path of plan.folders) mkdirSync(join(root, path), { recursive: true });
  for (const { path, text } of plan.files) writeFileAtomic(join(root, path), text);
  for (const { path, source } of plan.copies) replaceCopy(source, join(root, path));
  for (const { path, target } of plan.links) replaceLink(target, join(root, path));
  writeFileAtomic(join(root, 'pyvenv.cfg'), plan.configuration, { sync: true });
}

/** A folder where the link should be stays: `lib64` of another program's environment. */
function replaceLink(target: string, path: string): void {
  if (linkTarget(path) === target) return;
  const temporary = temporaryName(path);
  symlinkSync(target, temporary);
  try {
    renameSync(temporary, path);
  } catch (error) {
    if (!hasErrorCode(error, 'EISDIR', 'ENOTEMPTY', 'EEXIST')) throw error;
    unlinkSync(temporary);
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (hasErrorCode(error, 'EINVAL', 'ENOENT')) return undefined;
    throw error;
  }
}

function replaceCopy(source: string, path: string): void {
  const temporary = temporaryName(path);
  copyFileSync(source, temporary, constants.COPYFILE_EXCL);
  chmodSync(temporary, 0o755);
  renameSync(temporary, path);
}

function temporaryName(path: string): string {
  return join(dirname(path), `.${randomName()}`);
}
