/** Wheels by path and by URL: hashes, `direct_url.json`, names, and what counts as installed already. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { pipScene } from '../support/pip-scene.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const six = buildWheel({ name: 'six', version: '1.16.0' });
const CHANGED = buildWheel({ name: 'six', version: '1.16.0', files: { 'six.py': '# changed\n' } });
const DIRECT_URL = '.dist-info/direct_url.json';

test('a wheel by path is installed once, and again when the file has changed', async (t) => {
  const scene = await pipScene(t);
  const path = scene.write(six.filename, six.content);
  const line = `six==1.16.0 (from ${pathToFileURL(path).href})`;

  const first = await scene.lines(`pip install ./${six.filename}`);
  const again = await scene.lines(['pip', 'install', path]);
  const byUrl = await scene.lines(`pip install ${pathToFileURL(path).href}`);
  scene.write(six.filename, CHANGED.content);
  const changed = await scene.lines(['pip', 'install', path]);

  assert.match(first, new RegExp(`\\n \\+ ${RegExp.escape(line)}\\n$`));
  assert.deepEqual([again, byUrl], ['Checked 1 package in [TIME]\n', 'Checked 1 package in [TIME]\n']);
  assert.match(changed, new RegExp(`\\n ~ ${RegExp.escape(line)}\\n$`));
  const note: unknown = JSON.parse(
    scene.read(
      join('.venv/lib', scene.sitePackages.split('/').at(-2) ?? '', 'site-packages', `six-1.16.0${DIRECT_URL}`),
    ),
  );
  assert.deepEqual(note, {
    url: pathToFileURL(path).href,
    archive_info: { hashes: { sha256: CHANGED.sha256 } },
  });
});

test('a wheel by URL is held to the hash of its fragment', async (t) => {
  const scene = await pipScene(t, { distributions: [six] });
  const url = `${scene.index.root}files/${six.filename}`;

  const wrong = await scene.run(`pip install ${url}#sha256=${'0'.repeat(64)}`);
  const installedThen = scene.installed();
  const right = await scene.lines(`pip install ${url}#sha256=${six.sha256}`);

  assert.equal(wrong.status, 1);
  assert.match(wrong.stderr, /Hash mismatch[^]*Expected:\n +sha256:0{64}\n[^]*Computed:\n +sha256:/);
  assert.deepEqual(installedThen, []);
  assert.match(right, new RegExp(`\\n \\+ six==1\\.16\\.0 \\(from ${RegExp.escape(url)}\\)\\n$`));
});

for (const [words, message] of [
  [['./gone-1.0-py3-none-any.whl'], /^error: Distribution not found at: file:.*\/gone-1\.0-py3-none-any\.whl\n/],
  [['./gone'], /^error: Distribution not found at: file:.*\/gone\n/],
  [
    ['lib @ ./six-1.16.0-py3-none-any.whl'],
    /^error: Requested package name `lib` does not match `six` in the distribution filename:/,
  ],
] as const)
  test(`pip install '${words.join(' ')}' ends with 1 and installs nothing`, async (t) => {
    const scene = await pipScene(t);
    scene.write(six.filename, six.content);

    const { status, stderr } = await scene.run(['pip', 'install', ...words]);

    assert.equal(status, 1);
    assert.match(stderr, message);
    assert.deepEqual(scene.installed(), []);
  });
