/** What people see on a terminal, and what Ctrl-C leaves. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { globSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { startLocalIndex } from '../support/local-index.ts';
import type { LocalIndex } from '../support/local-index.ts';
import { runOnTerminal } from '../support/pty.ts';
import { anyPython } from '../support/python-tools.ts';
import { runShoal } from '../support/run-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const wheel = buildWheel({ name: 'six', version: '1.0', files: { 'six.py': `x = "${'x'.repeat(50_000)}"\n` } });
const ESCAPE = '\u001B';

interface Scene {
  readonly folder: string;
  readonly index: LocalIndex;
  readonly words: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

async function sceneOf(t: TestContext): Promise<Scene> {
  const folder = temporaryFolder(t);
  const index = await startLocalIndex({ distributions: [wheel] });
  t.after(() => index.close());
  execFileSync(anyPython(), ['-m', 'venv', '--without-pip', join(folder, '.venv')]);
  const variables = { HOME: folder, SHOAL_CACHE_DIR: join(folder, 'cache') };
  return { folder, index, words: ['pip', 'install', 'six', '--index-url', index.url], variables };
}

test('a download shows its bytes and its rate on a terminal, takes them away, and ends with the plain lines', async (t) => {
  const { folder, words, variables } = await sceneOf(t);

  const { status, shown } = await runOnTerminal(words, { cwd: folder, variables });

  assert.equal(status, 0, shown);
  assert.match(shown, /six-1\.0-py3-none-any\.whl\s+\[[- ]{20}\] \d[\d.]*\w*B\/[\d.]+\w*B \d[\d.]*\w*B\/s/);
  assert.ok(shown.includes(`${ESCAPE}[1A${ESCAPE}[2K`));
  assert.match(stripVTControlCharacters(shown), /Installed 1 package in \S+\r\n \+ six==1\.0\r\n$/);
});

for (const [title, columns, options] of [
  ['a terminal without columns', 0, []],
  ['--no-progress', 100, ['--no-progress']],
] as const) {
  test(`nothing moves on ${title}`, async (t) => {
    const { folder, words, variables } = await sceneOf(t);

    const { status, shown } = await runOnTerminal([...words, ...options], { cwd: folder, variables, columns });

    assert.equal(status, 0, shown);
    assert.ok(!shown.includes(`${ESCAPE}[2K`) && !shown.includes('/s'), shown);
    assert.match(shown, /six/);
  });
}

test('nothing moves and nothing is coloured in a pipe, unless colours are forced', async (t) => {
  const { folder, words, variables } = await sceneOf(t);

  const plain = await runShoal([...words, '--dry-run'], { cwd: folder, variables });
  const forced = await runShoal([...words, '--dry-run'], {
    cwd: folder,
    variables: { ...variables, CLICOLOR_FORCE: '1' },
  });
  const never = await runShoal([...words, '--dry-run', '--color', 'never'], {
    cwd: folder,
    variables: { ...variables, FORCE_COLOR: '1' },
  });
  const always = await runShoal([...words, '--dry-run', '--color', 'always'], {
    cwd: folder,
    variables: { ...variables, NO_COLOR: '1' },
  });
  const unwanted = await runShoal([...words, '--dry-run'], {
    cwd: folder,
    variables: { ...variables, NO_COLOR: '1', FORCE_COLOR: '1' },
  });

  const colored = [plain, forced, never, always, unwanted].map(({ stderr }) => stderr.includes(ESCAPE));
  assert.deepEqual(colored, [false, true, false, true, false]);
});

test('Ctrl-C in the middle of a download exits 130 and leaves no half state; the next command does the work', async (t) => {
  const { folder, index, words, variables } = await sceneOf(t);
  index.fail(`/files/${wheel.filename}`, { kind: 'stall', times: 1 });

  const interrupted = await runOnTerminal(words, { cwd: folder, variables, interruptAt: 'B/s' });
  const installedThen = globSync(join(folder, '.venv', 'lib', 'python3*', 'site-packages', 'six*'));
  const locksThen = await runShoal(['cache', 'clean'], { cwd: folder, variables });
  const again = await runShoal(words, { cwd: folder, variables });

  assert.equal(interrupted.status, 130, interrupted.shown);
  assert.ok(!interrupted.shown.includes('error'), interrupted.shown);
  assert.deepEqual(installedThen, []);
  assert.equal(locksThen.status, 0);
  assert.match(again.stderr, /\n \+ six==1\.0\n$/);
  assert.ok(!readdirSync(folder).some((name) => name.startsWith('.shoal-')));
});
