/** What `pip compile` says when there is no solution: the derivation and the hints of uv, word by word. */
import { after, before, test } from 'node:test';
import { assertAsUv, CompileComparison, compiling, type CompileCase } from '../../support/compile-comparison.ts';
import { firstUniverse, secondUniverse } from '../../support/compile-universe.ts';

let comparison: CompileComparison;
before(async () => {
  comparison = await CompileComparison.start(firstUniverse, secondUniverse);
});
after(async () => comparison[Symbol.asyncDispose]());

const cases: Readonly<Record<string, CompileCase>> = {
  'a conflict through a dependency': compiling('clash\nbase<2'),
  'a conflict of one version': compiling('clash==1.0\nbase<2'),
  'a dependency out of reach': compiling('clash==1.1'),
  'a project that is missing': compiling('nowhere'),
  'a dependency that is missing': compiling('needs-missing'),
  'a version that does not exist': compiling('app==9'),
  'a range that is empty': compiling('app>2,<1'),
  'two requirements that exclude each other': compiling('app>=2\napp<2'),
  'a constraint': { words: ['in.txt'], files: { 'in.txt': 'app\n-c c.txt\n', 'c.txt': 'app>9\n' } },
  'an override': { words: ['in.txt', '--overrides', 'o.txt'], files: { 'in.txt': 'app\n', 'o.txt': 'base==9\n' } },
  'a later Python than the one at hand': compiling('py==3.0'),
  'a later Python than the one asked for': compiling('py>=2', '--python-version', '3.9'),
  'a Python below the universal range': compiling('py>=2', '--universal', '--python-version', '3.8'),
  'wheels for another platform': compiling('mac'),
  'wheels for another Python': compiling('old'),
  'wheels that are not for --python-platform': compiling('linux', '--python-platform', 'windows'),
  'yanked files': compiling('yank>1'),
  'pre-releases that are not allowed': compiling('pre-only', '--prerelease', 'disallow'),
  'a pre-release that was asked for and is not allowed': compiling('base>=3.0a1', '--prerelease', 'disallow'),
  '--no-binary without a source distribution': compiling('leaf', '--no-binary', 'leaf'),
  '--no-binary for all': compiling('app', '--no-binary', ':all:'),
  'files that are too new': compiling('app', '--exclude-newer', '2023-06-01'),
  '--offline': compiling('unknown-project', '--offline'),
  '--no-index': { ...compiling('app', '--no-index'), bare: true },
  'a universal conflict': compiling('forky\nbase==1.1', '--universal'),
  'a self-dependency with an extra': compiling('self\nleaf>1'),
  'a cycle': compiling('egg\nhen>1'),
  'an extra': compiling('app[cli]\ntool>1'),
  'a URL against a range': compiling('leaf @ {one/files}leaf-1.0-py3-none-any.whl\nleaf>1'),
};

for (const [reason, asked] of Object.entries(cases)) {
  test(`pip compile explains why there is no solution: ${reason}`, async (t) => {
    await assertAsUv(t, comparison, [asked]);
  });
}
