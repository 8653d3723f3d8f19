import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseHeaderFields } from './header-fields.ts';

test('parseHeaderFields() collects repeated names, joins continued lines, and leaves the body as it is', () => {
  const { values, body } = parseHeaderFields(
    '\uFEFFA: 1\r\na:2\r\nB: one\r\n        two\r\n\tthree\r\nno field\r\nC: x: y\r\n\r\nA: body\n\nmore',
  );
  assert.deepEqual(
    [...values],
    [
      ['a', ['1', '2']],
      ['b', ['one\ntwo\nthree']],
      ['c', ['x: y']],
    ],
  );
  assert.equal(body, 'A: body\n\nmore');
});

test('parseHeaderFields() reads a text without a body or a final line end', () => {
  assert.deepEqual(
    [...parseHeaderFields('A: 1\nB:').values],
    [
      ['a', ['1']],
      ['b', ['']],
    ],
  );
  assert.deepEqual([...parseHeaderFields('').values], []);
});
