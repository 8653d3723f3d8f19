import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installedScene } from '../support/installed-scene.ts';

const COMMIT = '0123456789012345678901234567890123456789';

test('pip freeze writes requirements that say where things came from, and no passwords', async (t) => {
  const scene = installedScene(
    t,
    { name: 'Plain', version: '1.0' },
    {
      name: 'wheel-url',
      version: '1.0',
      directUrl: {
        url: 'https://example.com/w-1.0-py3-none-any.whl',
        archive_info: { hashes: { md5: 'ff', sha256: 'abc' } },
      },
    },
    {
      name: 'secret',
      version: '1.0',
      directUrl: { url: 'https://user:word@example.com/s.zip', archive_info: {}, subdirectory: 'in/ner' },
    },
    {
      name: 'clone',
      version: '1.0',
      directUrl: { url: 'ssh://git@example.com/c', vcs_info: { vcs: 'git', commit_id: COMMIT } },
    },
    { name: 'folder', version: '1.0', directUrl: { url: 'file:///srv/folder', dir_info: {} } },
    { name: 'mine', version: '1.0', directUrl: { url: 'file:///srv/mine', dir_info: { editable: true } } },
  );

  const all = await scene.run('pip', 'freeze');
  const some = await scene.run('pip', 'freeze', '--exclude-editable', '--exclude', 'clone', '--exclude', 'secret');

  assert.deepEqual(all, {
    status: 0,
    stdout: [
      `clone @ git+ssh://git@example.com/c@${COMMIT}`,
      'folder @ file:///srv/folder',
      '-e file:///srv/mine',
      'plain==1.0',
      'secret @ https://user:****@example.com/s.zip#subdirectory=in/ner',
      'wheel-url @ https://example.com/w-1.0-py3-none-any.whl#sha256=abc',
      '',
    ].join('\n'),
    stderr: '',
  });
  assert.equal(
    some.stdout,
    'folder @ file:///srv/folder\nplain==1.0\nwheel-url @ https://example.com/w-1.0-py3-none-any.whl#sha256=abc\n',
  );
});

test('pip freeze --path lists other folders instead, each line once, and takes missing ones for empty', async (t) => {
  const scene = installedScene(t, { name: 'six', version: '1.17.0' });

  const twice = await scene.run('pip', 'freeze', '--path', scene.sitePackages, '--path', scene.sitePackages);
  const nowhere = await scene.run('pip', 'freeze', '--path', 'nowhere');

  assert.equal(twice.stdout, 'six==1.17.0\n');
  assert.deepEqual(nowhere, { status: 0, stdout: '', stderr: '' });
});

test('pip freeze prints with -q and not with -qq', async (t) => {
  const scene = installedScene(t, { name: 'six', version: '1.17.0' });

  const quiet = await scene.run('pip', 'freeze', '-q');
  const silent = await scene.run('pip', 'freeze', '-qq');

  assert.deepEqual([quiet.stdout, silent.stdout], ['six==1.17.0\n', '']);
});
