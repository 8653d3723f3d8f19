import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, sha256 } from './checksums.ts';

test('checksums are those that others compute', () => {
  assert.equal(sha256('abc', 'hex'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  assert.equal(sha256('é', 'hex'), sha256(Buffer.from('é'), 'hex'));
  assert.equal(sha256('', 'base64url'), '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU');
  assert.equal(crc32(Buffer.from('123456789')), 0xcbf43926);
});
