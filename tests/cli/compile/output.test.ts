/** What `pip compile` writes, line by line as uv writes it. */
import { after, before, test } from 'node:test';
import { assertAsUv, CompileComparison, compiling, type CompileCase } from '../../support/compile-comparison.ts';
import { firstUniverse, secondUniverse } from '../../support/compile-universe.ts';

let comparison: CompileComparison;
before(async () => {
  comparison = await CompileComparison.start(firstUniverse, secondUniverse);
});
after(async () => comparison[Symbol.asyncDispose]());

/** `app` with pins in `out.txt` already. */
function recompiling(pins: string, ...words: readonly string[]): CompileCase {
  return { words: ['in.txt', '-o', 'out.txt', ...words], files: { 'in.txt': 'app\n', 'out.txt': pins } };
}

test('pip compile annotates pins, split, in lines or not at all', async (t) => {
  await assertAsUv(t, comparison, [
    compiling('app'),
    compiling('app\nbase', '--annotation-style', 'line'),
    compiling('app\nsome-name', '--annotation-style=line', '--generate-hashes'),
    compiling('app', '--no-annotate'),
    compiling('app', '--no-header'),
    compiling('app', '--no-header', '--no-annotate'),
    compiling("cffi; os_name == 'nt'\napp"),
  ]);
});

test('pip compile names the files that ask, with what includes them', async (t) => {
  const constrained = { 'in.txt': 'app\nbase\n', 'con.txt': 'base<2\n', 'over.txt': 'base==1.0\n' };
  await assertAsUv(t, comparison, [
    { words: ['in.txt', '-c', 'con.txt'], files: constrained },
    { words: ['in.txt', '-c', 'con.txt', '--annotation-style', 'line'], files: constrained },
    { words: ['in.txt', '--overrides', 'over.txt'], files: constrained },
    { words: ['in.txt', '--override', 'over.txt', '-c', 'con.txt'], files: constrained },
    { words: ['a.in', 'b.in'], files: { 'a.in': 'app\n', 'b.in': 'base\nleaf\n' } },
    { words: ['b.in', '--annotation-style', 'line'], files: { 'a.in': 'base\nleaf\n', 'b.in': '-r a.in\nbase\n' } },
    { words: ['sub/in.txt'], files: { 'sub/in.txt': '-r other.in\nleaf\n', 'sub/other.in': 'base' } },
    { words: ['./in.txt'], files: { 'in.txt': 'leaf\n' } },
    {
      words: ['in.txt'],
      files: {
        'in.txt': '-r other.in\n-c con.txt\nleaf\n',
        'other.in': 'app\n-r deep/deep.in\n',
        'deep/deep.in': 'base\n-c con.txt\n',
        'deep/con.txt': 'leaf==1.0\n',
        'con.txt': 'base<2\n',
      },
    },
    { words: ['-'], input: 'app\n' },
    { words: ['-', '-o', 'out.txt'], input: '-r a.in\nleaf\n', files: { 'a.in': 'base\n' } },
  ]);
});

test('pip compile keeps the pins of its output file, but those to be upgraded', async (t) => {
  await assertAsUv(t, comparison, [
    recompiling('web==1.5\nbase==1.0\n'),
    recompiling('web==1.5\nbase==1.0\n', '-q'),
    recompiling('web==1.5\nbase==1.0\n', '-U'),
    recompiling('web==1.5\nbase==1.0\n', '-P', 'web'),
    recompiling('web==1.0\nbase==1.0\n', '--upgrade-package', 'web<2'),
    recompiling('web==1.0\nbase==1.0\n', '--upgrade-package=web==1.5'),
    compiling('app', '-o', 'new/folder/out.txt'),
  ]);
});

test('pip compile lists hashes, and keeps those that its output file has for a pin', async (t) => {
  const hash = `sha256:${'0'.repeat(64)}`;
  await assertAsUv(t, comparison, [
    compiling('app\nSome.Name', '--generate-hashes'),
    compiling('speed', '--generate-hashes', '--no-annotate', '--no-header'),
    compiling('leaf @ {one/files}leaf-1.0-py3-none-any.whl', '--generate-hashes'),
    recompiling(`web==1.5 --hash=${hash}\nbase==1.0\n`, '--generate-hashes'),
    recompiling(`web==1.5 --hash=${hash}\n`, '--generate-hashes', '-P', 'web'),
  ]);
});

test('pip compile names the command as it was typed, without what does not belong into the file', async (t) => {
  await assertAsUv(t, comparison, [
    compiling('leaf', '--custom-compile-command', 'make lock'),
    { ...compiling('leaf'), variables: { UV_CUSTOM_COMPILE_COMMAND: 'make it' } },
    compiling('leaf', '--no-progress', '-q', '--extra-index-url={two}', '-f', '{two/files}', '-f{one/files}'),
    compiling('leaf', '--emit-index-url', '--emit-find-links', '--extra-index-url={two}', '-f', '{two/files}'),
  ]);
});

test('pip compile writes indexes, link pages and formats where it is asked to', async (t) => {
  await assertAsUv(t, comparison, [
    compiling('leaf', '--emit-index-url'),
    compiling('leaf', '--emit-index-url', '--index', 'second={two}'),
    { ...compiling('leaf', '--emit-index-url', '--no-index', '--find-links', '{one/files}'), bare: true },
    { ...compiling('-i {one}\n-f {two/files}\nleaf', '--emit-find-links', '--emit-index-url'), bare: true },
    { words: ['in.txt', '--emit-find-links'], files: { 'in.txt': '-f ./links\nleaf\n', 'links/note.txt': '' } },
    compiling('app', '--emit-index-annotation'),
    compiling('leaf\nonly-two', '--emit-index-annotation', '--annotation-style', 'line', '--extra-index-url', '{two}'),
    compiling('leaf\nonly-two', '--emit-index-annotation', '--no-annotate', '--extra-index-url', '{two}'),
    compiling('leaf', '--emit-build-options', '--only-binary', 'leaf', '--no-binary', 'nothing'),
    compiling('leaf', '--emit-build-options', '--only-binary', ':all:'),
    compiling('leaf', '--emit-build-options', '--no-build'),
    compiling('--only-binary leaf\n--no-binary foo\nleaf', '--emit-build-options'),
  ]);
});

test('pip compile keeps or leaves out extras, markers and packages', async (t) => {
  await assertAsUv(t, comparison, [
    compiling('app[all]\nweb[fast]'),
    compiling('app[all]\nweb[fast]', '--no-strip-extras'),
    compiling('app[all]\nweb[fast]', '--no-strip-extras', '--strip-extras'),
    compiling("app\nleaf; python_version > '3.6'\nwin; sys_platform == 'win32'", '--no-strip-markers'),
    compiling('app', '--no-emit-package', 'base', '--no-emit-package', 'Web'),
    compiling('app', '--unsafe-package', 'base', '--no-header'),
    compiling('leaf', '--no-emit-package', 'absent'),
    compiling('app[nope]'),
    compiling('app[cli]', '--no-deps'),
  ]);
});
