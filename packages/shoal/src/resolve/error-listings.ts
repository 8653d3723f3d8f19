/** The versions of the projects of a failed fork, as far as they were looked at. */
import type { NormalizedName, Version } from '@shoal/packaging';
import type { ForkState } from './fork-state.ts';
import type { SolveContext } from './solve-context.ts';

export class ErrorListings {
  readonly #context: SolveContext;
  readonly #state: ForkState;
  readonly #listed: Map<NormalizedName, readonly Version[] | undefined> = new Map();

  constructor(context: SolveContext, state: ForkState) {
    this.#context = context;
    this.#state = state;
  }

  /** All versions, highest first; `undefined` when the listing was not looked at, or there is none. */
  known(name: NormalizedName): readonly Version[] | undefined {
    if (!this.#context.visited.has(name) || this.#state.urls.has(name)) return undefined;
    const index = this.#state.indexes.get(name);
    if (this.#context.knowledge.listing(name, index)?.kind !== 'found') return undefined;
    return this.#context.knownVersions(name, index);
  }

  /** Without versions that are too new. */
  listed(name: NormalizedName): readonly Version[] | undefined {
    if (!this.#listed.has(name)) this.#listed.set(name, this.#withoutTooNew(name));
    return this.#listed.get(name);
  }

  #withoutTooNew(name: NormalizedName): readonly Version[] | undefined {
    const tables = this.#context.knowledge.tables(name, this.#state.indexes.get(name));
    return this.known(name)?.filter(
      (version) => tables.length === 0 || tables.some((table) => table.existsAt(version)),
    );
  }
}
