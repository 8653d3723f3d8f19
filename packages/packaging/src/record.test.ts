import assert from 'node:assert/strict';
import { test } from 'node:test';

import { formatRecord, InvalidRecordError, parseRecord } from './record.ts';

test('parseRecord() reads quotes, backslashes, empty cells and any line end', () => {
  const text = 'a.py,sha256=Ab-_,12\r\n"b, ""c"".py",,\r\nd\\e.py,md5=x=y,0\n\na.dist-info/RECORD,,\n';
  assert.deepEqual(parseRecord(text), [
    { path: 'a.py', hash: { algorithm: 'sha256', digest: 'Ab-_' }, sizeBytes: 12 },
    { path: 'b, "c".py' },
    { path: 'd/e.py', hash: { algorithm: 'md5', digest: 'x=y' }, sizeBytes: 0 },
    { path: 'a.dist-info/RECORD' },
  ]);
});

test('formatRecord() quotes only what must be', () => {
  const rows = [{ path: 'ü.py', sizeBytes: 1 }, { path: 'a,b' }, { path: 'line\nbreak' }];
  assert.equal(formatRecord(rows), 'ü.py,,1\n"a,b",,\n"line\nbreak",,\n');
});

test('parseRecord() names the line at fault', () => {
  const faults: readonly (readonly [string, number])[] = [
    ['a,,\n,sha256=x,1\n', 2],
    ['a,sha256,1\n', 1],
    ['a,,12x\n', 1],
    ['a,,1,more\n', 1],
    ['a,,\n"b\nc",,\n"never closed,,\n', 4],
  ];
  for (const [text, line] of faults) {
    assert.throws(
      () => parseRecord(text),
      (error) => error instanceof InvalidRecordError && error.line === line,
      text,
    );
  }
});
