/** A cache and an environment on one file system of each kind: what is used, and what happens where something is refused. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';

import { startLocalIndex } from '../support/local-index.ts';
import type { LocalIndex } from '../support/local-index.ts';
import { imageOf, mountFaulty, mountFolder, overlayIn, whyNoMount } from '../support/mounted-folder.ts';
import { anyPython } from '../support/python-tools.ts';
import { runShoal } from '../support/run-command.ts';
import type { CommandRun } from '../support/run-command.ts';
import { buildWheel } from '../support/wheel-builder.ts';

/** Of a size that no file system keeps beside its folder entry. */
const DATA = Buffer.alloc(300_000, 'shoal ');
const wheel = buildWheel({ name: 'six', version: '1.0', files: { 'six.py': 'x = 1\n', 'six_data.bin': DATA } });
const FUSE_TOOLS = ['gcc', 'pkg-config', 'fusermount3'];

interface Place {
  readonly folder: string;
  readonly index: LocalIndex;
}

/** `undefined`, said to the reader, when nothing can be mounted. */
async function preparePlace(
  t: TestContext,
  tools: readonly string[],
  mount: () => string | Promise<string>,
): Promise<Place | undefined> {
  const reason = whyNoMount(tools);
  if (reason !== undefined) {
    t.diagnostic(`not run: ${reason}`);
    return undefined;
  }
  const folder = await mount();
  const index = await startLocalIndex({ distributions: [wheel] });
  t.after(() => index.close());
  return { folder, index };
}

/** `pip install six` into a new environment `name` beside the cache. */
async function install({ folder, index }: Place, name: string): Promise<CommandRun & { readonly data: string }> {
  const root = join(folder, name);
  const options = { cwd: folder, variables: { SHOAL_CACHE_DIR: join(folder, 'cache') } };
  await runShoal(['venv', '-p', anyPython(), root], options);
  const run = await runShoal(['pip', 'install', '-p', root, '--index-url', index.url, 'six'], options);
  const version = /3\.\d+/u.exec(readFileSync(join(root, 'pyvenv.cfg'), 'utf8'))?.[0] ?? '';
  return { ...run, data: join(root, 'lib', `python${version}`, 'site-packages', 'six_data.bin') };
}

async function examine({ folder }: Place): Promise<string> {
  return (await runShoal(['cache', 'doctor', '--cache-dir', 'cache'], { cwd: folder })).stdout;
}

/** Does the file share blocks with another? @see filefrag(8) */
function sharesBlocks(path: string): boolean {
  execFileSync('sync', ['-f', path]);
  return /\bshared\b/u.test(execFileSync('filefrag', ['-v', path], { encoding: 'utf8' }));
}

for (const { name, tools, mount } of [
  { name: 'xfs', tools: ['mkfs.xfs', 'filefrag'], mount: ['mkfs.xfs', '-q', '-m', 'reflink=1'] },
  { name: 'btrfs', tools: ['mkfs.btrfs', 'filefrag'], mount: ['mkfs.btrfs', '-q'] },
]) {
  test(`on ${name} files of an environment are clones: they share blocks with the cache, and no inode`, async (t) => {
    const place = await preparePlace(t, tools, () => mountFolder(t, (workshop) => imageOf(mount, workshop)));
    if (place === undefined) return;

    const { status, stderr, data } = await install(place, 'env');

    assert.equal(status, 0, stderr);
    assert.match(await examine(place), /^Clones \(reflinks\): +yes$/m);
    assert.equal(statSync(data).nlink, 1);
    assert.equal(sharesBlocks(data), true);
  });
}

for (const { name, words } of [
  { name: 'tmpfs', words: (): string[] => ['-t', 'tmpfs', '-o', 'size=200m', 'tmpfs'] },
  { name: 'overlay', words: overlayIn },
]) {
  test(`on ${name} locks, hard links and publication work, and files of an environment are hard links`, async (t) => {
    const place = await preparePlace(t, [], () => mountFolder(t, words));
    if (place === undefined) return;

    const { status, stderr, data } = await install(place, 'env');

    assert.equal(status, 0, stderr);
    const shown = await examine(place);
    assert.match(shown, new RegExp(`^File system: +${name} \\(local\\)$`, 'm'));
    assert.match(shown, /^Nothing is lacking\.$/m);
    assert.equal(statSync(data).nlink, 2);
  });
}

test('where FUSE refuses locks, installing works, one warning says what follows, and it is said once', async (t) => {
  let fail = (_fault: string): void => undefined;
  const place = await preparePlace(t, FUSE_TOOLS, async () => {
    const faulty = await mountFaulty(t);
    fail = faulty.fail;
    return faulty.folder;
  });
  if (place === undefined) return;
  fail('locks');

  const first = await runShoal(['python', 'find', anyPython()], {
    cwd: place.folder,
    variables: { SHOAL_CACHE_DIR: join(place.folder, 'cache') },
  });
  const second = await runShoal(['cache', 'prune', '--cache-dir', 'cache'], { cwd: place.folder });

  const warning = /warning: In the cache's place, there are no locks \(fuse\.faulty\): work may be done twice/g;
  assert.deepEqual([first.status, second.status], [0, 0], `${first.stderr}${second.stderr}`);
  assert.equal(`${first.stderr}${second.stderr}`.match(warning)?.length, 1, first.stderr);
});

for (const fault of ['ESTALE', 'EIO']) {
  test(`where FUSE answers ${fault} to who reads a cached tree, an install heals it or says so, and succeeds afterwards`, async (t) => {
    let fail = (_fault: string): void => undefined;
    const place = await preparePlace(t, FUSE_TOOLS, async () => {
      const faulty = await mountFaulty(t);
      fail = faulty.fail;
      return faulty.folder;
    });
    if (place === undefined) return;
    assert.equal((await install(place, 'before')).status, 0);
    fail(fault);

    const during = await install(place, 'during');
    fail('');
    const after = await install(place, 'after');

    if (during.status !== 0) assert.match(during.stderr, new RegExp(`^(error|  cause): .*${fault}`, 'm'));
    assert.doesNotMatch(during.stderr, /^\s+at /m, 'no stack trace');
    assert.equal(after.status, 0, after.stderr);
    assert.deepEqual(readFileSync(after.data), DATA);
    t.diagnostic(`while ${fault}: ${during.status === 0 ? 'installed' : `status ${during.status}`}`);
  });
}
