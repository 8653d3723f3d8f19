/** Requirements files with everything that pip lets them hold. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pipScene } from '../support/pip-scene.ts';
import type { PipScene } from '../support/pip-scene.ts';
import { buildSdist, buildWheel } from '../support/wheel-builder.ts';

const DISTRIBUTIONS = [
  buildWheel({ name: 'six', version: '1.16.0' }),
  buildWheel({ name: 'six', version: '1.17.0' }),
  buildWheel({ name: 'six', version: '2.0b1' }),
  buildWheel({ name: 'app', version: '1.0', requires: ['lib'] }),
  buildWheel({ name: 'lib', version: '1.0' }),
  buildWheel({ name: 'lib', version: '2.0' }),
  buildWheel({ name: 'both', version: '1.0' }),
  buildSdist({ name: 'both', version: '2.0' }),
];

async function scene(
  t: Parameters<typeof pipScene>[0],
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<PipScene> {
  const made = await pipScene(t, { distributions: DISTRIBUTIONS });
  for (const [path, content] of Object.entries(files))
    made.write(path, typeof content === 'string' ? content.replaceAll('INDEX', made.index.url) : content);
  return made;
}

const UTF_16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('six==1.16.0\n', 'utf16le')]);

for (const [claim, files, installed] of [
  [
    '-r is relative to the file that includes',
    { 'r.txt': '-r sub/b.txt\n', 'sub/b.txt': '-r c.txt\nlib==1.0\n', 'sub/c.txt': 'six\n' },
    ['lib==1.0', 'six==1.17.0'],
  ],
  [
    '-c limits and does not install',
    { 'r.txt': '--constraint=sub/c.txt\napp\n', 'sub/c.txt': 'lib<2\nsix==1.16.0\n' },
    ['app==1.0', 'lib==1.0'],
  ],
  ['a file that includes itself is read once', { 'r.txt': '-r r.txt\n-c r.txt\nsix==1.16.0\n' }, ['six==1.16.0']],
  ['lines are continued, comments end them', { 'r.txt': '# all\nsix \\\n  ==1.16.0  # old\n\n' }, ['six==1.16.0']],
  ['an index of the file takes the place of the default', { 'r.txt': '-i INDEX\nsix==1.16.0\n' }, ['six==1.16.0']],
  ['--extra-index-url adds an index', { 'r.txt': '--extra-index-url=INDEX\nsix==1.16.0\n' }, ['six==1.16.0']],
  ['--pre allows pre-releases', { 'r.txt': '--pre\nsix\n' }, ['six==2.0b1']],
  ['--only-binary keeps to wheels', { 'r.txt': '--only-binary :all:\nboth\n' }, ['both==1.0']],
  ['a byte order mark is no part of the text', { 'r.txt': '\uFEFFsix==1.16.0\n' }, ['six==1.16.0']],
  ['UTF-16 is known by its mark', { 'r.txt': UTF_16 }, ['six==1.16.0']],
  [
    'a coding line names another encoding',
    { 'r.txt': Buffer.from('# -*- coding: latin-1 -*-\n# caf\u00e9\nsix==1.16.0\n', 'latin1') },
    ['six==1.16.0'],
  ],
  ['markers choose', { 'r.txt': 'six; python_version < "3"\nlib==1.0; python_version >= "3"\n' }, ['lib==1.0']],
] as const)
  test(`requirements file: ${claim}`, async (t) => {
    const made = await scene(t, files);

    await made.lines('pip install -r r.txt');

    assert.deepEqual(made.installed(), installed);
  });

test('requirements file: ${NAME} takes the value of a variable, or stays when there is none', async (t) => {
  const made = await scene(t, { 'r.txt': 'six==${SIX_VERSION}\n', 'absent.txt': 'six==${SIX_VERSION}\n' });

  const found = await made.run('pip install -r r.txt', { variables: { SIX_VERSION: '1.16.0' } });
  const absent = await made.run('pip install -r absent.txt');

  assert.equal(found.status, 0);
  assert.deepEqual(made.installed(), ['six==1.16.0']);
  assert.equal(absent.status, 2);
  assert.match(absent.stderr, /\$\{SIX_VERSION\}/);
});

test('requirements file: --no-index and --find-links, relative to the file, need no index', async (t) => {
  const made = await scene(t, { 'sub/r.txt': '--no-index\n--find-links links\nlib\n' });
  const [wheel] = DISTRIBUTIONS.filter(({ filename }) => filename.startsWith('lib-1.0'));
  made.write(`sub/links/${wheel?.filename}`, wheel?.content ?? '');

  await made.lines('pip install -r sub/r.txt');

  assert.deepEqual(made.installed(), ['lib==1.0']);
  assert.equal(made.index.requests.length, 0);
});

test('requirements file: `-r -` is standard input, and other files may follow', async (t) => {
  const made = await scene(t, { 'more.txt': 'lib==1.0\n' });

  const { status } = await made.run('pip install -r - -r more.txt', { input: 'six==1.16.0\n' });

  assert.equal(status, 0);
  assert.deepEqual(made.installed(), ['lib==1.0', 'six==1.16.0']);
});

test('requirements file: a URL is fetched, and what it includes is relative to it', async (t) => {
  const made = await scene(t, {});
  made.index.fail('/files/r.txt', { kind: 'status', status: 200, body: '-c c.txt\napp\n' });
  made.index.fail('/files/c.txt', { kind: 'status', status: 200, body: 'lib==1.0\n' });

  await made.lines(`pip install -r ${made.index.root}files/r.txt`);
  const missing = await made.run(`pip install -r ${made.index.root}files/gone.txt`);

  assert.deepEqual(made.installed(), ['app==1.0', 'lib==1.0']);
  assert.equal(missing.status, 2);
  assert.match(missing.stderr, /^error: Error while accessing remote requirements file: .*gone\.txt/);
  assert.match(missing.stderr, /404/);
});

test('requirements file: options that mean nothing here are named and passed over', async (t) => {
  const made = await scene(t, {
    'r.txt': '--trusted-host example.org\n--prefer-binary\n--use-feature x\nsix==1.16.0\n',
  });

  const lines = await made.lines('pip install -r r.txt');

  assert.match(lines, /^warning: Ignoring unsupported option in `r\.txt` \(line 1\): `--trusted-host`/);
  assert.match(lines, /`--prefer-binary`\n.*`--use-feature`\n/);
});

for (const [claim, files, message] of [
  ['an unknown option', { 'r.txt': 'six\n--unknown x\n' }, /`--unknown` in `r\.txt` at r\.txt:2:1/],
  [
    'a broken requirement',
    { 'r.txt': 'six =>1\n' },
    /Couldn't parse requirement in `r\.txt` at r\.txt:1:1\n {2}cause: no such comparison operator "=>"/,
  ],
  [
    'an option without its value',
    { 'r.txt': 'six\n-r\n' },
    /`-r` must be followed by an argument in `r\.txt` at r\.txt:2:3/,
  ],
  ['an included file that is not there', { 'r.txt': '-r gone.txt\n' }, /gone\.txt/],
  [
    'bytes that are no text',
    { 'r.txt': Buffer.from('# caf\u00e9\nsix\n', 'latin1') },
    /`r\.txt` is not text in its encoding/,
  ],
  ['an editable folder without a project', { 'r.txt': '-e .\n' }, /does not appear to be a Python project/],
  ['a wheel that is not there', { 'r.txt': './six-1.16.0-py3-none-any.whl\n' }, /six-1\.16\.0-py3-none-any\.whl/],
] as const)
  test(`requirements file: ${claim} is an error that names the place, and nothing is installed`, async (t) => {
    const made = await scene(t, files);

    const { status, stderr } = await made.run('pip install -r r.txt');

    assert.ok(status === 1 || status === 2, `status ${status}`);
    assert.match(stderr, /^error: /);
    assert.match(stderr, message);
    assert.deepEqual(made.installed(), []);
  });

test('requirements file: an empty one is warned of, and is enough', async (t) => {
  const made = await scene(t, { 'r.txt': '# nothing\n' });

  assert.equal(
    await made.lines('pip install -r r.txt'),
    'warning: Requirements file `r.txt` does not contain any dependencies\nChecked in [TIME]\n',
  );
});
