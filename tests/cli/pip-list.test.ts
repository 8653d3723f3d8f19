import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { installedScene } from '../support/installed-scene.ts';
import { startLocalIndex } from '../support/local-index.ts';
import { buildSdist, buildWheel } from '../support/wheel-builder.ts';

const editable = { url: 'file:///srv/sour%20ce', dir_info: { editable: true } };

test('pip list prints a table by name, with the folder of editable installs', async (t) => {
  const scene = installedScene(
    t,
    { name: 'zeta', version: '1.0' },
    { name: 'Alpha_Beta', version: '2.0rc1' },
    { name: 'mine', version: '0.1', directUrl: editable },
  );

  const table = await scene.run('pip', 'list');
  const without = await scene.run('pip', 'list', '--exclude-editable', '--exclude', 'Zeta');
  const only = await scene.run('pip', 'ls', '-e', '--format', 'freeze');

  assert.deepEqual(table, {
    status: 0,
    stdout:
      'Package    Version Editable project location\n---------- ------- -------------------------\nalpha-beta 2.0rc1\nmine       0.1     /srv/sour ce\nzeta       1.0\n',
    stderr: '',
  });
  assert.equal(without.stdout, 'Package    Version\n---------- -------\nalpha-beta 2.0rc1\n');
  assert.equal(only.stdout, 'mine==0.1\n');
});

test('pip list prints JSON with the keys of pip, and nothing but brackets for an empty environment', async (t) => {
  const scene = installedScene(t);
  const empty = await scene.run('pip', 'list', '--format', 'json');
  const emptyTable = await scene.run('pip', 'list');
  scene.install({ name: 'six', version: '1.17.0' }, { name: 'mine', version: '0.1', directUrl: editable });

  const full = await scene.run('pip', 'list', '--format=json');

  assert.equal(empty.stdout, '[]\n');
  assert.equal(emptyTable.stdout, '');
  assert.equal(
    full.stdout,
    '[{"name":"mine","version":"0.1","editable_project_location":"/srv/sour ce"},{"name":"six","version":"1.17.0"}]\n',
  );
});

test('pip list --outdated shows the newest release that fits, and no pre-release, yanked or foreign file', async (t) => {
  await using index = await startLocalIndex({
    distributions: [
      ...['1.0', '1.5', '3.0a1'].map((version) => buildWheel({ name: 'old', version })),
      { ...buildWheel({ name: 'old', version: '2.0' }), yanked: 'broken' },
      buildWheel({ name: 'old', version: '2.1', tag: 'cp27-cp27m-win32' }),
      buildWheel({ name: 'old', version: '2.2', requiresPython: '>=3.99' }),
      buildSdist({ name: 'source', version: '2.0' }),
      buildWheel({ name: 'current', version: '1.0' }),
    ],
  });
  const scene = installedScene(t, ...['old', 'source', 'current', 'unknown'].map((name) => ({ name, version: '1.0' })));

  const table = await scene.run('pip', 'list', '--outdated', '--index-url', index.url);
  const json = await scene.run('pip', 'list', '--outdated', '--index-url', index.url, '--format', 'json');

  assert.deepEqual(table, {
    status: 0,
    stdout:
      'Package Version Latest Type\n------- ------- ------ -----\nold     1.0     1.5    wheel\nsource  1.0     2.0    sdist\n',
    stderr: '',
  });
  assert.equal(
    json.stdout,
    '[{"name":"old","version":"1.0","latest_version":"1.5","latest_filetype":"wheel"},{"name":"source","version":"1.0","latest_version":"2.0","latest_filetype":"sdist"}]\n',
  );
});

test('pip list --strict warns of what does not fit, and the list stays on standard output', async (t) => {
  const scene = installedScene(t, { name: 'needy', version: '1.0', requires: ['absent<2,>=1'] });

  const { status, stdout, stderr } = await scene.run('pip', 'list', '--strict');

  assert.equal(status, 0);
  assert.equal(stdout, 'Package Version\n------- -------\nneedy   1.0\n');
  assert.equal(stderr, "warning: The package `needy` requires `absent>=1,<2`, but it's not installed\n");
});

test('pip list refuses what does not go together', async (t) => {
  const scene = installedScene(t);

  const kinds = await scene.run('pip', 'list', '--editable', '--exclude-editable');
  const format = await scene.run('pip', 'list', '--outdated', '--format', 'freeze');
  const name = await scene.run('pip', 'list', '--exclude', 'a b');

  assert.deepEqual(
    [kinds.status, kinds.stderr],
    [
      2,
      "error: the argument '--editable' cannot be used with '--exclude-editable'\n\nFor more information, try '--help'.\n",
    ],
  );
  assert.deepEqual([format.status, format.stderr], [2, 'error: `--outdated` cannot be used with `--format freeze`\n']);
  assert.equal(name.status, 2);
  assert.match(
    name.stderr,
    /^error: invalid value 'a b' for '--exclude <EXCLUDE>': Not a valid package or extra name: "a b"\. /,
  );
});

test('pip list reads an environment that nobody may write to, and names left-overs of an interrupted pip', async (t) => {
  const scene = installedScene(t, { name: 'six', version: '1.17.0' });
  mkdirSync(join(scene.sitePackages, '~ix-1.16.0.dist-info'));
  const root = join(scene.folder, '.venv');
  chmodSync(root, 0o555);

  const { status, stdout, stderr } = await scene.run('pip', 'list');
  chmodSync(root, 0o755);

  assert.equal(status, 0);
  assert.equal(stdout, 'Package Version\n------- -------\nsix     1.17.0\n');
  assert.equal(stderr, `warning: Ignoring dangling temporary directory: ${scene.sitePackages}/~ix-1.16.0.dist-info\n`);
  assert.ok(!readdirSync(root).includes('.shoal'));
});
