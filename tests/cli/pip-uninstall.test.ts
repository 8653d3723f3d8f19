import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { installedScene } from '../support/installed-scene.ts';

test('pip uninstall removes what RECORD lists and the folders that are empty then', async (t) => {
  const scene = installedScene(
    t,
    { name: 'gone', version: '1.0', files: { 'gone/__init__.py': '', 'gone/sub/x.py': '' } },
    { name: 'Also', version: '2.0' },
    { name: 'stays', version: '1.0' },
  );
  writeFileSync(join(scene.sitePackages, 'gone', 'mine.txt'), '');

  const { status, stdout, stderr } = await scene.run('pip', 'uninstall', 'Gone[x]>=5', 'also');

  assert.deepEqual([status, stdout], [0, '']);
  assert.equal(stderr, 'Uninstalled 2 packages in [TIME]\n - also==2.0\n - gone==1.0\n');
  assert.deepEqual(readdirSync(scene.sitePackages).sort(), ['gone', 'stays-1.0.dist-info', 'stays.py']);
  assert.deepEqual(readdirSync(join(scene.sitePackages, 'gone')), ['mine.txt']);
});

test('pip uninstall skips what is not installed, and says so when nothing is left', async (t) => {
  const scene = installedScene(t, { name: 'six', version: '1.17.0' });
  writeFileSync(join(scene.folder, 'requirements.txt'), 'six==1 --hash=sha256:00\nabsent\n');

  const nothing = await scene.run('pip', 'uninstall', 'absent');
  const fromFile = await scene.run('pip', 'uninstall', '-r', 'requirements.txt');

  assert.deepEqual(nothing, {
    status: 0,
    stdout: '',
    stderr: 'warning: Skipping absent as it is not installed\nwarning: No packages to uninstall\n',
  });
  assert.deepEqual(fromFile, {
    status: 0,
    stdout: '',
    stderr: 'warning: Skipping absent as it is not installed\nUninstalled 1 package in [TIME]\n - six==1.17.0\n',
  });
});

test('pip uninstall --dry-run says what would go and leaves it', async (t) => {
  const scene = installedScene(t, {
    name: 'six',
    version: '1.17.0',
    directUrl: { url: 'https://example.com/six.whl', archive_info: {} },
  });

  const planned = await scene.run('pip', 'uninstall', '--dry-run', 'six', 'absent');
  const empty = await scene.run('pip', 'uninstall', '--dry-run', 'absent');
  const list = await scene.run('pip', 'freeze');

  assert.deepEqual(planned, {
    status: 0,
    stdout: '',
    stderr: 'Would uninstall 1 package\n - six==1.17.0 (from https://example.com/six.whl)\n',
  });
  assert.equal(empty.stderr, 'Would make no changes\n');
  assert.equal(list.stdout, 'six @ https://example.com/six.whl\n');
});

test('pip uninstall takes paths and URLs for what was installed from them, not for names', async (t) => {
  const scene = installedScene(
    t,
    { name: 'local', version: '1.0', directUrl: { url: 'file:///srv/local-1.0-py3-none-any.whl', archive_info: {} } },
    { name: 'six', version: '1.0' },
  );

  const { status, stderr } = await scene.run(
    'pip',
    'uninstall',
    '/srv/local-1.0-py3-none-any.whl',
    'https://example.com/six-1.0-py3-none-any.whl',
  );

  assert.equal(status, 0);
  assert.equal(
    stderr,
    'warning: Skipping `https://example.com/six-1.0-py3-none-any.whl` as it is not installed\nUninstalled 1 package in [TIME]\n - local==1.0 (from file:///srv/local-1.0-py3-none-any.whl)\n',
  );
});

test('pip uninstall fails before it removes anything when a distribution does not list its files', async (t) => {
  const scene = installedScene(t, { name: 'a', version: '1.0' }, { name: 'a-b', version: '1.0', record: false });

  const { status, stderr } = await scene.run('pip', 'uninstall', 'a-b');

  assert.equal(status, 2);
  assert.match(stderr, /^error: Cannot uninstall package; `RECORD` file not found at: .*a_b-1\.0\.dist-info\/RECORD\n/);
  assert.ok(existsSync(join(scene.sitePackages, 'a_b.py')));
});

test('pip uninstall wants something to uninstall', async (t) => {
  const scene = installedScene(t);

  const { status, stderr } = await scene.run('pip', 'uninstall');

  assert.deepEqual(
    [status, stderr],
    [
      2,
      "error: the following required arguments were not provided:\n  <PACKAGE|--requirements <REQUIREMENTS>>\n\nFor more information, try '--help'.\n",
    ],
  );
});
