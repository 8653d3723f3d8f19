/** Build environments: made once for whoever needs the same, and never older than the index allows. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { startLocalIndex } from '../support/local-index.ts';
import type { LocalIndex, LocalIndexOptions } from '../support/local-index.ts';
import { anyPython } from '../support/python-tools.ts';
import { runShoal } from '../support/run-command.ts';
import { writeSourceProject } from '../support/source-project.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { buildWheel } from '../support/wheel-builder.ts';
import type { BuiltDistribution } from '../support/wheel-builder.ts';

interface Scene {
  readonly index: LocalIndex;
  /** Build the project of this name, whose backend needs `helper`. @returns the version of `helper` that it found. */
  readonly build: (name: string) => Promise<string>;
  /** Trees in the cache. */
  readonly trees: () => readonly string[];
}

/** A module, and a script that imports it. */
function helperWheel(version: string): BuiltDistribution {
  return buildWheel({
    name: 'helper',
    version,
    files: { 'helper.py': `__version__ = "${version}"\n\n\ndef main():\n    print("the helper")\n` },
    entryPoints: { console_scripts: { 'run-helper': 'helper:main' } },
  });
}

async function scene(t: TestContext, options: LocalIndexOptions = {}): Promise<Scene> {
  const folder = temporaryFolder(t);
  const index = await startLocalIndex({ distributions: [helperWheel('1.0')], ...options });
  t.after(() => index.close());
  const cache = join(folder, 'cache');
  const found = join(folder, 'found');
  const inBuild = [
    'import helper, subprocess',
    'assert subprocess.check_output(["run-helper"], text=True) == "the helper\\n"',
    `open(${JSON.stringify(found)}, "w").write(helper.__version__)`,
  ].join('\n');
  return {
    index,
    build: async (name) => {
      const project = writeSourceProject(join(folder, name), { name, buildRequires: ['helper'], inBuild });
      const words = ['build', '--wheel', '-p', anyPython(), '--default-index', index.url, project];
      const { status, stderr } = await runShoal(words, { cwd: folder, variables: { SHOAL_CACHE_DIR: cache } });
      assert.equal(status, 0, stderr);
      return readFileSync(found, 'utf8');
    },
    trees: () => globSync(join(cache, 'trees-v1', '*', '*')).sort(),
  };
}

test('scripts of build requirements run in the build environment, whatever Python it was made of', async (t) => {
  const { build } = await scene(t);

  assert.equal(await build('first'), '1.0');
});

test('the second project with the same build requirements asks no index, downloads nothing and unpacks nothing', async (t) => {
  const { index, build, trees } = await scene(t);
  await build('first');
  const before = trees();
  index.forget();

  await build('second');

  assert.deepEqual(index.requests, []);
  assert.deepEqual(trees(), before);
});

test('a newer release is used as soon as the page of the index may have changed', async (t) => {
  const { index, build } = await scene(t, { maxAgeSeconds: 0 });
  assert.equal(await build('first'), '1.0');
  index.add(helperWheel('2.0'));

  assert.equal(await build('second'), '2.0');
});
