/** What somebody may have meant who mistyped a word. */

const SIMILAR = 0.7;

/** The candidates that resemble `word`, the most similar one last. */
export function similarWords(word: string, candidates: readonly string[]): readonly string[] {
  return candidates
    .map((candidate) => ({ candidate, similarity: jaroSimilarity(word, candidate) }))
    .filter(({ similarity }) => similarity > SIMILAR)
    .sort((a, b) => a.similarity - b.similarity)
    .map(({ candidate }) => candidate);
}

/**
 * From 0 for nothing in common to 1 for equal texts.
 * @see M. A. Jaro, "Advances in Record-Linkage Methodology", 1989
 */
export function jaroSimilarity(a: string, b: string): number {
  if (a === b) return 1;
  const reach = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1);
  const [inA, inB] = commonLetters(a, b, reach);
  if (inA.length === 0) return 0;
  const transposed = inA.filter((letter, index) => letter !== inB[index]).length / 2;
  return (inA.length / a.length + inA.length / b.length + (inA.length - transposed) / inA.length) / 3;
}

/** The letters that both have at nearly the same place, in the order of either text. */
function commonLetters(a: string, b: string, reach: number): readonly [readonly string[], readonly string[]] {
  const takenInB = new Set<number>();
  const inA = a.split('').filter((letter, index) => {
    for (let at = Math.max(0, index - reach); at <= Math.min(b.length - 1, index + reach); at += 1) {
      if (b[at] !== letter || takenInB.has(at)) continue;
      takenInB.add(at);
      return true;
    }
    return false;
  });
  return [inA, b.split('').filter((_, index) => takenInB.has(index))];
}
