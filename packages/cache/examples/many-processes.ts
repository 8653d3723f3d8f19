/**
 * Five processes want the same dictionary at the same time; one of them builds it.
 *
 *     node --conditions=source packages/cache/examples/many-processes.ts
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { digestOf, openCache } from '@shoal/cache';
import type { TreeContent, TreeWork } from '@shoal/cache';

const [root] = process.argv.slice(2);
await (root === undefined ? startFive() : lookUp(root));

async function startFive(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'many-processes-'));
  const command = ['--conditions=source', fileURLToPath(import.meta.url), folder];
  const children = Array.from({ length: 5 }, () => spawn(process.execPath, command, { stdio: 'inherit' }));
  await Promise.all(children.map(async (child) => await once(child, 'exit')));
  using cache = openCache({ root: folder, command: 'example' });
  const { files, bytes } = await cache.clean();
  print(`Removed ${files} files (${bytes} bytes)`);
  rmSync(folder, { recursive: true, force: true });
}

async function lookUp(folder: string): Promise<void> {
  using cache = openCache({ root: folder, command: 'example look-up' });
  using dictionary = await cache.trees.pinOrProduce({
    digest: digestOf('dictionary, first edition'),
    resource: 'the dictionary',
    produce: build,
  });
  const [first] = dictionary.manifest.files;
  const words = readFileSync(join(dictionary.folder, first?.path ?? ''), 'utf8').split('\n');
  print(`process ${process.pid} found ${words.length} words`);
}

async function build({ folder }: TreeWork): Promise<TreeContent> {
  print(`process ${process.pid} builds the dictionary`);
  const words = await Promise.resolve(['anchovy', 'herring', 'mackerel', 'sardine'].join('\n'));
  writeFileSync(join(folder, 'words.txt'), words);
  return { files: [{ path: 'words.txt', sizeBytes: words.length, executable: false, sha256: '' }], note: null };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
