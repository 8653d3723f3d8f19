/** Random choices that come again with the same seed. */
export class RandomSource {
  #state: number;

  /** The parts name one sequence: `[seed, episode, worker]`. */
  constructor(...parts: readonly number[]) {
    this.#state = parts.reduce((state, part) => Math.imul(state ^ part, 0x9e3779b1) + 0x85ebca6b, 0x12345678);
  }

  /** From 0 up to, but not including, `limit`. */
  below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] ?? choices[0];
  }

  /** One of several, each as often as its weight says. */
  weighted<T>(choices: readonly [Weighted<T>, ...Weighted<T>[]]): T {
    let left = this.#next() * choices.reduce((sum, { weight }) => sum + weight, 0);
    for (const { weight, value } of choices) {
      left -= weight;
      if (left < 0) return value;
    }
    return choices[0].value;
  }

  /** Between one and `most` different ones, in their order. */
  some<T>(choices: readonly T[], most: number): readonly T[] {
    const count = 1 + this.below(Math.min(most, choices.length));
    const left = choices.map((_, place) => place);
    const chosen = Array.from({ length: count }, () => left.splice(this.below(left.length), 1)).flat();
    return chosen.sort((a, b) => a - b).flatMap((place) => choices.slice(place, place + 1));
  }

  /** Mulberry32. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

export interface Weighted<T> {
  readonly weight: number;
  readonly value: T;
}
