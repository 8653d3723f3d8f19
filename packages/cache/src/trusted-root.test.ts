import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { trustedRoot } from './trusted-root.ts';

const COMES_AND_GOES = `
  const { mkdirSync, rmdirSync } = require('node:fs');
  console.log('begun');
  for (;;) {
    mkdirSync(process.argv[1]);
    rmdirSync(process.argv[1]);
  }`;
const LOOKS = 20_000;

test('trustedRoot() gives the root, when another process makes and removes it all the time', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-trusted-'));
  const root = join(folder, 'root');
  const other = spawn(process.execPath, ['-e', COMES_AND_GOES, root], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(async () => {
    other.kill('SIGKILL');
    await once(other, 'close');
    rmSync(folder, { recursive: true, force: true });
  });
  await once(other.stdout, 'data');

  for (let look = 0; look < LOOKS; look += 1) assert.equal(trustedRoot(root), root);
});
