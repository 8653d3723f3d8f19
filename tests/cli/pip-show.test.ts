import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installedScene } from '../support/installed-scene.ts';

test('pip show prints the fields of what is installed, by name, and what requires it', async (t) => {
  const scene = installedScene(
    t,
    {
      name: 'Top',
      version: '1.0',
      requires: ['Base>=1', 'absent; python_version < "3"', 'other', 'extra-only; extra == "x"'],
    },
    { name: 'base', version: '2.0', directUrl: { url: 'file:///srv/base', dir_info: { editable: true } } },
    { name: 'other', version: '3.0', requires: ['base'] },
  );
  const location = `Location: ${scene.sitePackages}`;

  const { status, stdout, stderr } = await scene.run('pip', 'show', 'top', 'missing', 'BASE');

  assert.equal(status, 0);
  assert.equal(stderr, 'warning: Package(s) not found for: missing\n');
  assert.equal(
    stdout,
    `Name: base\nVersion: 2.0\n${location}\nEditable project location: /srv/base\nRequires:\nRequired-by: other, top\n---\nName: top\nVersion: 1.0\n${location}\nRequires: base, other\nRequired-by:\n`,
  );
});

test('pip show -f lists the files in the order of RECORD', async (t) => {
  const scene = installedScene(t, { name: 'six', version: '1.0', files: { 'six.py': '', 'a/six.py': '' } });

  const { stdout } = await scene.run('pip', 'show', '-f', 'six');

  assert.match(stdout, /\nFiles:\n {2}six\.py\n {2}a\/six\.py\n {2}six-1\.0\.dist-info\/INSTALLER\n/);
});

test('pip show fails when nothing is named or nothing found', async (t) => {
  const scene = installedScene(t);

  const unnamed = await scene.run('pip', 'show');
  const missing = await scene.run('pip', 'show', 'zeta', 'alpha');

  assert.deepEqual(unnamed, { status: 1, stdout: '', stderr: 'warning: Please provide a package name or names.\n' });
  assert.deepEqual(missing, { status: 1, stdout: '', stderr: 'warning: Package(s) not found for: alpha, zeta\n' });
});
