/** Which wheels an interpreter can use, and which of them it prefers. */

import type { Tag, TagSet } from './tag.ts';

/** Supported tags, indexed: interpreter, then ABI, then platform. */
export interface TagPriorities {
  /** The tags this was made of, best first. */
  readonly tags: readonly Tag[];
  readonly priorities: ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, number>>>;
  /** Whether the interpreter is a free-threaded CPython. */
  readonly isFreeThreaded: boolean;
}

/**
 * The first part of a wheel's tags that does not fit.
 * - `freethreaded-abi`: it would fit but for an ABI that needs the GIL.
 */
export type TagMismatch = 'python' | 'abi' | 'freethreaded-abi' | 'platform' | 'invalid';

/** @param tags Best first, as `supportedTags()` gives them. */
export function createTagPriorities(tags: readonly Tag[]): TagPriorities {
  const priorities = new Map<string, Map<string, Map<string, number>>>();
  for (const [index, { interpreter, abi, platform }] of tags.entries()) {
    const platforms = entryOf(entryOf(priorities, interpreter), abi);
    if (!platforms.has(platform)) platforms.set(platform, tags.length - index);
  }
  return { tags, priorities, isFreeThreaded: tags.some(({ abi }) => isFreeThreadedAbi(abi)) };
}

/** @returns The priority of the best of the wheel's tags, higher is better; `undefined` when none is supported. */
export function tagPriority({ priorities }: TagPriorities, wheel: TagSet): number | undefined {
  let best: number | undefined;
  for (const python of wheel.pythons) {
    const abis = priorities.get(python);
    if (abis === undefined) continue;
    for (const abi of wheel.abis) {
      const platforms = abis.get(abi);
      if (platforms === undefined) continue;
      for (const platform of wheel.platforms) {
        const priority = platforms.get(platform);
        if (priority !== undefined && (best === undefined || priority > best)) best = priority;
      }
    }
  }
  return best;
}

/**
 * Why the wheel, which is not supported, is not: the part that comes closest to
 * fitting among all of its tags, `platform` closer than `abi` closer than `python`.
 */
export function explainIncompatibility({ priorities, isFreeThreaded }: TagPriorities, wheel: TagSet): TagMismatch {
  if (wheel.pythons.length === 0 || wheel.abis.length === 0 || wheel.platforms.length === 0) return 'invalid';
  if (isFreeThreaded && !wheel.abis.some((abi) => abi === 'none' || isFreeThreadedAbi(abi))) return 'freethreaded-abi';
  const abis = wheel.pythons.map((python) => priorities.get(python)).filter((found) => found !== undefined);
  if (abis.length === 0) return 'python';
  return abis.some((known) => wheel.abis.some((abi) => known.has(abi))) ? 'platform' : 'abi';
}

function isFreeThreadedAbi(abi: string): boolean {
  return abi === 'abi3t' || /^cp\d+[a-z]*t/.test(abi);
}

function entryOf<K, V>(map: Map<K, Map<string, V>>, key: K): Map<string, V> {
  let entry = map.get(key);
  if (entry === undefined) map.set(key, (entry = new Map()));
  return entry;
}
