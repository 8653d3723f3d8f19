/** Which versions `pip compile` pins, and for whom, as uv does. */
import { after, before, test } from 'node:test';
import { assertAsUv, CompileComparison, compiling, type CompileCase } from '../../support/compile-comparison.ts';
import { firstUniverse, secondUniverse } from '../../support/compile-universe.ts';

let comparison: CompileComparison;
before(async () => {
  comparison = await CompileComparison.start(firstUniverse, secondUniverse);
});
after(async () => comparison[Symbol.asyncDispose]());

test('pip compile --universal forks where it must, and writes the markers', async (t) => {
  await assertAsUv(t, comparison, [
    compiling('app', '--universal'),
    compiling('app\npy', '--universal', '--python-version', '3.8'),
    compiling('app\npy', '--universal', '--python-version', '3.8', '--fork-strategy', 'fewest'),
    compiling('forky', '--universal'),
    compiling("forky\nspeed; sys_platform == 'win32'", '--universal', '--annotation-style', 'line'),
    compiling('forky', '--universal', '--no-strip-markers'),
    compiling('speed', '--universal', '--generate-hashes'),
    compiling(
      'base<2',
      '--universal',
      '--emit-index-annotation',
      '--index',
      '{two}',
      '--index-strategy',
      'unsafe-best-match',
    ),
    compiling("leaf; python_full_version < '3.12.1'", '--universal'),
  ]);
});

test('pip compile --universal takes older versions where the wheels of newer ones are for later Pythons', async (t) => {
  await assertAsUv(t, comparison, [
    compiling('speed', '--universal', '--python-version', '3.8'),
    compiling('py\nspeed', '--universal', '--python-version', '3.8'),
    compiling('speed', '--universal', '--python-version', '3.13'),
    compiling(
      "speed; python_version < '3.11'\nspeed>0.1; python_version >= '3.11'",
      '--universal',
      '--python-version',
      '3.8',
    ),
    compiling('py\nlinux', '--universal', '--python-version', '3.8'),
  ]);
});

test('pip compile is for another Python or platform', async (t) => {
  await assertAsUv(t, comparison, [
    compiling('py\nspeed', '--python-version', '3.11'),
    compiling('py\nweb', '--python-version', '3.8'),
    compiling('py', '--python-version', '3.13.1'),
    compiling('py', '--python-version', '3.13.0rc1'),
    compiling('py', '--python-version', '3'),
    compiling('app\nspeed', '--python-platform', 'windows'),
    compiling('speed', '--python-platform', 'macos'),
    compiling('linux', '--python-platform', 'x86_64-manylinux2014'),
  ]);
});

test('pip compile takes a version in --python for the Python that the file is for', async (t) => {
  const bare = (asked: CompileCase, variables: Readonly<Record<string, string>> = {}): CompileCase => ({
    ...asked,
    bare: true,
    variables: { UV_DEFAULT_INDEX: '{one}', ...variables },
  });
  await assertAsUv(t, comparison, [
    bare(compiling('py', '-p', '3.8')),
    bare(compiling('py', '-p', '3.14')),
    bare(compiling('py', '-p', '3.14', '--no-build')),
    bare(compiling('py', '-p', '3.12.99')),
    bare(compiling('py', '-p', '3.11', '--universal')),
    bare(compiling('py'), { UV_PYTHON: '3.8' }),
    bare(compiling('py', '--python-version', '3.8'), { UV_PYTHON: '3.12' }),
    bare(compiling('leaf', '--python-version', '3.6')),
  ]);
});

test('pip compile takes the lowest versions with --resolution, and says what has no lower bound', async (t) => {
  await assertAsUv(t, comparison, [
    compiling('app', '--resolution', 'lowest'),
    compiling('app>=2\nweb>=1\nbase>1', '--resolution', 'lowest'),
    compiling('app>=1', '--resolution', 'lowest-direct'),
    compiling('app', '--resolution', 'lowest-direct'),
  ]);
});

test('pip compile takes pre-releases as it is told, for all projects or for one', async (t) => {
  await assertAsUv(t, comparison, [
    compiling('base\npre-only'),
    compiling('base\npre-only', '--prerelease', 'allow'),
    compiling('base', '--pre'),
    compiling('pre-only', '--prerelease', 'disallow'),
    compiling('base\npre-only', '--prerelease', 'if-necessary'),
    compiling('base>=2.1a0', '--prerelease', 'explicit'),
    compiling('pre-only', '--prerelease', 'explicit'),
    compiling('base>2.0a0\npre-only', '--prerelease', 'if-necessary-or-explicit'),
    compiling('app', '--prerelease-package', 'base=allow'),
    compiling('app\npre-only', '--prerelease', 'allow', '--prerelease-package', 'Base=disallow'),
    compiling('pre-only', '--prerelease-package', 'pre-only=disallow'),
  ]);
});

test('pip compile sees no file of a later time', async (t) => {
  await assertAsUv(t, comparison, [
    compiling('app', '--exclude-newer', '2024-03-01'),
    compiling('app', '--exclude-newer', '2024-06-01T00:00:00Z'),
    compiling('app', '--exclude-newer', '2020-01-01'),
    compiling('app', '--exclude-newer', '2024-03-01', '--exclude-newer-package', 'base=2023-06-01'),
    compiling('app', '--exclude-newer', '2024-03-01', '--exclude-newer-package', 'base=false'),
    compiling('leaf', '--exclude-newer', 'P30D'),
  ]);
});

test('pip compile asks several indexes by their strategy', async (t) => {
  const two = ['--index', '{two}', '--index-strategy'];
  await assertAsUv(t, comparison, [
    compiling('base\nonly-two', '--index', '{two}'),
    compiling('app', ...two, 'first-index'),
    compiling('base<2', ...two, 'unsafe-first-match'),
    compiling('base>=2', ...two, 'unsafe-first-match'),
    compiling('base<2\napp', ...two, 'unsafe-best-match'),
    compiling('leaf', '--index-strategy', 'unsafe-any-match'),
    compiling('leaf', '--index-strategy', 'nonsense'),
  ]);
});

test('pip compile resolves what is unusual', async (t) => {
  await assertAsUv(t, comparison, [
    compiling('yank==2.0'),
    compiling('yank'),
    compiling('local==1.0\nself\negg'),
    compiling('leaf @ {one/files}leaf-1.0-py3-none-any.whl'),
    { words: ['in.txt', '--excludes', 'ex.txt'], files: { 'in.txt': 'app\n', 'ex.txt': 'speed\n' } },
  ]);
});
