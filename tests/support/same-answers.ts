import assert from 'node:assert/strict';

/** @throws when an answer differs, with the first few; all of them would fill the screen. */
export function assertSameAnswers(
  ours: readonly unknown[],
  theirs: readonly unknown[],
  { questions, seed }: { readonly questions: readonly unknown[]; readonly seed?: number },
): void {
  const different = questions
    .map((question, index) => ({ question, ours: ours[index], theirs: theirs[index] }))
    .filter((row) => JSON.stringify(row.ours) !== JSON.stringify(row.theirs));
  assert.equal(ours.length, theirs.length);
  assert.equal(ours.length, questions.length);
  const origin = seed === undefined ? '' : ` (seed ${seed})`;
  assert.equal(
    different.length,
    0,
    `${different.length} differences${origin}, such as ${JSON.stringify(different.slice(0, 5))}`,
  );
}
