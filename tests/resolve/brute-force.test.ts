/** The solver against trying everything, on small random universes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { formatVersion } from '@shoal/packaging';
import { NoSolutionError } from '../../packages/shoal/src/resolve/no-solution-error.ts';
import { resolve } from '../../packages/shoal/src/resolve/resolve.ts';
import { resolveInput, universalTarget } from '../support/resolve-universe.ts';
import { MemoryProvider, type Universe } from '../support/universe.ts';
import { hasSolution, isSolution, type Assignment } from './brute-force.ts';

const names = ['a', 'b', 'c', 'd', 'e'];
const versions = ['1.0', '2.0', '3.0'];

const specifier = fc.oneof(
  { weight: 2, arbitrary: fc.constant('') },
  fc
    .tuple(fc.constantFrom('==', '>=', '<=', '<', '>', '!='), fc.constantFrom(...versions))
    .map(([operator, version]) => `${operator}${version}`),
  fc.constantFrom('>=1.0,<3.0', '~=2.0', '==2.*', '>9'),
);
const requirement = fc
  .tuple(fc.constantFrom(...names), fc.constantFrom('', '', '[x]'), specifier)
  .map((parts) => parts.join(''));
const requirements = fc.array(requirement, { maxLength: 3 });
const release = fc.record({
  requires: requirements,
  extras: fc.record({ x: fc.array(requirement, { maxLength: 2 }) }),
});
const universe: fc.Arbitrary<Universe> = fc.record(
  Object.fromEntries(names.map((name) => [name, fc.dictionary(fc.constantFrom(...versions), release, { maxKeys: 3 })])),
);
const problem = fc.tuple(universe.map(withoutSelfRequirements), fc.array(requirement, { minLength: 1, maxLength: 3 }));

/** A project that requires its own extra at another version is flattened, not solved: out of scope here. */
function withoutSelfRequirements(all: Universe): Universe {
  const others = (name: string, list: readonly string[] | undefined): readonly string[] =>
    (list ?? []).filter((text) => !text.startsWith(name));
  return Object.fromEntries(
    Object.entries(all).map(([name, releases]) => [
      name,
      Object.fromEntries(
        Object.entries(releases).map(([version, { requires, extras }]) => [
          version,
          { requires: others(name, requires), extras: { x: others(name, extras?.['x']) } },
        ]),
      ),
    ]),
  );
}

async function solve(all: Universe, wanted: readonly string[]): Promise<Assignment | undefined> {
  try {
    const { nodes } = await resolve(resolveInput(wanted), new MemoryProvider(all));
    return Object.fromEntries(nodes.map(({ name, version }) => [name, formatVersion(version)]));
  } catch (error) {
    if (error instanceof NoSolutionError) return undefined;
    throw error;
  }
}

test('resolve() finds a solution exactly if there is one, and it is valid, in 3,000 random universes', async () => {
  let solved = 0;
  await fc.assert(
    fc.asyncProperty(problem, async ([all, wanted]) => {
      const found = await solve(all, wanted);
      if (found === undefined) assert.equal(hasSolution(all, wanted), false);
      else {
        solved += 1;
        assert.equal(isSolution(all, wanted, found), true, JSON.stringify(found));
      }
    }),
    { numRuns: 3000, seed: 20_241 },
  );
  assert.ok(solved > 300 && solved < 2700, `${solved} of 3000 solved`);
});

test('resolve() for all platforms agrees with resolve() for one, where no marker tells them apart', async () => {
  await fc.assert(
    fc.asyncProperty(problem, async ([all, wanted]) => {
      const one = await solve(all, wanted);
      let universal: Assignment | undefined;
      try {
        const { nodes, forkMarkers } = await resolve(
          resolveInput(wanted, { target: universalTarget('>=3.12') }),
          new MemoryProvider(all),
        );
        assert.equal(forkMarkers.length, 0);
        universal = Object.fromEntries(nodes.map(({ name, version }) => [name, formatVersion(version)]));
      } catch (error) {
        if (!(error instanceof NoSolutionError)) throw error;
      }
      assert.deepEqual(universal, one);
    }),
    { numRuns: 500, seed: 20_242 },
  );
});
