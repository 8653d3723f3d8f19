/** Editable installs of projects whose setuptools knows no PEP 660: what its command `develop` gives, by a wheel. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findPython, pythonTools } from '../support/python-tools.ts';
import { runShoal } from '../support/run-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** The releases before 64 run on these. */
const PYTHON = ['3.10', '3.11', '3.9', '3.8'].map(findPython).find((found) => found !== undefined);

test('pip install -e works with a setuptools older than 64: modules, extension modules, scripts', async (t) => {
  if (PYTHON === undefined) return t.skip('no Python from 3.8 to 3.11');
  const folder = temporaryFolder(t);
  const write = (path: string, content: string): void => writeFileSync(join(folder, 'project', path), content);
  mkdirSync(join(folder, 'project', 'src'), { recursive: true });
  write(
    'pyproject.toml',
    '[build-system]\nrequires = ["setuptools<64", "wheel"]\nbuild-backend = "setuptools.build_meta"\n',
  );
  write(
    'setup.py',
    `from setuptools import Extension, setup
setup(name="old", version="1.0", package_dir={"": "src"}, py_modules=["old"], scripts=["tool"],
      ext_modules=[Extension("fast", ["src/fast.c"])], entry_points={"console_scripts": ["old = old:main"]})
`,
  );
  write('tool', '#!python\nprint("tool")\n');
  write('src/old.py', 'import fast\n\n\ndef main():\n    print("old")\n');
  write(
    'src/fast.c',
    `#include <Python.h>
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "fast", NULL, -1, NULL};
PyMODINIT_FUNC PyInit_fast(void) { return PyModule_Create(&module); }
`,
  );
  execFileSync(PYTHON, ['-m', 'venv', '--without-pip', join(folder, '.venv')]);

  const { python } = await pythonTools();
  const words = ['-m', 'pip', 'download', '--quiet', '--dest', join(folder, 'links')];
  execFileSync(python, [...words, 'setuptools<64', 'wheel']);

  const { status, stderr } = await runShoal(
    ['pip', 'install', '--no-index', '--find-links', join(folder, 'links'), '-e', 'project'],
    { cwd: folder },
  );

  assert.equal(status, 0, stderr);
  const run = (program: string, ...words: readonly string[]): string =>
    execFileSync(join(folder, '.venv', 'bin', program), words, { encoding: 'utf8' }).trim();
  assert.equal(run('python', '-c', 'import old; print(old.__file__)'), join(folder, 'project', 'src', 'old.py'));
  assert.deepEqual([run('old'), run('tool')], ['old', 'tool']);
});
