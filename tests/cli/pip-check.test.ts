import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installedScene } from '../support/installed-scene.ts';
import type { InstalledSpec } from '../support/installed-scene.ts';

interface Case {
  readonly title: string;
  readonly specs: readonly InstalledSpec[];
  /** What is said after `Found …`, with the site-packages folder as `[SITE]`. */
  readonly findings: readonly string[];
}

const broken = 'Consider recreating the virtualenv, or removing the package directory at: [SITE]';
const cases: readonly Case[] = [
  {
    title: 'nothing that fits',
    specs: [
      { name: 'a', version: '1.0', requires: ['b<2', 'c; extra == "x"'], requiresPython: '>=3,<3.1' },
      { name: 'b', version: '1.5' },
    ],
    findings: [],
  },
  {
    title: 'a missing requirement, its specifiers by version',
    specs: [{ name: 'a', version: '1.0', requires: ['gone[y,x] <4, !=3.1, >=2 ; python_version >= "3.6"'] }],
    findings: [
      "The package `a` requires `gone[y,x]>=2,!=3.1,<4 ; python_full_version >= '3.6'`, but it's not installed",
    ],
  },
  {
    title: 'a version that does not fit',
    specs: [
      { name: 'a', version: '1.0', requires: ['b<2', 'b==2.*'] },
      { name: 'b', version: '2.0' },
    ],
    findings: ['The package `a` requires `b<2`, but `2.0` is installed'],
  },
  {
    title: 'a wheel for another platform',
    specs: [{ name: 'a', version: '1.0', wheel: 'Wheel-Version: 1.0\nTag: cp27-cp27m-win32\n' }],
    findings: ['The package `a` was built for a different platform'],
  },
  {
    title: 'metadata that is gone',
    specs: [{ name: 'a', version: '1.0', metadata: false }],
    findings: [`The package \`a\` is broken or incomplete (unable to read \`METADATA\`). ${broken}/a-1.0.dist-info.`],
  },
  {
    title: 'a WHEEL file that is gone',
    specs: [{ name: 'a', version: '1.0', wheel: false }],
    findings: [`The package \`a\` is broken or incomplete (unable to read \`WHEEL\` file). ${broken}/a-1.0.dist-info.`],
  },
  {
    title: 'two of one name, and nothing else of them',
    specs: [
      { name: 'a', version: '1.0', requires: ['gone'] },
      { name: 'a', version: '2.0', requires: ['gone'] },
    ],
    findings: [
      'The package `a` has multiple installed distributions: ',
      '  - [SITE]/a-1.0.dist-info',
      '  - [SITE]/a-2.0.dist-info',
    ],
  },
];

for (const { title, specs, findings } of cases) {
  test(`pip check reports ${title}`, async (t) => {
    const scene = installedScene(t, ...specs);

    const { status, stdout, stderr } = await scene.run('pip', 'check');

    const checked = `Checked ${specs.length} package${specs.length === 1 ? '' : 's'} in [TIME]\n`;
    const outcome =
      findings.length === 0 ? ['All installed packages are compatible'] : ['Found 1 incompatibility', ...findings];
    assert.deepEqual(
      { status, stdout, stderr: stderr.replaceAll(scene.sitePackages, '[SITE]') },
      { status: findings.length === 0 ? 0 : 1, stdout: '', stderr: `${checked}${outcome.join('\n')}\n` },
    );
  });
}

test('pip check --python-version and --python-platform check for another Python, and say which one is installed', async (t) => {
  const scene = installedScene(t, {
    name: 'a',
    version: '1.0',
    requiresPython: '<4,>=3.5',
    requires: ['win; sys_platform == "win32"'],
  });

  const older = await scene.run('pip', 'check', '--python-version', '3.4');
  const windows = await scene.run('pip', 'check', '--python-platform', 'windows', '-q');

  assert.match(
    older.stderr,
    /\nFound 1 incompatibility\nThe package `a` requires Python >=3\.5, <4, but `3\.\d+\.\w+` is installed\n$/,
  );
  assert.deepEqual(windows, {
    status: 1,
    stdout: '',
    stderr:
      "Found 1 incompatibility\nThe package `a` requires `win ; sys_platform == 'win32'`, but it's not installed\n",
  });
});
