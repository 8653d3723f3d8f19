/** `python -m build --installer=uv`, with shoal in the place of uv. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { anyPython } from '../support/python-tools.ts';
import { shoalCommand } from '../support/shoal-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const BACKENDS = {
  setuptools: 'setuptools.build_meta',
  hatchling: 'hatchling.build',
  'flit-core': 'flit_core.buildapi',
} as const;

interface Client {
  /** Has `build` installed. */
  readonly python: string;
  /** `PATH` leads to a `uv` that notes its words and becomes shoal. */
  readonly variables: NodeJS.ProcessEnv;
  readonly calls: () => readonly string[];
}

function client(t: TestContext): Client {
  const folder = temporaryFolder(t);
  const log = join(folder, 'calls');
  const python = join(folder, 'env', 'bin', 'python');
  const words = shoalCommand().map((word) => `'${word}'`);
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'uv'), `#!/bin/sh\necho "$@" >> '${log}'\nexec ${words.join(' ')} "$@"\n`, {
    mode: 0o755,
  });
  const path = [join(folder, 'bin'), process.env['PATH']].join(':');
  const variables = { ...process.env, PATH: path, UV: undefined, SHOAL_CACHE_DIR: join(folder, 'cache') };
  execFileSync(anyPython(), ['-m', 'venv', '--without-pip', join(folder, 'env')]);
  execFileSync(join(folder, 'bin', 'uv'), ['pip', 'install', '-q', '-p', python, 'build>=1.2'], { env: variables });
  return { python, variables, calls: () => readFileSync(log, 'utf8').trim().split('\n') };
}

function writeProject(t: TestContext, name: string, backend: string): string {
  const folder = temporaryFolder(t);
  writeFileSync(
    join(folder, 'pyproject.toml'),
    `[build-system]\nrequires = ["${name}"]\nbuild-backend = "${backend}"\n\n[project]\nname = "part"\nversion = "1.0"\ndescription = "A part"\nrequires-python = ">=3.9"\n`,
  );
  writeFileSync(join(folder, 'part.py'), '"""A part."""\n');
  return folder;
}

test('python -m build --installer=uv, where uv is shoal', async (t) => {
  const { python, variables, calls } = client(t);

  for (const [name, backend] of Object.entries(BACKENDS))
    await t.test(`builds a source distribution and a wheel with ${name}, which shoal has installed for it`, (inner) => {
      const folder = writeProject(inner, name, backend);

      const options = { cwd: folder, env: variables, encoding: 'utf8', stdio: 'pipe' } as const;
      const printed = execFileSync(python, ['-m', 'build', '--installer=uv'], options);

      assert.match(printed, /Successfully built part-1\.0\.tar\.gz and part-1\.0-py3-none-any\.whl/);
      assert.ok(readdirSync(join(folder, 'dist')).includes('part-1.0-py3-none-any.whl'));
      const installs = calls().filter((call) => call.startsWith(`pip install ${name} --python`));
      assert.equal(installs.length, 2, calls().join('\n'));
    });
});
