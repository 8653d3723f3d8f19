/** Options that are taken back, refused, or only warned of: what every `pip` command shares. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pipScene } from '../support/pip-scene.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const six = buildWheel({ name: 'six', version: '1.17.0' });
const INSTALLED =
  'Resolved 1 package in [TIME]\nPrepared 1 package in [TIME]\nInstalled 1 package in [TIME]\n + six==1.17.0\n';

test('the last of a switch and its negation counts, and a negation outweighs a variable', async (t) => {
  const scene = await pipScene(t, { distributions: [six] });

  const offline = await scene.run('pip install --no-offline --offline six');
  const online = await scene.run('pip install --offline --no-offline six', { variables: { SHOAL_OFFLINE: '1' } });

  assert.equal(offline.status, 1);
  assert.match(offline.stderr, /network was disabled/);
  assert.deepEqual(online, { status: 0, stdout: '', stderr: INSTALLED });
});

for (const [words, message] of [
  [['--no-editable'], '`--no-editable` is not available in this release'],
  [['--keyring-provider', 'subprocess'], '`--keyring-provider subprocess` is not available in this release'],
  [['--torch-backend', 'cpu'], '`--torch-backend` is not available in this release'],
  [['--upgrade-group', 'dev'], '`--upgrade-group` is not supported in `shoal pip` commands'],
  [['--user'], "pip's `--user` is unsupported (use a virtual environment instead)"],
] as const)
  test(`pip install refuses ${words.join(' ')} by name and installs nothing`, async (t) => {
    const scene = await pipScene(t, { distributions: [six] });

    const { status, stderr } = await scene.run(['pip', 'install', ...words, 'six']);

    assert.equal(status, 2);
    assert.equal(stderr.split('\n')[0], `error: ${message}`);
    assert.deepEqual(scene.installed(), []);
  });

for (const [word, warning] of [
  ['--disable-pip-version-check', "pip's `--disable-pip-version-check` has no effect"],
  ['--preview', '`--preview` has no effect: this release has no preview features'],
  ['--native-tls', 'The `--native-tls` flag is deprecated. Use `--system-certs` instead.'],
  ['--isolated', 'The `--isolated` flag is deprecated. Use `--no-config` instead.'],
] as const)
  test(`pip install takes ${word} with a warning`, async (t) => {
    const scene = await pipScene(t, { distributions: [six] });

    assert.equal(await scene.lines(`pip install ${word} six`), `warning: ${warning}\n${INSTALLED}`);
  });

test('--keyring-provider disabled, --fork-strategy and --no-python-downloads ask for what is done anyway', async (t) => {
  const scene = await pipScene(t, { distributions: [six] });

  const words = 'pip install --keyring-provider disabled --fork-strategy fewest --no-python-downloads --no-sources six';

  assert.equal(await scene.lines(words), INSTALLED);
});

test('--cert names a file of certificates, and one that is not there is an error', async (t) => {
  const scene = await pipScene(t, { distributions: [six] });

  const { status, stderr } = await scene.run('pip install --cert nowhere.pem six');

  assert.equal(status, 2);
  assert.match(stderr, /nowhere\.pem/);
  assert.deepEqual(scene.installed(), []);
});

test('--directory must exist', async (t) => {
  const scene = await pipScene(t);

  const { status, stderr } = await scene.run('pip install --directory nowhere six');

  assert.equal(status, 2);
  assert.match(stderr, /^error: the directory 'nowhere' of '--directory <DIRECTORY>' does not exist\n/);
});

test('--reinstall-package takes names alone; --upgrade-package limits the upgrade by its specifier', async (t) => {
  const scene = await pipScene(t, {
    distributions: ['1.0', '1.1', '2.0'].map((version) => buildWheel({ name: 'lib', version })),
  });
  await scene.lines('pip install lib==1.0');

  const wrong = await scene.run(['pip', 'install', '--reinstall-package', 'lib>1', 'lib']);
  await scene.lines('pip install -P lib<2 lib');

  assert.equal(wrong.status, 2);
  assert.match(
    wrong.stderr,
    /^error: invalid value 'lib>1' for '--reinstall-package <REINSTALL_PACKAGE>': Not a valid/,
  );
  assert.deepEqual(scene.installed(), ['lib==1.1']);
});

test('pip sync refuses the options of pip-sync that mean nothing here', async (t) => {
  const scene = await pipScene(t);
  scene.write('r.txt', '');

  const ask = await scene.run('pip sync --ask r.txt');
  const args = await scene.run('pip sync --pip-args x r.txt');

  assert.deepEqual([ask.status, args.status], [2, 2]);
  assert.equal(ask.stderr, "error: pip-sync's `--ask` is unsupported (shoal never asks for confirmation)\n");
  assert.match(args.stderr, /`--pip-args` is unsupported/);
});
