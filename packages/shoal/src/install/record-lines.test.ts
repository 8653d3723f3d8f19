import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { joinRecord, splitRecord } from './record-lines.ts';

suite('splitRecord()', () => {
  test('splitRecord() keeps everything after the path as it is written', () => {
    assert.deepEqual(splitRecord('b.py,md5=1,3\r\na.py,,\nonly\n\n'), [
      { path: 'b.py', rest: ',md5=1,3' },
      { path: 'a.py', rest: ',,' },
      { path: 'only', rest: ',,' },
    ]);
  });

  test('splitRecord() reads quoted paths and drops a leading slash', () => {
    assert.deepEqual(splitRecord('"a,b.py",sha256=x,1\n/c.py,,\n"say ""hi"".py",,\n'), [
      { path: 'a,b.py', rest: ',sha256=x,1' },
      { path: 'c.py', rest: ',,' },
      { path: 'say "hi".py', rest: ',,' },
    ]);
  });
});

suite('joinRecord()', () => {
  test('joinRecord() sorts by the bytes of the path, not of the row', () => {
    // `+` comes before `,`, so sorting rows would put `foo+bar` first.
    assert.equal(
      joinRecord([
        { path: 'foo+bar', rest: ',,' },
        { path: 'foo', rest: ',,' },
      ]),
      'foo,,\nfoo+bar,,\n',
    );
    // By UTF-16 units the second would come first.
    assert.equal(
      joinRecord([
        { path: '\u{1f600}', rest: ',,' },
        { path: '\uff5e', rest: ',,' },
      ]),
      '\uff5e,,\n\u{1f600},,\n',
    );
  });

  test('splitRecord() gives back the rows that joinRecord() wrote', () => {
    const path = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
      .filter((text) => !/[\r\0]/.test(text) && !text.startsWith('/'));
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 8 }), (paths) => {
        const rows = paths.map((each) => ({ path: each, rest: ',sha256=x,1' }));
        const read = splitRecord(joinRecord(rows));
        assert.deepEqual(new Set(read.map((row) => row.path)), new Set(paths));
      }),
      { numRuns: 300 },
    );
  });
});
