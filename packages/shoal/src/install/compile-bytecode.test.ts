import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { anyPython } from '../../../../tests/support/python-tools.ts';
import { temporaryFolder } from '../../../../tests/support/temporary-folder.ts';
import { compileBytecode } from './compile-bytecode.ts';

const OPTIONS = { python: anyPython(), concurrency: 2, timeoutMs: 60_000, variables: process.env };

suite('compileBytecode()', () => {
  test('compileBytecode() compiles what compiles, and passes over the rest in silence', async (t) => {
    const folder = temporaryFolder(t);
    const files = { 'good.py': 'x = 1\n', 'sp ace ü.py': 'y = 2\n', 'broken.py': 'print "two"\n', 'data.txt': '' };
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);

    const count = await compileBytecode(
      Object.keys(files).map((name) => join(folder, name)),
      OPTIONS,
    );

    assert.equal(count, 3);
    const compiled = readdirSync(join(folder, '__pycache__')).map((name) => name.slice(0, name.indexOf('.')));
    assert.deepEqual(compiled.sort(), ['good', 'sp ace ü']);
  });

  test('compileBytecode() starts no interpreter, when there is nothing to compile', async () => {
    assert.equal(await compileBytecode(['/a.txt'], { ...OPTIONS, python: '/nowhere/python' }), 0);
  });

  test('compileBytecode() fails with the interpreter’s words, when it cannot work', async (t) => {
    const path = join(temporaryFolder(t), 'a.py');
    writeFileSync(path, '');
    await assert.rejects(compileBytecode([path], { ...OPTIONS, python: '/nowhere/python' }), {
      code: 'BYTECODE_FAILED',
    });
    await assert.rejects(
      compileBytecode([path], { ...OPTIONS, variables: { ...process.env, PYC_INVALIDATION_MODE: 'WRONG' } }),
      /Invalid value for PYC_INVALIDATION_MODE "WRONG"/,
    );
  });

  test('compileBytecode() does not wait for ever for an interpreter that hangs', async (t) => {
    if (process.platform === 'win32') return t.diagnostic('needs a shell script');
    const folder = temporaryFolder(t);
    const hanging = join(folder, 'python');
    writeFileSync(hanging, '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 });
    await assert.rejects(
      compileBytecode([join(folder, 'a.py')], { ...OPTIONS, python: hanging, timeoutMs: 50 }),
      /Python startup timed out/,
    );
  });
});
