/** What a failed resolution says, sentence by sentence. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalizeName, parseMarker } from '@shoal/packaging';
import { NoSolutionError } from '../../packages/shoal/src/resolve/no-solution-error.ts';
import type { ResolveInput } from '../../packages/shoal/src/resolve/resolve-input.ts';
import { resolve } from '../../packages/shoal/src/resolve/resolve.ts';
import { resolveInput, universalTarget } from '../support/resolve-universe.ts';
import { MemoryProvider, type Universe } from '../support/universe.ts';

async function failure(
  universe: Universe,
  requirements: readonly string[],
  changes: Partial<ResolveInput> = {},
): Promise<NoSolutionError> {
  try {
    await resolve(resolveInput(requirements, changes), new MemoryProvider(universe));
  } catch (error) {
    if (error instanceof NoSolutionError) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: 'it was solved' });
}

test('resolve() explains a requirement beyond what is available', async () => {
  const { report, heading, message } = await failure({ foo: { '0.9': {}, '1.0': {} } }, ['foo>1.0']);

  assert.equal(heading, 'No solution found when resolving dependencies');
  assert.equal(
    report,
    'Because only foo<=1.0 is available and you require foo>1.0, we can conclude that your requirements are unsatisfiable.',
  );
  assert.equal(message, `${heading}:\n${report}`);
});

test('resolve() explains a conflict over two projects', async () => {
  const universe: Universe = {
    a: { '1.0': { requires: ['c==1.0'] } },
    b: { '1.0': { requires: ['c==2.0'] } },
    c: { '1.0': {}, '2.0': {} },
  };
  const { report } = await failure(universe, ['a', 'b']);

  assert.deepEqual(report.split('\n'), [
    'Because all versions of b depend on c==2.0 and all versions of a depend on c==1.0, we can conclude that all versions of a and all versions of b are incompatible.',
    'And because you require a and b, we can conclude that your requirements are unsatisfiable.',
  ]);
});

test('resolve() names a requirement that no version can meet', async () => {
  const { report } = await failure({ a: { '1.0': {} } }, ['a>2,<1']);

  assert.equal(report, 'you require a<1 and a>2, which are incompatible');
});

test('resolve() names a project that is not there', async () => {
  const { report } = await failure({}, ['nope']);

  assert.equal(
    report,
    'Because nope was not found in the package registry and you require nope, we can conclude that your requirements are unsatisfiable.',
  );
});

test('resolve() hints at pre-releases that were left out', async () => {
  const { hints } = await failure({ a: { '1.0a1': {} } }, ['a'], { prerelease: 'disallow' });

  assert.match(hints.join('\n'), /^Pre-releases are available for `a` in the requested range \(e\.g\., 1\.0a1\)/);
});

test('resolve() explains which Python a version needs', async () => {
  const { report } = await failure({ a: { '1.0': { requires_python: '>=3.30' } } }, ['a==1.0']);

  assert.match(
    report,
    /the current Python version \(3\.12\.1\) does not satisfy Python>=3\.30 and a==1\.0 depends on Python>=3\.30/,
  );
});

test('resolve() explains which wheels there are when none fits', async () => {
  const { report, hints } = await failure({ a: { '1.0': { sdist: false, wheels: ['cp312-cp312-win_amd64'] } } }, ['a']);

  assert.match(report, /a==1\.0 has no wheels with a matching platform tag \(e\.g\., `manylinux_2_36_x86_64`\)/);
  assert.deepEqual(hints, ['Wheels are available for `a` (v1.0) on the following platform: `win_amd64`']);
});

test('resolve() explains why wheels or builds were not allowed', async () => {
  const noBuild = { noBuild: new Set([normalizeName('a')]), noBinary: new Set<never>() };
  const { hints } = await failure({ a: { '1.0': { wheels: [] } } }, ['a'], { buildOptions: noBuild });

  assert.match(hints[0] ?? '', /^Wheels are required for `a` because building from source is disabled for `a`/);
});

test('resolve() says in which fork there is no solution', async () => {
  const universe: Universe = { a: { '1.0': {}, '2.0': {} } };
  const { heading } = await failure(universe, ["a==1 ; sys_platform == 'win32'", "a==9 ; sys_platform != 'win32'"], {
    target: universalTarget('>=3.8'),
  });

  assert.equal(heading, "No solution found when resolving dependencies for split (markers: sys_platform != 'win32')");
});

test('resolve() names the platform that a required environment has no wheel for', async () => {
  const universe: Universe = { a: { '1.0': { sdist: false, wheels: ['cp312-cp312-win_amd64'] } } };
  const target = universalTarget(
    '>=3.12',
    [parseMarker("sys_platform == 'linux'")],
    [parseMarker("sys_platform == 'linux'")],
  );
  const { report } = await failure(universe, ['a'], { target });

  assert.match(report, /a==1\.0 has no Linux-compatible wheels/);
});
