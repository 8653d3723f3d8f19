import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { InstallScene, SITE } from '../../../../tests/support/install-scene.ts';
import { INTERPRETER, snapshotTree } from '../../../../tests/support/wheel-tree.ts';
import { createLinkWorkers } from './stage-wheels.ts';

suite('applyPlan() puts the parts of a wheel where they belong', () => {
  test('applyPlan() spreads .data over the scheme and records where things went', async (t) => {
    const scene = new InstallScene(t);
    const data = 'full-1.0.data';
    const wheel = scene.tree({
      name: 'full',
      version: '1.0',
      files: {
        'full/__init__.py': '',
        [`${data}/purelib/pure.py`]: 'pure',
        [`${data}/platlib/plat.py`]: 'plat',
        [`${data}/headers/full.h`]: 'header',
        [`${data}/data/share/doc/full.txt`]: 'doc',
        [`${data}/scripts/rewritten`]: '#!python\nprint()\n',
        [`${data}/scripts/plain`]: '#!/bin/sh\n',
        [`${data}/scripts/ready`]: 'binary',
        [`${data}/scripts/launched`]: 'left out: an entry point has the name',
      },
      executable: [`${data}/scripts/ready`],
      consoleScripts: ['launched = full:main'],
    });

    await scene.change({ add: [wheel] });

    assert.equal(scene.read(`${SITE}/pure.py`) + scene.read(`${SITE}/plat.py`), 'pureplat');
    assert.equal(scene.read('include/site/python3.12/full/full.h'), 'header');
    assert.equal(scene.read('share/doc/full.txt'), 'doc');
    assert.equal(scene.read('bin/rewritten'), `#!${INTERPRETER}\nprint()\n`);
    assert.match(scene.read('bin/launched'), /from full import main/);
    for (const name of ['rewritten', 'plain', 'ready', 'launched'])
      assert.equal(statSync(join(scene.environment.root, 'bin', name)).mode & 0o111, 0o111, name);
    const paths = scene
      .read(`${SITE}/full-1.0.dist-info/RECORD`)
      .split('\n')
      .map((row) => row.slice(0, row.indexOf(',')));
    for (const path of [
      '../../../bin/rewritten',
      '../../../bin/launched',
      '../../../share/doc/full.txt',
      '../../../include/site/python3.12/full/full.h',
      'pure.py',
      'plat.py',
    ])
      assert.ok(paths.includes(path), path);
    assert.deepEqual(paths, [...paths.slice(0, -1).sort(), '']);
    assert.ok(!scene.has('.shoal') && !scene.has(`${SITE}/${data}`));
  });

  test('applyPlan() writes INSTALLER without newline, REQUESTED, and direct_url.json for what came from a URL', async (t) => {
    const scene = new InstallScene(t);
    await scene.change({
      add: [
        {
          ...scene.tree({ name: 'a', version: '1', files: { 'a.py': '' } }),
          directUrl: '{"url":"https://example.org/a.whl","archive_info":{}}',
        },
      ],
    });
    assert.equal(scene.read(`${SITE}/a-1.dist-info/INSTALLER`), 'shoal');
    assert.equal(scene.read(`${SITE}/a-1.dist-info/REQUESTED`), '');
    assert.match(scene.read(`${SITE}/a-1.dist-info/direct_url.json`), /^\{"url"/);
    assert.match(scene.read(`${SITE}/a-1.dist-info/RECORD`), /direct_url\.json,sha256=/);

    await scene.change({ add: [scene.tree({ name: 'b', version: '1', files: { 'b.py': '' } })], installer: undefined });
    assert.deepEqual(readdirSync(join(scene.site, 'b-1.dist-info')).sort(), ['METADATA', 'RECORD', 'WHEEL']);
  });

  test('applyPlan() never writes through a link into the cache', async (t) => {
    const scene = new InstallScene(t);
    const wheel = scene.tree({ name: 'a', version: '1', files: { 'a.py': 'x' } });
    const before = snapshotTree(wheel.tree.folder);
    await scene.change({ add: [wheel] });
    await scene.change({ add: [wheel], remove: ['a'] });
    await scene.change({ remove: ['a'] });
    assert.deepEqual(snapshotTree(wheel.tree.folder), before);
  });

  for (const mode of ['copy', 'symlink', 'hardlink', 'clone'] as const) {
    test(`applyPlan() installs and removes the same, with link mode ${mode}`, async (t) => {
      const scene = new InstallScene(t);
      const before = scene.snapshot();
      await scene.change({
        add: [scene.tree({ name: 'a', version: '1', files: { 'a/__init__.py': 'x', 'a/b/c.py': 'y' } })],
        linkMode: mode,
      });
      assert.equal(scene.read(`${SITE}/a/b/c.py`), 'y');
      await scene.change({ remove: ['a'] });
      assert.deepEqual(scene.snapshot(), before);
    });
  }

  test('applyPlan() shares a big plan with workers', async (t) => {
    const scene = new InstallScene(t);
    const files = Object.fromEntries(
      Array.from({ length: 2000 }, (_, index) => [`big/p${index % 50}/m${index}.py`, String(index)]),
    );
    const workers = createLinkWorkers(2);
    t.after(async () => await workers.close());

    await scene.change({ add: [scene.tree({ name: 'big', version: '1', files })], workers, workerCount: 1 });

    assert.equal(Object.keys(scene.snapshot()).filter((path) => path.endsWith('.py')).length, 2000);
    assert.equal(scene.read(`${SITE}/big/p7/m1957.py`), '1957');
  });

  test('applyPlan() takes unusual names as they are', async (t) => {
    const scene = new InstallScene(t);
    const names = [
      'ünï/cödé.py',
      'sp ace/a,b.py',
      'quo"te.py',
      'tab\there.py',
      '-dash.py',
      'emoji\u{1f600}.py',
      'back\\slash.py',
    ];
    const before = scene.snapshot();
    await scene.change({
      add: [
        scene.tree({
          name: 'a',
          version: '1',
          files: Object.fromEntries(names.map((name) => [name, name])),
          record: recordOf(names),
        }),
      ],
    });
    for (const name of names) assert.equal(scene.read(`${SITE}/${name}`), name);
    await scene.change({ remove: ['a'] });
    assert.deepEqual(scene.snapshot(), before);
  });

  test('applyPlan() refuses a wheel that would replace the interpreter, with nothing changed', async (t) => {
    const scene = new InstallScene(t);
    const before = scene.snapshot();
    for (const spec of [
      { files: { 'a.py': '' }, consoleScripts: ['python3 = a:b'] },
      { files: { 'a-1.data/scripts/Python': '' } },
      { files: { 'a-1.data/data/bin/python3.12': '' } },
    ]) {
      await assert.rejects(scene.change({ add: [scene.tree({ name: 'a', version: '1', ...spec })] }), {
        code: 'RESERVED_SCRIPT_NAME',
      });
    }
    await assert.rejects(
      scene.change({ add: [scene.tree({ name: 'a', version: '1', files: { 'a-1.data/other/x': '' } })] }),
      { code: 'INVALID_WHEEL' },
    );
    await assert.rejects(
      scene.change({ add: [scene.tree({ name: 'a', version: '1', files: { 'a-1.data/scripts/x/y': '' } })] }),
      /directory/,
    );
    assert.deepEqual(scene.snapshot(), before);
  });
});

function recordOf(names: readonly string[]): string {
  const quoted = [...names, 'a-1.dist-info/METADATA', 'a-1.dist-info/WHEEL', 'a-1.dist-info/RECORD'].map((name) =>
    /[",]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name,
  );
  return quoted.map((name) => `${name},,\n`).join('');
}

suite('applyPlan() and files of two distributions', () => {
  test('applyPlan() merges a namespace, and equal files of two wheels are no collision', async (t) => {
    const scene = new InstallScene(t);
    const a = scene.tree({ name: 'a', version: '1', files: { 'space/__init__.py': 'same', 'space/a.py': 'a' } });
    const b = scene.tree({ name: 'b', version: '1', files: { 'space/__init__.py': 'same', 'space/b.py': 'b' } });
    const c = scene.tree({ name: 'c', version: '1', files: { 'space/__init__.py': 'same', 'space/c.py': 'c' } });

    const first = await scene.change({ add: [a, b] });
    const second = await scene.change({ add: [c] });

    assert.deepEqual([first.collisions, second.collisions], [[], []]);
    assert.deepEqual(readdirSync(join(scene.site, 'space')).sort(), ['__init__.py', 'a.py', 'b.py', 'c.py']);
  });

  test('applyPlan() reports a collision of two wheels before anything changes; the last one has the file', async (t) => {
    const scene = new InstallScene(t);
    const a = scene.tree({
      name: 'a',
      version: '1',
      files: { 'tests/__init__.py': 'of a' },
      consoleScripts: ['run = a:a'],
    });
    const b = scene.tree({
      name: 'b',
      version: '1',
      files: { 'tests/__init__.py': 'of b' },
      consoleScripts: ['run = b:b'],
    });
    const before = scene.snapshot();

    await assert.rejects(scene.change({ add: [a, b], onCollision: 'refuse' }), { code: 'FILE_COLLISION' });
    assert.deepEqual(scene.snapshot(), before);
    const { collisions } = await scene.change({ add: [a, b] });

    assert.deepEqual(
      collisions.map(({ path, distributions }) => [path.slice(scene.environment.root.length + 1), distributions]),
      [
        ['bin/run', ['a (a-1-py3-none-any.whl)', 'b (b-1-py3-none-any.whl)']],
        [`${SITE}/tests/__init__.py`, ['a (a-1-py3-none-any.whl)', 'b (b-1-py3-none-any.whl)']],
      ].sort((x, y) => (String(x[0]) < String(y[0]) ? 1 : -1)),
    );
    assert.equal(scene.read(`${SITE}/tests/__init__.py`), 'of b');
    assert.match(scene.read('bin/run'), /from b import b/);
    const told = scene.events.findIndex(({ type }) => type === 'collision');
    assert.ok(told >= 0 && told < scene.events.findIndex((event) => event.type === 'step'));
  });

  test('applyPlan() reports a collision with an installed distribution, and none with a file of nobody', async (t) => {
    const scene = new InstallScene(t);
    await scene.change({ add: [scene.tree({ name: 'a', version: '1', files: { 'shared.py': 'of a' } })] });
    scene.write(`${SITE}/stray.py`, 'of nobody');
    const b = scene.tree({ name: 'b', version: '1', files: { 'shared.py': 'of b', 'stray.py': 'of b' } });
    const before = scene.snapshot();

    await assert.rejects(scene.change({ add: [b], onCollision: 'refuse' }), { code: 'FILE_COLLISION' });
    assert.deepEqual(scene.snapshot(), before);
    const { collisions } = await scene.change({ add: [b] });

    assert.deepEqual(collisions, [
      { path: join(scene.site, 'shared.py'), distributions: ['a (installed)', 'b (b-1-py3-none-any.whl)'] },
    ]);
    assert.equal(scene.read(`${SITE}/stray.py`), 'of b');
  });

  test('applyPlan() refuses to put a file where a folder of others is, and the reverse', async (t) => {
    const scene = new InstallScene(t);
    scene.write(`${SITE}/folder/mine.py`, '');
    scene.write(`${SITE}/file`, '');
    const before = scene.snapshot();
    await assert.rejects(scene.change({ add: [scene.tree({ name: 'a', version: '1', files: { folder: '' } })] }), {
      code: 'PATH_OCCUPIED',
    });
    await assert.rejects(scene.change({ add: [scene.tree({ name: 'a', version: '1', files: { 'file/x.py': '' } })] }), {
      code: 'PATH_OCCUPIED',
    });
    assert.deepEqual(scene.snapshot(), before);
  });

  test('applyPlan() turns a module into a package of the same name', async (t) => {
    const scene = new InstallScene(t);
    await scene.change({
      add: [scene.tree({ name: 'a', version: '1', files: { 'thing/__init__.py': '1', 'other.py': '1' } })],
    });
    await scene.change({
      remove: ['a'],
      add: [scene.tree({ name: 'a', version: '2', files: { thing: 'a file now', 'other.py/x.py': '2' } })],
    });
    assert.equal(scene.read(`${SITE}/thing`), 'a file now');
    assert.equal(scene.read(`${SITE}/other.py/x.py`), '2');
  });
});
