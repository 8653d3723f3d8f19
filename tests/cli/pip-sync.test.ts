/** `pip sync`: the environment holds what the files list, and nothing else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { pipScene } from '../support/pip-scene.ts';
import type { PipScene } from '../support/pip-scene.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const DISTRIBUTIONS = [
  buildWheel({ name: 'six', version: '1.16.0' }),
  buildWheel({ name: 'six', version: '1.17.0' }),
  buildWheel({ name: 'six', version: '2.0b1' }),
  buildWheel({ name: 'app', version: '1.0', requires: ['lib'] }),
  buildWheel({ name: 'lib', version: '1.0' }),
];

async function scene(t: TestContext, files: Readonly<Record<string, string>>): Promise<PipScene> {
  const made = await pipScene(t, { distributions: DISTRIBUTIONS });
  for (const [path, content] of Object.entries(files)) made.write(path, content);
  return made;
}

test('pip sync installs what is listed, without dependencies, and removes the rest', async (t) => {
  const made = await scene(t, { 'a.txt': 'six==1.16.0\n', 'b.txt': 'app==1.0\n' });

  await made.lines('pip sync a.txt');
  const second = await made.lines('pip sync b.txt');

  assert.equal(
    second,
    'Resolved 1 package in [TIME]\nPrepared 1 package in [TIME]\nUninstalled 1 package in [TIME]\nInstalled 1 package in [TIME]\n + app==1.0\n - six==1.16.0\n',
  );
  assert.deepEqual(made.installed(), ['app==1.0']);
  assert.equal(await made.lines('pip sync b.txt'), 'Resolved 1 package in [TIME]\nChecked 1 package in [TIME]\n');
});

test('pip sync --dry-run and --check change nothing; --check ends with 1 when something would', async (t) => {
  const made = await scene(t, { 'a.txt': 'six==1.16.0\n' });
  await made.lines('pip install lib');

  const dry = await made.run('pip sync --dry-run a.txt');
  const check = await made.run('pip sync --check a.txt');

  assert.deepEqual([dry.status, check.status], [0, 1]);
  assert.match(dry.stderr, /\nWould uninstall 1 package\nWould install 1 package\n - lib==1\.0\n \+ six==1\.16\.0\n$/);
  assert.equal(check.stderr, dry.stderr);
  assert.deepEqual(made.installed(), ['lib==1.0']);
});

test('pip sync does not empty an environment unless it is told to', async (t) => {
  const made = await scene(t, { 'none.txt': '\n' });
  await made.lines('pip install lib');

  const refused = await made.lines('pip sync none.txt');
  const kept = made.installed();
  const emptied = await made.lines('pip sync --allow-empty-requirements none.txt');

  assert.match(refused, /No requirements found \(hint: use `--allow-empty-requirements` to clear the environment\)\n$/);
  assert.deepEqual(kept, ['lib==1.0']);
  assert.match(emptied, /\nResolved in \[TIME\]\nUninstalled 1 package in \[TIME\]\n - lib==1\.0\n$/);
  assert.deepEqual(made.installed(), []);
});

test('pip sync takes a pre-release only when it is asked for, and keeps what came from a file', async (t) => {
  const made = await scene(t, { 'a.txt': 'six\n', 'b.txt': 'six==2.0b1\n', 'c.txt': 'six==1.16.0\n' });
  const [wheel] = DISTRIBUTIONS;
  const path = made.write(wheel?.filename ?? '', wheel?.content ?? '');

  await made.lines('pip sync a.txt');
  const newest = made.installed();
  await made.lines('pip sync b.txt');
  const pre = made.installed();
  await made.lines(['pip', 'install', path]);
  const kept = await made.lines('pip sync c.txt');

  assert.deepEqual([newest, pre], [['six==1.17.0'], ['six==2.0b1']]);
  assert.equal(kept, 'Resolved 1 package in [TIME]\nChecked 1 package in [TIME]\n');
});

test('pip sync reads standard input, and limits what it installs by -c', async (t) => {
  const made = await scene(t, { 'c.txt': 'six<1.17\n', 'none.txt': 'six<1\n' });

  const piped = await made.run('pip sync - -c c.txt', { input: 'six\n' });
  const conflict = await made.run('pip sync - -c none.txt', { input: 'six==1.16.0\n' });

  assert.equal(piped.status, 0);
  assert.deepEqual(made.installed(), ['six==1.16.0']);
  assert.equal(conflict.status, 1);
  assert.match(conflict.stderr, /^error: No solution found/);
});

test('pip sync wants files that are there', async (t) => {
  const made = await scene(t, {});

  const none = await made.run('pip sync');
  const absent = await made.run('pip sync gone.txt');

  assert.deepEqual([none.status, absent.status], [2, 2]);
  assert.match(none.stderr, /<SRC_FILE>\.\.\./);
  assert.match(absent.stderr, /^error: File not found: gone\.txt\n/);
});
