/** What an environment may hold: the states that the commands so far can have left, of which a kill leaves two. */
import { closureOf, latestOf } from './soak-distributions.ts';

/** Name -> version. */
export type Installed = ReadonlyMap<string, string>;
export type Change = (before: Installed) => Installed;

export interface Wanted {
  readonly name: string;
  /** Without one, what is there will do, else the latest. */
  readonly version?: string | undefined;
}

/** `pip install`; with `isFresh` (`--upgrade`, `--reinstall`) nothing that is there counts. */
export function installing(wanted: readonly Wanted[], { isFresh }: { readonly isFresh: boolean }): Change {
  const pins = new Map(wanted.flatMap(({ name, version }) => (version === undefined ? [] : [[name, version]])));
  return (before) => {
    const after = new Map(before);
    for (const name of closureOf(wanted.map((one) => one.name))) {
      const kept = isFresh ? undefined : before.get(name);
      after.set(name, pins.get(name) ?? kept ?? latestOf(name));
    }
    return after;
  };
}

/** `pip sync`. */
export function syncing(pins: Installed): Change {
  return () => pins;
}

export function uninstalling(names: readonly string[]): Change {
  return (before) => new Map([...before].filter(([name]) => !names.includes(name)));
}

export const changingNothing: Change = (before) => before;

/** As `pip freeze` writes it: sorted lines. */
export function freezeLines(installed: Installed): string {
  return [...installed]
    .map(([name, version]) => `${name}==${version}`)
    .sort()
    .join('\n');
}

/** Every requirement of what is installed is met. */
export function isClosed(installed: Installed): boolean {
  return closureOf([...installed.keys()]).every((name) => installed.has(name));
}

export class InstalledStates {
  #possible: readonly Installed[] = [new Map()];

  get possible(): readonly Installed[] {
    return this.#possible;
  }

  /** A command that ended well. */
  change(change: Change): void {
    this.#possible = distinct(this.#possible.map(change));
  }

  /** A command that was killed: the next one finds the state before it, or after it. */
  maybe(change: Change): void {
    this.#possible = distinct([...this.#possible, ...this.#possible.map(change)]);
  }

  /** What was seen. @returns whether it is possible. */
  settle(lines: string): boolean {
    const found = this.#possible.filter((one) => freezeLines(one) === lines);
    if (found.length > 0) this.#possible = found;
    return found.length > 0;
  }
}

function distinct(states: readonly Installed[]): readonly Installed[] {
  return [...new Map(states.map((one) => [freezeLines(one), one])).values()];
}
