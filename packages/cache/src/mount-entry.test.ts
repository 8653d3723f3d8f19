import assert from 'node:assert/strict';
import { test } from 'node:test';

import { mountOf } from './mount-entry.ts';

const TABLE = [
  '22 1 8:1 / / rw,relatime - ext4 /dev/root rw',
  '65 22 0:33 / /mnt/share rw,relatime shared:4 - nfs4 10.0.0.1:/ rw,vers=4.2,local_lock=none',
  '66 22 0:34 / /mnt/share\\040two rw - fuse.sshfs host: rw,user_id=0',
  '70 65 0:40 / /mnt/share ro - nfs 10.0.0.2:/ rw,nolock',
  'not a line of the table',
].join('\n');

test('mountOf() finds the nearest mount above a path, and of two at one point the upper one', () => {
  assert.deepEqual(mountOf('/mnt/share/cache', TABLE), {
    id: '70',
    mountPoint: '/mnt/share',
    type: 'nfs',
    options: ['ro', 'rw', 'nolock'],
  });
  assert.equal(mountOf('/mnt/shared', TABLE)?.type, 'ext4');
  assert.equal(mountOf('/', TABLE)?.id, '22');
});

test('mountOf() reads mount points with blanks, and finds nothing in an empty table', () => {
  assert.equal(mountOf('/mnt/share two/x', TABLE)?.type, 'fuse.sshfs');
  assert.equal(mountOf('/mnt/share', ''), undefined);
});
