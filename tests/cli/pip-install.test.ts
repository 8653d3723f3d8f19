/** `pip install`: lines, order, exit status and what is there afterwards, as uv has them. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { pipScene } from '../support/pip-scene.ts';
import type { PipScene } from '../support/pip-scene.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const DISTRIBUTIONS = [
  { ...buildWheel({ name: 'six', version: '1.16.0' }), uploadTime: '2021-05-05T00:00:00Z' },
  { ...buildWheel({ name: 'six', version: '1.17.0' }), uploadTime: '2024-12-04T00:00:00Z' },
  { ...buildWheel({ name: 'six', version: '2.0b1' }), uploadTime: '2025-01-01T00:00:00Z' },
  buildWheel({
    name: 'app',
    version: '1.0',
    requires: ['lib'],
    extras: { web: ['six'] },
    entryPoints: { console_scripts: { app: 'app:main' } },
  }),
  buildWheel({ name: 'lib', version: '1.0' }),
  buildWheel({ name: 'lib', version: '2.0' }),
  { ...buildWheel({ name: 'pulled', version: '1.0' }), yanked: 'broken' },
  buildWheel({ name: 'old', version: '1.0', requires: ['lib; python_version < "3.9"'] }),
  buildWheel({ name: 'win', version: '1.0', tag: 'py3-none-win_amd64' }),
  buildWheel({ name: 'one', version: '1.0', files: { 'both/__init__.py': '1' } }),
  buildWheel({ name: 'two', version: '1.0', files: { 'both/__init__.py': '22' } }),
];

const scene = (t: TestContext): Promise<PipScene> => pipScene(t, { distributions: DISTRIBUTIONS });

test('pip install says what it resolved, prepared, installed, and then nothing but that it checked', async (t) => {
  const made = await scene(t);

  assert.equal(
    await made.lines('pip install app[web]'),
    'Resolved 3 packages in [TIME]\nPrepared 3 packages in [TIME]\nInstalled 3 packages in [TIME]\n + app==1.0\n + lib==2.0\n + six==1.17.0\n',
  );
  assert.equal(await made.lines('pip install app'), 'Checked 1 package in [TIME]\n');
  assert.deepEqual(made.installed(), ['app==1.0', 'lib==2.0', 'six==1.17.0']);
  assert.match(made.read('.venv/bin/app'), /^#!.*\.venv\/bin\/python3?\n/);
  const info = join(made.sitePackages, 'six-1.17.0.dist-info');
  assert.equal(readFileSync(join(info, 'INSTALLER'), 'utf8'), 'shoal');
  assert.ok(existsSync(join(info, 'REQUESTED')));
});

for (const [words, before, installed] of [
  ['six==1.16.0', '', ['six==1.16.0']],
  ['--pre six', '', ['six==2.0b1']],
  ['--prerelease allow six', '', ['six==2.0b1']],
  ['--prerelease-package six=allow six', '', ['six==2.0b1']],
  ['--resolution lowest app', '', ['app==1.0', 'lib==1.0']],
  ['--no-deps app', '', ['app==1.0']],
  ['--exclude-newer 2023-01-01 six', '', ['six==1.16.0']],
  ['--exclude-newer-package six=2023-01-01 six', '', ['six==1.16.0']],
  ['--python-version 3.8 old', '', ['lib==2.0', 'old==1.0']],
  ['--python-platform windows win', '', ['win==1.0']],
  ['six', 'six==1.16.0', ['six==1.16.0']],
  ['-U six', 'six==1.16.0', ['six==1.17.0']],
  ['-P lib six app', 'six==1.16.0 lib==1.0', ['app==1.0', 'lib==2.0', 'six==1.16.0']],
  ['--exact six', 'app', ['six==1.17.0']],
] as const)
  test(`pip install ${words}${before === '' ? '' : ` after ${before}`} leaves ${installed.join(', ')}`, async (t) => {
    const made = await scene(t);
    if (before !== '') await made.lines(`pip install ${before}`);

    await made.lines(`pip install ${words}`);

    assert.deepEqual(made.installed(), installed);
  });

test('pip install --overrides replaces, --excludes leaves out, -c limits', async (t) => {
  const made = await scene(t);
  made.write('o.txt', 'lib==1.0\n');

  const overridden = await made.lines('pip install --dry-run app --overrides o.txt');
  const excluded = await made.lines('pip install --dry-run app --excludes o.txt');
  const limited = await made.lines('pip install --dry-run app -c o.txt');

  assert.match(overridden, / \+ lib==1\.0\n/);
  assert.doesNotMatch(excluded, / \+ lib/);
  assert.match(limited, / \+ lib==1\.0\n/);
});

test('pip install --dry-run and --check say what would change, and change nothing', async (t) => {
  const made = await scene(t);

  const dry = await made.run('pip install --dry-run six');
  const check = await made.run('pip install --check six');
  await made.lines('pip install six');
  const satisfied = await made.run('pip install --check six');
  const current = await made.run('pip install --dry-run -U six');

  const plan = 'Resolved 1 package in [TIME]\nWould download 1 package\nWould install 1 package\n + six==1.17.0\n';
  assert.deepEqual([dry, check.status, check.stderr], [{ status: 0, stdout: '', stderr: plan }, 1, plan]);
  assert.deepEqual([satisfied.status, satisfied.stderr], [0, 'Checked 1 package in [TIME]\nWould make no changes\n']);
  assert.equal(current.stderr, 'Resolved 1 package in [TIME]\nChecked 1 package in [TIME]\nWould make no changes\n');
});

test('pip install --output-format json writes the changes to standard output', async (t) => {
  const made = await scene(t);
  await made.lines('pip install six==1.16.0');

  const { stdout } = await made.run('pip install -U six --output-format json');

  assert.deepEqual(JSON.parse(stdout), {
    schema: { version: 'preview' },
    changes: [
      { name: 'six', version: '1.16.0', action: 'uninstalled' },
      { name: 'six', version: '1.17.0', action: 'installed' },
    ],
    dry_run: false,
  });
});

test('pip install --reinstall replaces all that is asked for, --reinstall-package the named ones', async (t) => {
  const made = await scene(t);
  await made.lines('pip install app');

  const all = await made.lines('pip install --reinstall app');
  const one = await made.lines('pip install --reinstall-package lib app');

  assert.match(
    all,
    /\nUninstalled 2 packages in \[TIME\]\nInstalled 2 packages in \[TIME\]\n ~ app==1\.0\n ~ lib==2\.0\n$/,
  );
  assert.match(one, /\nUninstalled 1 package in \[TIME\]\nInstalled 1 package in \[TIME\]\n ~ lib==2\.0\n$/);
});

test('pip install warns of yanked files and missing extras after the changes', async (t) => {
  const made = await scene(t);

  const yanked = await made.lines('pip install pulled==1.0');
  const extra = await made.lines('pip install lib[nope]');

  assert.match(yanked, /\n \+ pulled==1\.0\nwarning: `pulled==1\.0` is yanked \(reason: "broken"\)\n$/);
  assert.match(extra, /\n \+ lib==2\.0\nwarning: The package `lib==2\.0` does not have an extra named `nope`\n$/);
});

test('pip install --strict warns of what does not fit afterwards', async (t) => {
  const made = await scene(t);

  assert.match(
    await made.lines('pip install --strict --no-deps app'),
    /\n \+ app==1\.0\nwarning: The package `app` requires `lib`, but it's not installed\n$/,
  );
});

test('pip install names the file that two distributions provide', async (t) => {
  const made = await scene(t);

  const lines = await made.lines('pip install one two');

  assert.match(lines, /\nwarning: The file `.*both\/__init__\.py` is provided by more than one package/);
  assert.match(
    lines,
    /\* one \(one-1\.0-py3-none-any\.whl\)\n\* two \(two-1\.0-py3-none-any\.whl\)\nInstalled 2 packages/,
  );
});

for (const [words, status, message] of [
  ['nope', 1, /^error: No solution found when resolving dependencies\n {2}cause: Because nope was not found/],
  ['six==99', 1, /there is no version of six==99/],
  ['win', 1, /win/],
  ['--offline six', 1, /network was disabled/],
  ['--no-index six', 1, /six was not found in the provided package locations/],
  ['--no-index -f nowhere six', 2, /^error: Failed to read `--find-links` directory: .*nowhere\n/],
  ['', 2, /^error: the following required arguments were not provided:/],
  ['--target a --prefix b six', 2, /cannot be used with/],
  ['--link-mode bogus six', 2, /possible values: clone, copy, hardlink, symlink/],
  ['--exclude-newer never six', 2, /`never` could not be parsed as a valid exclude-newer value/],
] as const)
  test(`pip install ${words} ends with ${status} and installs nothing`, async (t) => {
    const made = await scene(t);

    const result = await made.run(['pip', 'install', ...words.split(' ').filter((word) => word !== '')]);

    assert.equal(result.status, status);
    assert.match(result.stderr, message);
    assert.deepEqual(made.installed(), []);
  });
