/**
 * Remembers of an environment that it held what was asked for. While neither the question nor the environment has changed,
 * the answer costs a look at two time stamps of each installed distribution instead of reading all of their metadata.
 *
 * The answer lies in the cache, one for each environment; it is a convenience, which may be lost or not be writable.
 */
import { CacheFullError, CacheUnwritableError, digestOf } from '@shoal/cache';
import type { Digest } from '@shoal/cache';
import { formatRequirement } from '@shoal/packaging';
import { fingerprintInstalled } from '../environment/fingerprint-installed.ts';
import type { ChangeInput } from './change-environment.ts';
import type { Context } from './context.ts';

/** Rises whenever the same environment may be judged otherwise. */
const RULES = 1;
/** A file that was changed twice within one tick of its file system's clock has the same time stamp both times. */
const CLOCK_TICK_MS = 25;
/** Some file systems count whole seconds, or every other one. */
const COARSE_TICK_MS = 2000;

export class SatisfactionMemory {
  readonly #records: Context['cache']['records'];
  readonly #environment: ChangeInput['environment'];
  readonly #key: Digest;
  readonly #question: Digest;

  private constructor({ environment }: ChangeInput, context: Context, question: Digest) {
    this.#records = context.cache.records;
    this.#environment = environment;
    this.#key = digestOf(environment.root);
    this.#question = question;
  }

  /**
   * Of a change that what is installed can show to be done. `undefined` for a question whose answer depends on more than names,
   * versions and metadata of it.
   */
  static of(input: ChangeInput, context: Context): SatisfactionMemory | undefined {
    const question = questionOf(input);
    return question === undefined ? undefined : new SatisfactionMemory(input, context, question);
  }

  /** Was the answer to this question yes, and is the environment as it was then? */
  holds(): boolean {
    const known = this.#records.read('checks', this.#key);
    if (known === undefined) return false;
    const [question, fingerprint] = Buffer.from(known).toString('latin1').split(' ');
    return question === this.#question && fingerprint === fingerprintInstalled(this.#environment)?.digest;
  }

  /** The answer to the question is yes. */
  remember(): void {
    const found = fingerprintInstalled(this.#environment);
    if (found === undefined || Date.now() - found.changedAtMs < tickOf(found.changedAtMs)) return;
    try {
      this.#records.write('checks', this.#key, `${this.#question} ${found.digest}`);
    } catch (error) {
      if (!(error instanceof CacheUnwritableError || error instanceof CacheFullError)) throw error;
    }
  }
}

function tickOf(timeMs: number): number {
  return Number.isInteger(timeMs / 1000) ? COARSE_TICK_MS : CLOCK_TICK_MS;
}

function questionOf({ requirements, resolution, change, environment }: ChangeInput): Digest | undefined {
  const lists = [requirements.requirements, requirements.constraints, requirements.overrides];
  if (change.strict || lists.flat().some(({ requirement }) => requirement.url !== undefined)) return undefined;
  return digestOf(
    JSON.stringify([
      RULES,
      lists.map((list) => list.map(({ requirement }) => formatRequirement(requirement))),
      requirements.excludes,
      resolution.target?.markers ?? environment.interpreter.markers,
      resolution.withoutDependencies,
    ]),
  );
}
