/** The resolver at the edges: URLs, cycles, broken metadata, local versions, and searches that would never end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatVersion, normalizeName, parseVersion } from '@shoal/packaging';
import { NoSolutionError } from '../../packages/shoal/src/resolve/no-solution-error.ts';
import { ConflictingUrlsError } from '../../packages/shoal/src/resolve/requirement-urls.ts';
import type { ResolveInput } from '../../packages/shoal/src/resolve/resolve-input.ts';
import { resolve } from '../../packages/shoal/src/resolve/resolve.ts';
import { resolveInput, sourced, universalTarget } from '../support/resolve-universe.ts';
import { MemoryProvider, type Universe } from '../support/universe.ts';

async function pins(
  universe: Universe,
  requirements: readonly string[],
  changes: Partial<ResolveInput> = {},
): Promise<readonly string[]> {
  const { nodes } = await resolve(resolveInput(requirements, changes), new MemoryProvider(universe));
  return nodes.map((node) => `${node.name}==${formatVersion(node.version)}`);
}

const one = 'http://index/files/a-1.0-py3-none-any.whl';
const two = 'http://index/files/a-2.0-py3-none-any.whl';

test('resolve() refuses two URLs for one project, but not under markers that exclude each other', async () => {
  const universe: Universe = { a: { '1.0': {}, '2.0': {} } };

  await assert.rejects(pins(universe, [`a @ ${one}`, `a @ ${two}`]), ConflictingUrlsError);
  assert.deepEqual(
    await pins(universe, [`a @ ${one} ; sys_platform == 'win32'`, `a @ ${two} ; sys_platform != 'win32'`], {
      target: universalTarget('>=3.8'),
    }),
    ['a==1.0', 'a==2.0'],
  );
});

test('resolve() holds the version behind a URL against what else is required', async () => {
  const universe: Universe = { a: { '1.0': {}, '2.0': {} }, b: { '1.0': { requires: ['a>1'] }, '0.9': {} } };

  assert.deepEqual(await pins(universe, [`a @ ${one}`, 'b']), ['a==1.0', 'b==0.9']);
  await assert.rejects(pins(universe, [`a @ ${one}`, 'b==1.0']), NoSolutionError);
});

test('resolve() follows a project that requires extras of itself', async () => {
  const universe: Universe = {
    a: { '1.0': { requires: ['a[x]'], extras: { x: ['a[y]', 'b'], y: ['a[x]', 'c'] } } },
    b: { '1.0': {} },
    c: { '1.0': {} },
  };

  assert.deepEqual(await pins(universe, ['a']), ['a==1.0', 'b==1.0', 'c==1.0']);
});

test('resolve() passes over a version that requires another version of itself', async () => {
  const universe: Universe = { a: { '1.0': {}, '2.0': { requires: ['a<2'] } } };

  assert.deepEqual(await pins(universe, ['a']), ['a==1.0']);
  await assert.rejects(pins(universe, ['a>1']), NoSolutionError);
});

test('resolve() goes round cycles, also through extras', async () => {
  const universe: Universe = {
    a: { '1.0': { requires: ['b[x]'] } },
    b: { '1.0': { extras: { x: ['c'] } } },
    c: { '1.0': { requires: ['a'] }, '2.0': { requires: ['a>1'] } },
  };

  assert.deepEqual(await pins(universe, ['a']), ['a==1.0', 'b==1.0', 'c==1.0']);
});

test('resolve() goes back behind a version that requires a project nobody has', async () => {
  const universe: Universe = { a: { '1.0': {}, '2.0': { requires: ['nowhere'] } } };

  assert.deepEqual(await pins(universe, ['a']), ['a==1.0']);
});

test('resolve() passes over broken metadata of a version, and says so where it mattered', async () => {
  const memory = new MemoryProvider({ a: { '1.0': {}, '2.0': {} } });
  const broken = {
    fetchProject: memory.fetchProject.bind(memory),
    fetchUrlDependencies: memory.fetchUrlDependencies.bind(memory),
    fetchDependencies: async (file: Parameters<MemoryProvider['fetchDependencies']>[0]) =>
      formatVersion(file.filename.version) === '2.0'
        ? ({ kind: 'invalid-metadata', detail: 'Invalid `Requires-Dist`: `b =>1`' } as const)
        : await memory.fetchDependencies(file),
  };

  const { nodes } = await resolve(resolveInput(['a']), broken);

  assert.deepEqual(
    nodes.map(({ version }) => formatVersion(version)),
    ['1.0'],
  );
  await assert.rejects(
    resolve(resolveInput(['a>1']), broken),
    (error: unknown) =>
      error instanceof NoSolutionError &&
      error.report.includes('a==2.0 has invalid metadata') &&
      error.hints.some((hint) => hint.includes('b =>1')),
  );
});

test('resolve() knows local versions from public ones', async () => {
  const universe: Universe = { a: { '1.0': {}, '1.0+cpu': {}, '1.0+gpu': {} } };

  assert.deepEqual(await pins(universe, ['a==1.0+cpu']), ['a==1.0+cpu']);
  assert.deepEqual(await pins(universe, ['a']), ['a==1.0+gpu']);
  await assert.rejects(pins(universe, ['a>1.0']), NoSolutionError);
});

test('resolve() takes pre-releases of the one project that may have them', async () => {
  const universe: Universe = { a: { '1.0': {}, '2.0a1': {} }, b: { '1.0': {}, '2.0a1': {} } };
  const prereleaseOf = new Map([[normalizeName('b'), 'allow' as const]]);

  assert.deepEqual(await pins(universe, ['a', 'b'], { prereleaseOf }), ['a==1.0', 'b==2.0a1']);
});

test('resolve() applies overrides under their markers, and constraints to extras alike', async () => {
  const universe: Universe = {
    a: { '1.0': { requires: ['b>=2'], extras: { x: ['c'] } } },
    b: { '1.0': {}, '2.0': {} },
    c: { '1.0': {}, '2.0': {} },
  };

  assert.deepEqual(await pins(universe, ['a[x]'], { overrides: sourced(["b==1.0 ; sys_platform == 'win32'"]) }), [
    'a==1.0',
    'c==2.0',
  ]);
  assert.deepEqual(await pins(universe, ['a[x]'], { constraints: sourced(['c<2']) }), ['a==1.0', 'b==2.0', 'c==1.0']);
});

test('resolve() names only the requirements that hold where it resolves', async () => {
  const requirements = sourced(["b ; sys_platform == 'win32'", 'a'], '-r in.txt');
  const universe: Universe = { a: { '1.0': { requires: ['b'] } }, b: { '1.0': {} } };

  const { nodes } = await resolve(resolveInput([], { requirements }), new MemoryProvider(universe));

  assert.deepEqual(
    nodes.map(({ requestedBy }) => requestedBy.requirements.length),
    [1, 0],
  );
});

test('resolve() takes, for a fork of early Pythons, no version whose wheels are for later ones alone', async () => {
  const universe: Universe = { a: { '1.0': {}, '2.0': { sdist: false, wheels: ['cp312-cp312-win_amd64'] } } };
  const target = universalTarget('>=3.8');

  assert.deepEqual(await pins(universe, ['a'], { target }), ['a==2.0']);
  assert.deepEqual(
    await pins(universe, ["a ; python_version < '3.12'", "a>0 ; python_version >= '3.12'"], { target }),
    ['a==1.0', 'a==2.0'],
  );
});

/** One more pigeon than there are holes: no solution, and no short proof of it. */
function pigeons(holes: number): Universe {
  const numbers = Array.from({ length: holes + 1 }, (_, index) => index + 1);
  const release = (pigeon: number, hole: number): [string, { readonly requires: readonly string[] }] => [
    `${hole}.0`,
    { requires: [`hole-${hole}==${pigeon}.0`] },
  ];
  return Object.fromEntries([
    ...numbers.map((pigeon) => [
      `pigeon-${pigeon}`,
      Object.fromEntries(numbers.slice(0, holes).map((hole) => release(pigeon, hole))),
    ]),
    ...numbers
      .slice(0, holes)
      .map((hole) => [`hole-${hole}`, Object.fromEntries(numbers.map((pigeon) => [`${pigeon}.0`, {}]))]),
  ]);
}

function allPigeons(universe: Universe): readonly string[] {
  return Object.keys(universe).filter((project) => project.startsWith('pigeon'));
}

test('resolve() ends a search that is all conflicts', async () => {
  const universe = pigeons(5);

  await assert.rejects(pins(universe, allPigeons(universe)), NoSolutionError);
});

test('resolve() is stopped in the middle of a search that would not end', async () => {
  const universe = pigeons(40);
  const controller = new AbortController();
  let tried = 0;
  const running = resolve(resolveInput(allPigeons(universe)), new MemoryProvider(universe), {
    signal: controller.signal,
    onEvent: () => {
      tried += 1;
      if (tried === 500) setImmediate(() => controller.abort(new Error('enough')));
    },
  });

  await assert.rejects(running, /enough/);
});

test('resolve() prefers a pin only where its marker holds', async () => {
  const universe: Universe = { a: { '1.0': {}, '2.0': {}, '3.0': {} } };
  const preferences = new Map([
    [normalizeName('a'), [{ version: parseVersion('1.0') }, { version: parseVersion('2.0') }]],
  ]);

  assert.deepEqual(await pins(universe, ['a'], { preferences }), ['a==2.0']);
});
