/**
 * The seed of generated questions: the same in each run, so that a failure tells of the change at hand and can be had again.
 * `SHOAL_TEST_SEED=random` draws another one, `SHOAL_TEST_SEED=<number>` repeats it.
 */
import { randomInt } from 'node:crypto';

export function randomSeed(): number {
  const wanted = process.env['SHOAL_TEST_SEED'] ?? '20261125';
  return wanted === 'random' ? randomInt(2 ** 31) : Number(wanted);
}
