/**
 * What an environment that several change at once may hold in the end: for each distribution what one of them wrote whom
 * nobody came after. That is what some serial order of the commands would have left.
 */
interface Write {
  readonly version: string | undefined;
  readonly startedMs: number;
  /** Infinite for a command that was killed: another may finish its work at any time after. */
  readonly endedMs: number;
}

export class LastWriters {
  readonly #writes = new Map<string, Write[]>();

  note(name: string, write: Write): void {
    this.#writes.set(name, [...this.writesOf(name), write]);
  }

  /** The names that somebody has written. */
  names(): readonly string[] {
    return [...this.#writes.keys()];
  }

  allows(name: string, version: string | undefined): boolean {
    const writes = this.writesOf(name);
    return writes.some((write) => write.version === version && !writes.some((later) => comesAfter(later, write)));
  }

  private writesOf(name: string): readonly Write[] {
    const atFirst = { version: undefined, startedMs: -1, endedMs: 0 };
    return this.#writes.get(name) ?? [atFirst];
  }
}

/** Only a command that ended certainly did what it was asked to. */
function comesAfter(later: Write, write: Write): boolean {
  return Number.isFinite(later.endedMs) && later.startedMs > write.endedMs;
}
