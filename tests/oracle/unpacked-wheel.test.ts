/** Unpacked trees against Python's `zipfile`: real wheels, the ones that virtualenv carries. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { unpackWheel } from '../../packages/shoal/src/fetch/unpack-wheel.ts';
import { temporaryFolder } from '../support/fetch-fixture.ts';
import { pythonTools } from '../support/python-tools.ts';

function filesBelow(folder: string): string[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return found.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort();
}

test('unpackWheel() writes what `python -m zipfile -e` writes, and hashes what RECORD says', async (t) => {
  const { python } = await pythonTools();
  const wheels = globSync(
    join(dirname(dirname(python)), 'lib/python*/site-packages/virtualenv/seed/wheels/embed/*.whl'),
  );
  assert.ok(wheels.length >= 2);
  for (const wheel of wheels) {
    const root = temporaryFolder(t);
    const [ours, theirs] = [join(root, 'ours'), join(root, 'theirs')];
    mkdirSync(ours);
    execFileSync(python, ['-m', 'zipfile', '-e', wheel, theirs]);

    const { files } = await unpackWheel({ archivePath: wheel, folder: ours, filename: basename(wheel) });

    assert.deepEqual(filesBelow(ours), filesBelow(theirs));
    assert.deepEqual(files.map(({ path }) => path).sort(), filesBelow(ours));
    for (const file of files) {
      const content = readFileSync(join(ours, file.path));
      assert.ok(content.equals(readFileSync(join(theirs, file.path))), file.path);
      assert.equal(createHash('sha256').update(content).digest('base64url'), file.sha256, file.path);
      assert.equal((statSync(join(ours, file.path)).mode & 0o100) !== 0, file.executable, file.path);
    }
  }
});
