/** Trees of one lockfile by the real uv and by this program: the same lines. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startLocalIndex } from '../support/local-index.ts';
import { lockCases, lockUniverse, writeLockCase, type LockCase } from '../support/lock-cases.ts';
import { anyPython, pythonTools } from '../support/python-tools.ts';
import { runShoal } from '../support/run-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { distributionsOf } from '../support/universe-distributions.ts';

const WORDS: readonly (readonly string[])[] = [
  ['--universal'],
  ['--universal', '--invert'],
  ['--universal', '--no-dedupe', '--show-sizes'],
  ['--universal', '--all-groups', '--depth', '1'],
  ['--universal', '--prune', 'beta', '--no-dev'],
  ['--universal', '--package', 'alpha', '--package', 'beta', '--invert'],
  ['--universal', '--only-group', 'dev'],
  ['--python-platform', 'windows'],
];
const CASES: ReadonlySet<string> = new Set([
  'extras and groups',
  'markers and forks',
  'forks over Python',
  'a workspace',
  'a virtual root with groups',
  'path sources',
  'a dynamic version',
]);

for (const one of lockCases.filter(({ name }) => CASES.has(name)))
  test(`${one.name}: trees are those of uv`, async (t) => {
    for (const { words, ours, theirs } of await shownByBoth(t, one)) assert.equal(ours, theirs, words);
  });

test('the cases are there', () => {
  assert.equal(lockCases.filter(({ name }) => CASES.has(name)).length, CASES.size);
});

interface Pair {
  readonly words: string;
  readonly ours: string;
  readonly theirs: string;
}

async function shownByBoth(t: TestContext, one: LockCase): Promise<readonly Pair[]> {
  const { uv } = await pythonTools();
  await using index = await startLocalIndex({ distributions: distributionsOf(lockUniverse) });
  const folder = temporaryFolder(t);
  const cwd = join(folder, 'project');
  mkdirSync(cwd);
  writeLockCase(cwd, one, index);
  const place = ['--default-index', index.url, '--cache-dir', join(folder, 'cache'), '-p', anyPython()];
  const run = async (words: readonly string[], program?: string): Promise<string> => {
    const options = { cwd, variables: { UV_NO_CONFIG: '0', SHOAL_NO_CONFIG: '0' } };
    const result = await runShoal([...words, ...place], program === undefined ? options : { ...options, program });
    assert.equal(result.status, 0, `${words.join(' ')}: ${result.stderr}`);
    return result.stdout;
  };
  await run(['lock'], uv);
  const pairs: Pair[] = [];
  for (const further of WORDS) {
    const words = ['tree', '--frozen', ...further];
    pairs.push({ words: words.join(' '), ours: await run(words), theirs: await run(words, uv) });
  }
  return pairs;
}
