import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { runShoal } from '../support/run-command.ts';
import { shoalCommand } from '../support/shoal-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const WRONG: readonly (readonly [line: string, message: RegExp])[] = [
  ['hlep', /^error: unrecognized subcommand 'hlep'\n\n {2}tip: a similar subcommand exists: 'help'\n/],
  [
    'pip isntall',
    /^error: unrecognized subcommand 'isntall'\n\n {2}tip: some similar subcommands exist: 'list', 'uninstall', 'install'\n/,
  ],
  ['venv --sed', /^error: unexpected argument '--sed' found\n\n {2}tip: a similar argument exists: '--seed'\n/],
  [
    'venv --wibble',
    /^error: unexpected argument '--wibble' found\n\n {2}tip: to pass '--wibble' as a value, use '-- --wibble'\n/,
  ],
  ['venv --clear=3', /^error: unexpected value '3' for '--clear' found; no more were expected\n/],
  ['venv a b', /^error: unexpected argument 'b' found\n/],
  [
    'pip install --link-mode up x',
    /^error: invalid value 'up' for '--link-mode <LINK_MODE>'\n {2}\[possible values: clone, copy, hardlink, symlink\]\n/,
  ],
  [
    'python',
    /^error: 'shoal python' requires a subcommand but one was not provided\n {2}\[subcommands: list, ls, find\]\n/,
  ],
  ['-q -v cache dir', /^error: the argument '--quiet' cannot be used with '--verbose'\n/],
  ['venv -p 3 --python 3', /^error: the argument '--python <PYTHON>' cannot be used multiple times\n/],
  ['--color blue cache dir', /^error: invalid value 'blue' for '--color <COLOR_CHOICE>'\n/],
  ['generate-shell-completion nosuch', /^error: invalid value 'nosuch' for '<SHELL>'\n/],
];

for (const [line, message] of WRONG) {
  test(`\`${line}\` is a usage error that says what is wrong`, async (t) => {
    const { status, stdout, stderr } = await runShoal(line.split(' '), { cwd: temporaryFolder(t) });

    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, message);
    assert.match(stderr, /\nFor more information, try '--help'\.\n$/);
  });
}

test('commands of uv that this release does not have are refused by name', async (t) => {
  for (const line of ['tool run x', 'publish', 'audit', 'python install 3.12', 'python pin', 'self update']) {
    const { status, stderr } = await runShoal(line.split(' '), { cwd: temporaryFolder(t) });

    assert.equal(status, 2, line);
    assert.match(stderr, /^error: `shoal [a-z ]+` is not available in this release\n/, line);
  }
});

test('help describes a command or a group on standard output, and names the commands where there is none', async (t) => {
  const cwd = temporaryFolder(t);

  const [all, command, short, long, none] = await Promise.all(
    [['help'], ['help', 'pip', 'install'], ['venv', '-h'], ['venv', '--help'], ['help', 'pip', 'isntall']].map(
      (words) => runShoal(words, { cwd }),
    ),
  );

  assert.match(
    all?.stdout ?? '',
    /\nUsage: shoal \[OPTIONS\] <COMMAND>\n\nCommands:\n(?: {2}.*\n)* {2}python +Find and list Python installations\n/,
  );
  assert.match(
    command?.stdout ?? '',
    /^Install packages into an environment\n\nUsage: shoal pip install \[OPTIONS\] \[PACKAGE\]\.\.\.\n/,
  );
  assert.ok((short?.stdout.length ?? 0) < (long?.stdout.length ?? 0));
  assert.deepEqual([all?.status, short?.stderr, long?.stderr], [0, '', '']);
  assert.equal(none?.status, 2);
  assert.match(
    none?.stderr ?? '',
    /^error: There is no command `isntall` for `shoal pip`\. Did you mean one of:\n {4}compile\n {4}sync\n/,
  );
});

test('the version is told in four ways, and in the shape of uv where the program is called uv', async (t) => {
  const cwd = temporaryFolder(t);
  const [program = '', ...leading] = shoalCommand();

  const lines = await Promise.all(
    [['-V'], ['--version'], ['self', 'version'], ['self', 'version', '--short']].map(
      async (words) => (await runShoal(words, { cwd })).stdout,
    ),
  );
  const json = await runShoal(['self', 'version', '--output-format', 'json'], { cwd });

  assert.match(lines[0] ?? '', /^shoal \d+\.\d+\.\d+\n$/);
  assert.deepEqual(lines.slice(1), [lines[0], lines[0], (lines[0] ?? '').replace('shoal ', '')]);
  assert.deepEqual(JSON.parse(json.stdout), { package_name: 'shoal', version: lines[3]?.trim() });
  if (leading.length > 0) return t.diagnostic('not called through a link: the sources are tested');
  symlinkSync(program, join(cwd, 'uv'));
  assert.match(execFileSync(join(cwd, 'uv'), ['--version'], { encoding: 'utf8' }), /^uv \d+\.\d+\.\d+ \(shoal \d/);
});

test('--version of the Node entry loads nothing but itself and the version', (t) => {
  const entry = join(dirname(shoalCommand()[0] ?? ''), 'main.js');
  if (!existsSync(entry)) return t.skip('the command under test is not the Node entry');
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'chunks'));
  const [, name = ''] = /from ["']\.\/chunks\/([^"']+)["']/.exec(readFileSync(entry, 'utf8')) ?? [];
  const chunk = join(dirname(entry), 'chunks', name);
  copyFileSync(entry, join(folder, 'main.mjs'));
  copyFileSync(chunk, join(folder, 'chunks', name));
  assert.ok(!/import .* from/.test(readFileSync(chunk, 'utf8')));

  const shown = execFileSync(process.execPath, [join(folder, 'main.mjs'), '--version'], { encoding: 'utf8' });

  assert.match(shown, /^shoal \d/);
});

test('variables of uv count where those of shoal are unset, and what they hold is checked', async (t) => {
  const cwd = temporaryFolder(t);

  const uv = await runShoal(['cache', 'dir'], {
    cwd,
    variables: { SHOAL_CACHE_DIR: '', UV_CACHE_DIR: join(cwd, 'uv') },
  });
  const both = await runShoal(['cache', 'dir'], {
    cwd,
    variables: { SHOAL_CACHE_DIR: join(cwd, 'ours'), UV_CACHE_DIR: join(cwd, 'uv') },
  });
  const flag = await runShoal(['cache', 'dir', '--cache-dir', 'flag'], { cwd, variables: { SHOAL_CACHE_DIR: 'ours' } });
  const wrong = await runShoal(['cache', 'dir'], { cwd, variables: { UV_OFFLINE: 'maybe' } });
  const elsewhere = await runShoal(['--directory', '/', 'cache', 'dir', '--cache-dir', 'x'], { cwd });

  assert.deepEqual([uv.stdout, both.stdout], [`${join(cwd, 'uv', 'shoal')}\n`, `${join(cwd, 'ours')}\n`]);
  assert.ok(flag.stdout.endsWith('/flag\n'));
  assert.equal(elsewhere.stdout, '/x\n');
  assert.deepEqual(
    [wrong.status, wrong.stderr],
    [
      2,
      'error: Failed to parse environment variable `UV_OFFLINE` with invalid value `maybe`: expected a boolish value, such as `1` or `0`\n',
    ],
  );
});

test('cache dir, size, clean and prune say where the cache is and what they removed; clean is a command of its own too', async (t) => {
  const cwd = temporaryFolder(t);
  mkdirSync(join(cwd, 'c'));

  const lines = [];
  for (const line of [
    'cache size --cache-dir none',
    'cache size -H --cache-dir none',
    'cache clean --cache-dir none',
    'clean --cache-dir none',
    'cache prune --ci --cache-dir none',
    'cache prune --cache-dir c',
    'cache clean six --cache-dir c',
    'cache clean --cache-dir c',
  ]) {
    const { status, stdout, stderr } = await runShoal(line.split(' '), { cwd });
    assert.equal(status, 0, line);
    lines.push(stdout + stderr);
  }

  assert.deepEqual(lines, [
    '0\n',
    '0B\n',
    'No cache found at: none\n',
    'No cache found at: none\n',
    'No cache found at: none\n',
    'Pruning cache at: c\nNo unused entries found\n',
    'No cache entries found\n',
    'Clearing cache at: c\nNo cache entries found\n',
  ]);
});
