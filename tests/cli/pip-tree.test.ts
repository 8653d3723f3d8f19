import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installedScene } from '../support/installed-scene.ts';
import type { InstalledScene, InstalledSpec } from '../support/installed-scene.ts';
import type { TestContext } from 'node:test';

const specs: readonly InstalledSpec[] = [
  { name: 'app', version: '1.0', requires: ['web>=1', 'base', 'web<3'] },
  { name: 'web', version: '2.0', requires: ['base >1, <=9, >=1', 'base<9', 'absent'] },
  { name: 'base', version: '5.0', requires: ['leaf'] },
  { name: 'leaf', version: '1.0' },
];

function treeScene(t: TestContext): InstalledScene {
  return installedScene(t, ...specs);
}

test('pip tree draws what requires what, and each subtree once', async (t) => {
  const { status, stdout, stderr } = await treeScene(t).run('pip', 'tree');

  assert.deepEqual([status, stderr], [0, '']);
  assert.equal(
    stdout,
    'app v1.0\n├── base v5.0\n│   └── leaf v1.0\n└── web v2.0\n    └── base v5.0 (*)\n(*) Package tree already displayed\n',
  );
});

test('pip tree --no-dedupe --show-version-specifiers repeats subtrees and merges bounds', async (t) => {
  const { stdout } = await treeScene(t).run('pip', 'tree', '--no-dedupe', '--show-version-specifiers');

  assert.equal(
    stdout,
    'app v1.0\n├── base v5.0 [required: *]\n│   └── leaf v1.0 [required: *]\n└── web v2.0 [required: >=1, <3]\n    └── base v5.0 [required: >1, <9]\n        └── leaf v1.0 [required: *]\n',
  );
});

test('pip tree --invert shows dependents, and --package only what is below the named ones', async (t) => {
  const scene = treeScene(t);

  const inverted = await scene.run('pip', 'tree', '--invert', '--show-version-specifiers');
  const chosen = await scene.run('pip', 'tree', '--package', 'web');
  const unknown = await scene.run('pip', 'tree', '--package', 'nothing');

  assert.equal(
    inverted.stdout,
    'leaf v1.0\n└── base v5.0 [requires: leaf *]\n    ├── app v1.0 [requires: base *]\n    └── web v2.0 [requires: base >1, <9]\n        └── app v1.0 [requires: web >=1, <3]\n',
  );
  assert.equal(chosen.stdout, 'web v2.0\n└── base v5.0\n    └── leaf v1.0\n');
  assert.deepEqual(unknown, { status: 0, stdout: '', stderr: '' });
});

test('pip tree --depth and --prune cut trees', async (t) => {
  const scene = treeScene(t);

  const flat = await scene.run('pip', 'tree', '--depth', '1');
  const pruned = await scene.run('pip', 'tree', '--prune', 'base');
  const tooDeep = await scene.run('pip', 'tree', '-d', '256');

  assert.equal(flat.stdout, 'app v1.0\n├── base v5.0\n└── web v2.0\n');
  assert.equal(pruned.stdout, 'app v1.0\n└── web v2.0\nleaf v1.0\n');
  assert.deepEqual(
    [tooDeep.status, tooDeep.stderr],
    [
      2,
      "error: invalid value '256' for '--depth <DEPTH>': 256 is not in 0..=255\n\nFor more information, try '--help'.\n",
    ],
  );
});

test('pip tree enters a cycle from outside and ends it with a mark', async (t) => {
  const scene = installedScene(
    t,
    { name: 'egg', version: '1', requires: ['hen'] },
    { name: 'hen', version: '1', requires: ['egg'] },
    { name: 'top', version: '1', requires: ['hen'] },
  );

  const deduped = await scene.run('pip', 'tree');
  const repeated = await scene.run('pip', 'tree', '--no-dedupe');

  assert.equal(
    deduped.stdout,
    'top v1\n└── hen v1\n    └── egg v1\n        └── hen v1 (*)\n(*) Package tree already displayed\n',
  );
  assert.equal(
    repeated.stdout,
    'top v1\n└── hen v1\n    └── egg v1\n        └── hen v1 (*)\n(*) Package tree is a cycle and cannot be shown\n',
  );
});
