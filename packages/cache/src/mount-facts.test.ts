import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fileSystemType } from './file-system-kind.ts';
import { lacksOf, lockScopeOf, trustsLocks } from './mount-facts.ts';
import type { MountFacts } from './mount-facts.ts';

const LOCAL: MountFacts = {
  fileSystem: 'ext4',
  kind: 'local',
  locks: 'exclude',
  lockScope: 'everybody',
  hardLinks: true,
  clones: false,
  keepsFirstFolder: true,
  caseSensitive: true,
  mount: undefined,
  host: 'a',
  probedAt: '2026-01-01T00:00:00.000Z',
};
const CLIENT: MountFacts = { ...LOCAL, fileSystem: 'nfs4', kind: 'network', host: 'b' };

const scope = (magic: number, type: string, options: string): string =>
  lockScopeOf(
    fileSystemType(magic, 'linux'),
    { id: '1', mountPoint: '/m', type, options: options.split(',') },
    'exclude',
  );

test('lockScopeOf() knows from type and options whom locks exclude', () => {
  assert.equal(scope(0xef53, 'ext4', 'rw'), 'everybody');
  assert.equal(scope(0x6969, 'nfs4', 'rw,local_lock=none'), 'everybody');
  assert.equal(scope(0x6969, 'nfs', 'rw,nolock'), 'this-host');
  assert.equal(scope(0x6969, 'nfs4', 'rw,local_lock=all'), 'this-host');
  assert.equal(scope(0x0bd00bd0, 'lustre', 'rw,localflock'), 'this-host');
  assert.equal(scope(0x47504653, 'gpfs', 'rw'), 'this-host');
  assert.equal(scope(0x65735546, 'fuse.sshfs', 'rw'), 'unknown');
  assert.equal(scope(0x65735546, 'fuseblk', 'rw'), 'everybody');
});

test('lockScopeOf() believes what was tried more than the type', () => {
  assert.equal(lockScopeOf(fileSystemType(0xef53, 'linux'), undefined, 'none'), 'nobody');
  assert.equal(lockScopeOf(fileSystemType(0xef53, 'linux'), undefined, 'ignored'), 'nobody');
  assert.equal(lockScopeOf(fileSystemType(0, 'darwin'), undefined, 'exclude'), 'everybody');
});

test('trustsLocks() trusts nobody, when a server and its clients use one folder', () => {
  assert.equal(trustsLocks(LOCAL, [LOCAL]), true);
  assert.equal(trustsLocks(CLIENT, [CLIENT, { ...CLIENT, host: 'c' }]), true);
  assert.equal(trustsLocks(LOCAL, [LOCAL, CLIENT]), false);
  assert.equal(trustsLocks(CLIENT, [LOCAL, CLIENT]), false);
  assert.equal(trustsLocks({ ...CLIENT, lockScope: 'this-host' }, []), false);
});

test('lacksOf() names what is lacking, the gravest first', () => {
  const what = (facts: MountFacts, all: readonly MountFacts[] = []): string[] =>
    lacksOf(facts, all).map((lack) => lack.what);

  assert.deepEqual(what(LOCAL), []);
  assert.deepEqual(what({ ...CLIENT, lockScope: 'this-host', hardLinks: false }), [
    'locks do not exclude other hosts (nfs4)',
    'there are no hard links',
  ]);
  assert.deepEqual(what({ ...LOCAL, locks: 'none', lockScope: 'nobody' }), ['there are no locks (ext4)']);
  assert.match(what(LOCAL, [CLIENT])[0] ?? '', /^the server's own processes and its clients/);
});
