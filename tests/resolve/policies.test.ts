/** One policy of the resolver each, on universes of a few projects. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatVersion, normalizeName, parseMarker, parseVersion, type NormalizedName } from '@shoal/packaging';
import { NoSolutionError } from '../../packages/shoal/src/resolve/no-solution-error.ts';
import { DisallowedUrlError } from '../../packages/shoal/src/resolve/requirement-urls.ts';
import { NeedsBuildError, UnhashedProjectError } from '../../packages/shoal/src/resolve/resolve-errors.ts';
import type { PrereleaseMode, ResolveInput } from '../../packages/shoal/src/resolve/resolve-input.ts';
import { resolve } from '../../packages/shoal/src/resolve/resolve.ts';
import { linuxTarget, resolveInput, sourced, universalTarget } from '../support/resolve-universe.ts';
import { MemoryProvider, type Universe } from '../support/universe.ts';

const name = (text: string): NormalizedName => normalizeName(text);

async function pins(
  universe: Universe,
  requirements: readonly string[],
  changes: Partial<ResolveInput> = {},
): Promise<Readonly<Record<string, string>>> {
  const { nodes } = await resolve(resolveInput(requirements, changes), new MemoryProvider(universe));
  return Object.fromEntries(nodes.map((node) => [node.name, formatVersion(node.version)]));
}

const chain: Universe = { a: { '1.0': { requires: ['b'] }, '2.0': { requires: ['b'] } }, b: { '1.0': {}, '2.0': {} } };

test('resolve() takes the lowest versions with lowest, and only of what was named with lowest-direct', async () => {
  assert.deepEqual(await pins(chain, ['a'], { resolutionMode: 'lowest' }), { a: '1.0', b: '1.0' });
  assert.deepEqual(await pins(chain, ['a'], { resolutionMode: 'lowest-direct' }), { a: '1.0', b: '2.0' });
});

test('resolve() warns of projects without a lower bound with lowest', async () => {
  const { warnings } = await resolve(resolveInput(['a>=1'], { resolutionMode: 'lowest' }), new MemoryProvider(chain));

  assert.deepEqual(warnings, [{ kind: 'missing-lower-bound', name: 'b', direct: false }]);
});

test('resolve() takes pre-releases as the mode says', async () => {
  const universe: Universe = { a: { '1.0': {}, '2.0a1': {} }, b: { '1.0a1': {} } };
  const taken = async (requirement: string, prerelease: PrereleaseMode): Promise<unknown> => {
    try {
      return Object.values(await pins(universe, [requirement], { prerelease }))[0];
    } catch (error) {
      if (error instanceof NoSolutionError) return undefined;
      throw error;
    }
  };

  assert.equal(await taken('a', 'if-necessary'), '1.0');
  assert.equal(await taken('a', 'allow'), '2.0a1');
  assert.equal(await taken('b', 'if-necessary'), '1.0a1');
  assert.equal(await taken('b', 'disallow'), undefined);
  assert.equal(await taken('b', 'explicit'), undefined);
  assert.equal(await taken('b>=1.0a1', 'explicit'), '1.0a1');
  assert.equal(await taken('a>=2.0a1', 'if-necessary-or-explicit'), '2.0a1');
});

test('resolve() applies constraints to what is required only', async () => {
  assert.deepEqual(await pins(chain, ['a'], { constraints: sourced(['b<2', 'c==1']) }), { a: '2.0', b: '1.0' });
});

test('resolve() replaces requirements by overrides, and drops excluded projects', async () => {
  const universe: Universe = { a: { '1.0': { requires: ['b>9', 'c'] } }, b: { '1.0': {} }, c: { '1.0': {} } };

  assert.deepEqual(await pins(universe, ['a'], { overrides: sourced(['b==1.0']), excludes: [name('c')] }), {
    a: '1.0',
    b: '1.0',
  });
});

test('resolve() leaves dependencies alone with --no-deps', async () => {
  assert.deepEqual(await pins(chain, ['a'], { dependencyMode: 'direct' }), { a: '2.0' });
});

test('resolve() keeps a preference that fits, and forgets one that does not', async () => {
  const preferences = new Map([[name('b'), [{ version: parseVersion('1.0') }]]]);

  assert.deepEqual(await pins(chain, ['a'], { preferences }), { a: '2.0', b: '1.0' });
  assert.deepEqual(await pins(chain, ['a', 'b>1'], { preferences }), { a: '2.0', b: '2.0' });
});

test('resolve() keeps what is installed, unless it is to be upgraded or installed anew', async () => {
  const provider = new MemoryProvider(chain);
  const version = parseVersion('1.0');
  const installed = new Map([
    [name('a'), [{ version, compatible: true, metadata: () => provider.metadata(name('a'), version) }]],
  ]);

  assert.deepEqual(await pins(chain, ['a'], { installed }), { a: '1.0', b: '2.0' });
  assert.deepEqual(await pins(chain, ['a'], { installed, upgrade: 'all' }), { a: '2.0', b: '2.0' });
  assert.deepEqual(await pins(chain, ['a'], { installed, reinstall: new Set([name('a')]) }), { a: '2.0', b: '2.0' });
});

test('resolve() takes a yanked version only when it is pinned, and warns', async () => {
  const universe: Universe = { a: { '1.0': {}, '2.0': { yanked: 'broken' } } };
  const { nodes, warnings } = await resolve(resolveInput(['a==2.0']), new MemoryProvider(universe));

  assert.deepEqual(await pins(universe, ['a']), { a: '1.0' });
  assert.equal(nodes[0]?.version.text, '2.0');
  assert.deepEqual(
    warnings.map(({ kind }) => kind),
    ['yanked'],
  );
});

test('resolve() sees no file from the cut-off on, project by project', async () => {
  const universe: Universe = {
    a: { '1.0': { uploadTime: '2024-01-01T00:00:00Z' }, '2.0': { uploadTime: '2025-01-01T00:00:00Z' } },
  };
  const at = (perProject: ReadonlyMap<NormalizedName, string | false>): Partial<ResolveInput> => ({
    excludeNewer: { default: '2024-06-01T00:00:00Z', perProject },
  });

  assert.deepEqual(await pins(universe, ['a'], at(new Map())), { a: '1.0' });
  assert.deepEqual(await pins(universe, ['a'], at(new Map([[name('a'), false]]))), { a: '2.0' });
  await assert.rejects(
    pins(universe, ['a>1'], at(new Map())),
    (error: unknown) => error instanceof NoSolutionError && /filtered by `exclude-newer`/.test(error.hints.join()),
  );
});

test('resolve() takes 1.0+local for ==1.0', async () => {
  assert.deepEqual(await pins({ a: { '1.0+cpu': {} } }, ['a==1.0']), { a: '1.0+cpu' });
});

test('resolve() takes in the extras that an extra of the same project asks for', async () => {
  const universe: Universe = {
    a: { '1.0': { extras: { all: ['a[x]', 'c'], x: ['b'] } } },
    b: { '1.0': {} },
    c: { '1.0': {} },
  };

  assert.deepEqual(await pins(universe, ['a[all]']), { a: '1.0', b: '1.0', c: '1.0' });
});

test('resolve() warns of an extra that is not there', async () => {
  const { warnings } = await resolve(resolveInput(['b[nope]']), new MemoryProvider(chain));

  assert.deepEqual(
    warnings.map(({ kind }) => kind),
    ['missing-extra'],
  );
});

test('resolve() takes URLs of the user, and refuses those of strangers', async () => {
  const universe: Universe = {
    a: { '1.0': {} },
    c: { '1.0': { requires: ['a @ http://index/files/a-1.0-py3-none-any.whl'] } },
  };

  assert.deepEqual(await pins(universe, ['a @ http://index/files/a-1.0-py3-none-any.whl', 'a']), { a: '1.0' });
  await assert.rejects(pins(universe, ['c']), DisallowedUrlError);
});

test('resolve() takes a project from the index it is pinned to', async () => {
  const index = { url: 'http://other/simple/', kind: 'simple' } as const;
  const provider = new MemoryProvider({ a: { '1.0': {} } });
  const asked: (string | undefined)[] = [];
  const watched = {
    fetchProject: async (project: NormalizedName, location?: { readonly url: string }) => {
      asked.push(location?.url);
      return await provider.fetchProject(project);
    },
    fetchDependencies: provider.fetchDependencies.bind(provider),
    fetchUrlDependencies: provider.fetchUrlDependencies.bind(provider),
  };
  const requirements = sourced(['a']).map((requirement) => ({ ...requirement, index }));

  await resolve(resolveInput([], { requirements }), watched);

  assert.deepEqual(asked, ['http://other/simple/']);
});

test('resolve() demands digests in hash-checking mode', async () => {
  const digests = new Map([['a==2.0', ['sha256:00']]]);

  await assert.rejects(pins(chain, ['a==2.0'], { hashes: { mode: 'require', digests } }), UnhashedProjectError);
  assert.deepEqual(await pins(chain, ['a==2.0'], { hashes: { mode: 'require', digests }, dependencyMode: 'direct' }), {
    a: '2.0',
  });
});

test('resolve() names what has to be built', async () => {
  const provider = new MemoryProvider({ a: { '1.0': { wheels: [] } } });
  const unbuilding = {
    fetchProject: provider.fetchProject.bind(provider),
    fetchDependencies: async () => ({ kind: 'needs-build', detail: 'sdist' }) as const,
    fetchUrlDependencies: provider.fetchUrlDependencies.bind(provider),
  };

  await assert.rejects(
    resolve(resolveInput(['a']), unbuilding),
    (error: unknown) => error instanceof NeedsBuildError && error.distribution === 'a==1.0',
  );
});

test('resolve() asks for all root projects before any answer', async () => {
  const provider = new MemoryProvider({ a: { '1.0': {} }, b: { '1.0': {} }, c: { '1.0': {} } });
  const { promise: allAsked, resolve: release } = Promise.withResolvers<undefined>();
  const withholding = {
    fetchProject: async (project: NormalizedName) => {
      const listing = provider.fetchProject(project);
      if (provider.asked.length === 3) release(undefined);
      await allAsked;
      return await listing;
    },
    fetchDependencies: provider.fetchDependencies.bind(provider),
    fetchUrlDependencies: provider.fetchUrlDependencies.bind(provider),
  };

  const { nodes } = await resolve(resolveInput(['a', 'b', 'c']), withholding);

  assert.equal(nodes.length, 3);
});

test('resolve() fetches ahead when it tries version after version', async () => {
  const count = 40;
  const releases = Array.from(
    { length: count },
    (_, index) => [`${index + 1}.0`, { requires: [index < 2 ? 'b' : 'b>9'] }] as const,
  );
  const provider = new MemoryProvider({ a: Object.fromEntries(releases), b: { '1.0': {} } });

  const { nodes } = await resolve(resolveInput(['a']), provider);

  assert.equal(nodes.find((node) => node.name === 'a')?.version.text, '2.0');
  assert.equal(new Set(provider.asked).size, provider.asked.length);
});

test('resolve() stops when it is told to', async () => {
  const controller = new AbortController();
  const never = {
    fetchProject: async () => await new Promise<never>(() => undefined),
    fetchDependencies: async () => await new Promise<never>(() => undefined),
    fetchUrlDependencies: async () => await new Promise<never>(() => undefined),
  };
  const running = resolve(resolveInput(['a']), never, { signal: controller.signal });
  controller.abort(new Error('enough'));

  await assert.rejects(running, /enough/);
});

test('resolve() tells what asked for a project', async () => {
  const constraints = sourced(['b>=1'], '-c constraints.txt');
  const { nodes } = await resolve(resolveInput(['a'], { constraints }), new MemoryProvider(chain));
  const asked = nodes.find((node) => node.name === 'b')?.requestedBy;

  assert.deepEqual(asked?.projects, ['a']);
  assert.deepEqual(
    asked?.constraints.map(({ origin }) => origin),
    ['-c constraints.txt'],
  );
});

test('resolve() forks where no version serves all Pythons, or takes an older one with fewest', async () => {
  const universe: Universe = { a: { '1.0': { requires_python: '>=3.8' }, '2.0': { requires_python: '>=3.10' } } };
  const versions = async (forkStrategy: 'requires-python' | 'fewest'): Promise<readonly string[]> => {
    const { nodes } = await resolve(
      resolveInput(['a'], { target: universalTarget('>=3.8'), forkStrategy }),
      new MemoryProvider(universe),
    );
    return nodes.map((node) => formatVersion(node.version));
  };

  assert.deepEqual(await versions('requires-python'), ['1.0', '2.0']);
  assert.deepEqual(await versions('fewest'), ['1.0']);
});

test('resolve() solves for the environments it is given only', async () => {
  const universe: Universe = {
    a: { '1.0': { requires: ["b ; sys_platform == 'win32'", "c ; sys_platform == 'linux'"] } },
    b: { '1.0': {} },
    c: { '1.0': {} },
  };
  const target = universalTarget('>=3.8', [parseMarker("sys_platform == 'linux'")]);

  assert.deepEqual(Object.keys(await pins(universe, ['a'], { target })), ['a', 'c']);
});

test('resolve() ignores the upper bound of Requires-Python', async () => {
  assert.deepEqual(
    await pins({ a: { '1.0': { requires_python: '>=3.8,<3.10' } } }, ['a'], { target: linuxTarget('3.12.1') }),
    { a: '1.0' },
  );
});
