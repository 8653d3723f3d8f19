import assert from 'node:assert/strict';
import {
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { TestContext } from 'node:test';
import { cloneFile } from '@shoal/cache';
import { temporaryFolder } from '../../../../tests/support/temporary-folder.ts';
import type { InstallEvent } from './install-event.ts';
import { createLinkModes, placeFile } from './link-mode.ts';

function makeSource(t: TestContext): { readonly source: string; readonly folder: string } {
  const folder = temporaryFolder(t);
  const source = join(folder, 'source');
  writeFileSync(source, 'content', { mode: 0o755 });
  mkdirSync(join(folder, 'target'));
  return { source, folder: join(folder, 'target') };
}

suite('createLinkModes()', () => {
  test('modeFor() decides once, tells why, and leaves no trace', (t) => {
    const { source, folder } = makeSource(t);
    const events: InstallEvent[] = [];
    const modes = createLinkModes({ platform: 'linux', onEvent: (event) => events.push(event) });
    const canClone = cloneFile(source, join(folder, 'try')) === 'cloned';

    const mode = modes.modeFor(source, folder);
    const told = events.length;
    modes.modeFor(source, folder);

    assert.equal(mode, canClone ? 'clone' : 'hardlink');
    assert.equal(told, canClone ? 0 : 1);
    assert.equal(events.length, told);
    assert.deepEqual(readdirSync(folder), canClone ? ['try'] : []);
  });

  test('modeFor() ends in copy with one warning, when the folders are on two file systems', (t) => {
    const { source } = makeSource(t);
    const other = '/dev/shm';
    if (process.platform !== 'linux' || statSync(other, { throwIfNoEntry: false })?.dev === statSync(source).dev)
      return t.diagnostic('no second file system here');
    const events: InstallEvent[] = [];
    const modes = createLinkModes({ requested: 'hardlink', platform: 'linux', onEvent: (event) => events.push(event) });

    assert.equal(modes.modeFor(source, other), 'copy');
    modes.modeFor(source, other);

    assert.deepEqual(events[0], { type: 'link-fallback', from: 'hardlink', to: 'copy', reason: 'EXDEV' });
    const warnings = events.filter(({ type }) => type === 'warning');
    assert.equal(warnings.length, 1);
    assert.match(
      JSON.stringify(warnings[0]),
      /Failed to hardlink files; falling back to full copy\. This may lead to degraded performance\./,
    );
  });

  test('modeFor() decides nothing, when the file that it tries with vanishes', (t) => {
    const { source, folder } = makeSource(t);
    const lasting = join(folder, '..', 'lasting');
    writeFileSync(lasting, 'content');
    // The listener is called between one try and the next, where the file system cannot clone.
    const onEvent = (event: InstallEvent): void => {
      if (event.type === 'link-fallback') rmSync(source, { force: true });
    };
    const modes = createLinkModes({ platform: 'linux', onEvent });
    if (cloneFile(lasting, join(folder, 'try')) === 'cloned') return t.diagnostic('not run: this file system clones');

    assert.equal(modes.modeFor(source, folder), 'copy');
    assert.equal(modes.modeFor(lasting, folder), 'hardlink');
  });

  test('modeFor() says nothing, when copies were asked for', (t) => {
    const { source, folder } = makeSource(t);
    const modes = createLinkModes({
      requested: 'copy',
      platform: 'linux',
      onEvent: () => assert.fail('nothing to tell'),
    });
    assert.equal(modes.modeFor(source, folder), 'copy');
  });
});

suite('placeFile()', () => {
  test('placeFile() links, copies or points, as it is told', (t) => {
    const { source, folder } = makeSource(t);
    for (const mode of ['hardlink', 'copy', 'symlink'] as const) placeFile(mode, source, join(folder, mode));

    assert.equal(statSync(join(folder, 'hardlink')).ino, statSync(source).ino);
    assert.notEqual(statSync(join(folder, 'copy')).ino, statSync(source).ino);
    assert.equal(statSync(join(folder, 'copy')).mode & 0o111, 0o111);
    assert.ok(lstatSync(join(folder, 'symlink')).isSymbolicLink());
    for (const mode of ['hardlink', 'copy', 'symlink'])
      assert.equal(readFileSync(join(folder, mode), 'utf8'), 'content');
  });

  test('placeFile() copies a file that has no link to give any more', (t) => {
    const { source, folder } = makeSource(t);
    let links = 0;
    // ext4 allows 65,000 links; file systems without a limit end the loop.
    try {
      for (; links < 66_000; links += 1) linkSync(source, join(folder, String(links)));
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'EMLINK');
    }
    placeFile('hardlink', source, join(folder, 'last'));

    const last = statSync(join(folder, 'last'));
    assert.equal(readFileSync(join(folder, 'last'), 'utf8'), 'content');
    if (links < 66_000) assert.equal(last.nlink, 1);
    copyFileSync(source, join(folder, 'copy'));
    assert.equal(last.mode, statSync(join(folder, 'copy')).mode);
  });
});
