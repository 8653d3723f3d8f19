import assert from 'node:assert/strict';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { InstallScene, SITE } from '../../../../tests/support/install-scene.ts';

suite('applyPlan() removes what a distribution owns and nothing else', () => {
  test('applyPlan() takes bytecode and empty folders along, and leaves what is not in RECORD', async (t) => {
    const scene = new InstallScene(t);
    await scene.change({
      add: [scene.tree({ name: 'a', version: '1', files: { 'a/x/y/z.py': '', 'a/other.py': '', 'single.py': '' } })],
    });
    scene.write(`${SITE}/a/x/y/__pycache__/z.cpython-312.pyc`, '');
    scene.write(`${SITE}/__pycache__/single.cpython-312.pyc`, '');
    scene.write(`${SITE}/__pycache__/mine.cpython-312.pyc`, '');
    scene.write(`${SITE}/a/mine.txt`, 'mine');

    await scene.change({ remove: ['a'] });

    assert.deepEqual(
      Object.keys(scene.snapshot()).filter((path) => path.startsWith(`${SITE}/`)),
      [`${SITE}/__pycache__`, `${SITE}/__pycache__/mine.cpython-312.pyc`, `${SITE}/a`, `${SITE}/a/mine.txt`],
    );
  });

  test('applyPlan() skips rows of RECORD that leave the environment, and says so once', async (t) => {
    const scene = new InstallScene(t);
    const outside = join(scene.folder, 'precious');
    writeFileSync(outside, 'keep');
    writeFileSync(join(scene.folder, 'precious2'), 'keep');
    const info = join(scene.site, 'old-1.0.dist-info');
    mkdirSync(info);
    writeFileSync(
      join(info, 'RECORD'),
      [
        '../../../../precious,,',
        '../../../../precious2,,',
        `${outside},,`,
        '..,,',
        '.,,',
        'x/../..,,',
        '../../..,,',
        'old-1.0.dist-info/RECORD,,',
      ].join('\n'),
    );
    scene.write(`${SITE}/bystander.py`, 'keep');

    await scene.remove({ kind: 'dist-info', path: info });

    assert.ok(
      existsSync(outside) &&
        existsSync(join(scene.folder, 'precious2')) &&
        scene.has(`${SITE}/bystander.py`) &&
        scene.has('bin/python'),
    );
    assert.ok(!existsSync(info));
    assert.deepEqual(scene.warnings(), [
      'Invalid RECORD entry in old==1.0 that escapes the Python environment, skipping: ../../../../precious',
    ]);
  });

  test('applyPlan() does not follow a link to a folder elsewhere', async (t) => {
    const scene = new InstallScene(t);
    const elsewhere = join(scene.folder, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'keep.py'), '');
    symlinkSync(elsewhere, join(scene.site, 'linked'));
    const info = join(scene.site, 'old-1.0.dist-info');
    mkdirSync(info);
    writeFileSync(join(info, 'RECORD'), 'linked/keep.py,,\n');

    await scene.remove({ kind: 'dist-info', path: info });

    assert.ok(existsSync(join(elsewhere, 'keep.py')));
  });

  test('applyPlan() warns of a missing RECORD or refuses it, as it is told', async (t) => {
    const scene = new InstallScene(t);
    scene.write(`${SITE}/old-1.0.dist-info/METADATA`, '');
    await assert.rejects(scene.change({ remove: ['old'], missingRecord: 'refuse' }), {
      message: `Cannot uninstall package; \`RECORD\` file not found at: ${join(scene.site, 'old-1.0.dist-info')}/RECORD`,
    });

    await scene.change({
      remove: ['old'],
      add: [scene.tree({ name: 'old', version: '1.0', files: { 'old.py': '' } })],
    });

    assert.deepEqual(scene.warnings(), [
      `Failed to uninstall package at ${join(scene.site, 'old-1.0.dist-info')} due to missing \`RECORD\` file. Installation may result in an incomplete environment.`,
    ]);
    assert.ok(scene.has(`${SITE}/old-1.0.dist-info/RECORD`));
  });

  test('applyPlan() removes an egg-info by its top-level names, and refuses distutils', async (t) => {
    const scene = new InstallScene(t);
    scene.write(`${SITE}/old.egg-info/top_level.txt`, '\r\npkg\n  \nmodule\nspace\n../../../bin\n');
    scene.write(`${SITE}/old.egg-info/namespace_packages.txt`, 'space\n');
    scene.write(`${SITE}/pkg/__init__.py`, '');
    scene.write(`${SITE}/module.py`, '');
    scene.write(`${SITE}/space/other.py`, '');

    await scene.remove({ kind: 'egg-info-folder', path: join(scene.site, 'old.egg-info') });

    assert.deepEqual(
      Object.keys(scene.snapshot()).filter((path) => path.startsWith(`${SITE}/`)),
      [`${SITE}/space`, `${SITE}/space/other.py`],
    );
    assert.match(scene.warnings().join(), /Invalid `top_level\.txt` entry in old==1\.0 .*\.\.\/\.\.\/\.\.\/bin/);
    await assert.rejects(scene.remove({ kind: 'egg-info-file', path: join(scene.site, 'old.egg-info') }), {
      message:
        'Unable to uninstall `old==1.0`. distutils-installed distributions do not include the metadata required to uninstall safely.',
    });
  });

  test('applyPlan() removes a legacy editable and its line of easy-install.pth', async (t) => {
    const scene = new InstallScene(t);
    scene.write(`${SITE}/old.egg-link`, '/src/old\n.\n');
    scene.write(`${SITE}/easy-install.pth`, '/src/a\n/src/old\n/src/b\n');

    await scene.remove({ kind: 'egg-link', path: join(scene.site, 'old.egg-link') });

    assert.equal(scene.read(`${SITE}/easy-install.pth`), '/src/a\n/src/b\n');
    assert.ok(!scene.has(`${SITE}/old.egg-link`));
  });
});
