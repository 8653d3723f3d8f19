/** The cache's own locks: files below `locks/`, whose folders are made as needed. */
import { dirname } from 'node:path';

import { CacheUnwritableError, hasErrorCode } from './errors.ts';
import type { EventListener, StepName } from './events.ts';
import { tryFileLock } from './file-lock.ts';
import type { LockHandle, LockMode } from './file-lock.ts';
import type { RootFolder } from './root-folder.ts';
import type { RootMount } from './root-mount.ts';

export interface CacheSetting {
  readonly root: RootFolder;
  readonly mount: RootMount;
  /** The name left in locks for those who wait. */
  readonly command: string;
  readonly lockTimeoutMs: number | undefined;
  readonly onEvent: EventListener;
  /** Called by whoever is about to make something; works once. */
  readonly beforeMaking: () => void;
}

export function announceStep(setting: CacheSetting, name: StepName, detail: string): void {
  setting.onEvent({ type: 'step', name, detail });
}

export class KeyLocks {
  readonly #setting: CacheSetting;
  readonly #held: Set<LockHandle> = new Set();
  #hasWarned = false;

  constructor(setting: CacheSetting) {
    this.#setting = setting;
  }

  /**
   * A reader's lock. Where no lock can be had (a read-only root, no locks in this file system, no descriptors left) the
   * reader goes on without: it may then find its entry gone, which it must bear anyway.
   */
  tryShared(path: string, resource?: string): LockHandle | 'busy' {
    try {
      return this.#track(this.#tryInFolder(path, 'shared', resource), path, 'shared');
    } catch (error) {
      const isWithoutLock = error instanceof CacheUnwritableError || hasErrorCode(error, 'EMFILE', 'ENFILE');
      if (isWithoutLock) return unlockedHandle(path, 'shared');
      throw error;
    }
  }

  /**
   * The lock of whoever makes or changes something; the first one looks at the mount.
   *
   * @throws {CacheUnwritableError} @throws {CacheFullError}
   */
  tryExclusive(path: string, resource?: string): LockHandle | 'busy' {
    this.#setting.beforeMaking();
    return this.#track(this.#tryInFolder(path, 'exclusive', resource), path, 'exclusive');
  }

  /** The same, telling apart that the file system has no locks. */
  tryCollecting(path: string): LockHandle | 'busy' | 'unsupported' {
    return this.#tryInFolder(path, 'exclusive');
  }

  releaseAll(): void {
    for (const handle of this.#held) handle.release();
    this.#held.clear();
  }

  #tryInFolder(path: string, mode: LockMode, resource?: string): LockHandle | 'busy' | 'unsupported' {
    const { root, command } = this.#setting;
    return root.inFolder(dirname(path), () => tryFileLock(path, mode, { command, resource }));
  }

  #track(answer: LockHandle | 'busy' | 'unsupported', path: string, mode: LockMode): LockHandle | 'busy' {
    if (answer === 'busy') return answer;
    if (answer === 'unsupported') {
      this.#warnOnce(path);
      return unlockedHandle(path, mode);
    }
    this.#held.add(answer);
    return this.#forgetting(answer);
  }

  #forgetting(handle: LockHandle): LockHandle {
    const forgetting = (operate: () => void) => (): void => {
      this.#held.delete(handle);
      operate();
    };
    const release = forgetting(() => handle.release());
    return {
      ...handle,
      release,
      releaseAndRemove: forgetting(() => handle.releaseAndRemove()),
      abandon: forgetting(() => handle.abandon()),
      [Symbol.dispose]: release,
    };
  }

  #warnOnce(path: string): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#setting.onEvent({ type: 'unsupported', resource: 'the cache', path });
  }
}

function unlockedHandle(path: string, mode: LockMode): LockHandle {
  const nothing = (): void => undefined;
  return {
    path,
    mode,
    release: nothing,
    releaseAndRemove: nothing,
    abandon: nothing,
    inherit: nothing,
    isStillNamed: () => true,
    [Symbol.dispose]: nothing,
  };
}
