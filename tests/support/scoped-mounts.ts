/** Mounts for tests that run as the superuser; each goes when its scope ends. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import type { TestContext } from 'node:test';

export interface SmallDisk extends Disposable {
  resize(kib: number): void;
}

/** A file system of `sizeKib` that only its owner may write to. */
export function mountSmall(folder: string, sizeKib: number): SmallDisk {
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeKib}k,mode=755`, 'tmpfs', folder]);
  return {
    resize: (kib) => execFileSync('mount', ['-o', `remount,size=${kib}k`, folder]),
    [Symbol.dispose]: () => execFileSync('umount', ['--lazy', folder]),
  };
}

/** `folder` can only be read until the scope ends. */
export function mountReadOnly(folder: string): Disposable {
  execFileSync('mount', ['--bind', folder, folder]);
  execFileSync('mount', ['-o', 'remount,bind,ro', folder]);
  return { [Symbol.dispose]: () => execFileSync('umount', ['--lazy', folder]) };
}

/** Says so when mounting is not possible here. */
export function canMount(t: TestContext): boolean {
  if (process.platform === 'linux' && process.getuid?.() === 0) return true;
  t.diagnostic('not run: only the superuser can mount');
  return false;
}
