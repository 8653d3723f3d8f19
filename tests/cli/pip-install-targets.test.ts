/** Where `pip install` puts things: folders, prefixes, Pythons that others manage, and by which kind of link. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pipScene } from '../support/pip-scene.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const tool = buildWheel({
  name: 'tool',
  version: '1.0',
  files: { 'tool.py': 'def main():\n    print("works")\n' },
  entryPoints: { console_scripts: { tool: 'tool:main' }, gui_scripts: { window: 'tool:main' } },
  data: { 'scripts/plain': '#!python\nprint("plain")\n', 'data/share/tool.txt': 'data' },
});
const six = buildWheel({ name: 'six', version: '1.16.0', files: { 'six.py': 'x = 1\n' } });

test('--target fills a folder, --prefix a tree, and both leave the environment alone', async (t) => {
  const scene = await pipScene(t, { distributions: [tool, six] });

  const target = await scene.lines('pip install --target t tool');
  await scene.lines('pip install --prefix p tool');
  const listed = await scene.run('pip list --target t --format freeze');
  await scene.lines('pip uninstall --target t tool');

  assert.match(target, /^Using CPython 3\.\d+\.\d+ interpreter at: \.venv\/bin\/python3?\nResolved 1 package/);
  assert.equal(listed.stdout, 'tool==1.0\n');
  assert.equal(existsSync(join(scene.folder, 't/tool.py')), false);
  const [python = ''] = readdirSync(join(scene.folder, 'p/lib'));
  assert.deepEqual(scene.installed(join(scene.folder, 'p/lib', python, 'site-packages')), ['tool==1.0']);
  assert.ok(existsSync(join(scene.folder, 'p/bin/tool')));
  assert.deepEqual(scene.installed(), []);
});

test('scripts run: entry points, and those of the data folder with their first line rewritten', async (t) => {
  const scene = await pipScene(t, { distributions: [tool] });
  await scene.lines('pip install tool');
  const run = (name: string): string => execFileSync(join(scene.folder, '.venv/bin', name), { encoding: 'utf8' });

  assert.deepEqual([run('tool'), run('window'), run('plain')], ['works\n', 'works\n', 'plain\n']);
  assert.equal(scene.read('.venv/share/tool.txt'), 'data');
});

/** A Python of the operating system's package manager (PEP 668), where this machine has one. */
const MANAGED = '/usr/bin/python3';
const isManaged =
  existsSync(MANAGED) &&
  readdirSync('/usr/lib').some((name) => existsSync(join('/usr/lib', name, 'EXTERNALLY-MANAGED')));

test(
  'a Python that others manage is left alone, unless --break-system-packages says otherwise',
  { skip: isManaged ? false : 'there is no externally managed Python on this machine' },
  async (t) => {
    const scene = await pipScene(t, { distributions: [six] });

    const refused = await scene.run(`pip install --dry-run -p ${MANAGED} six`);
    const negated = await scene.run(
      `pip install --dry-run -p ${MANAGED} --break-system-packages --no-break-system-packages six`,
    );
    const allowed = await scene.run(`pip install --dry-run -p ${MANAGED} --break-system-packages --reinstall six`);
    const target = await scene.run(`pip install --dry-run -p ${MANAGED} --target t six`);

    assert.deepEqual([refused.status, negated.status], [2, 2]);
    assert.match(
      refused.stderr,
      /^error: The interpreter at .* is externally managed, and indicates the following:\n/m,
    );
    assert.deepEqual([allowed.status, target.status], [0, 0]);
    assert.match(allowed.stderr, / \+ six==1\.16\.0\n$/);
  },
);

for (const mode of ['copy', 'hardlink', 'symlink'] as const)
  test(`--link-mode ${mode} installs files that work, and RECORD is never shared`, async (t) => {
    const scene = await pipScene(t, { distributions: [six] });

    await scene.lines(`pip install --link-mode ${mode} six`);

    const module = join(scene.sitePackages, 'six.py');
    assert.equal(lstatSync(module).isSymbolicLink(), mode === 'symlink');
    if (mode === 'hardlink') assert.ok(statSync(module).nlink > 1);
    assert.equal(statSync(join(scene.sitePackages, 'six-1.16.0.dist-info/RECORD')).nlink, 1);
    assert.ok(readFileSync(module, 'utf8').length > 0);
  });

test('--compile-bytecode compiles what was installed', async (t) => {
  const scene = await pipScene(t, { distributions: [six] });

  const lines = await scene.lines('pip install --compile-bytecode six');

  assert.match(lines, /\nBytecode compiled 1 file in \[TIME\]\n \+ six==1\.16\.0\n$/);
  assert.equal(readdirSync(join(scene.sitePackages, '__pycache__')).length, 1);
});
