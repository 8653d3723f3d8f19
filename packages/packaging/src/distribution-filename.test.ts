import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  InvalidSdistFilenameError,
  InvalidWheelFilenameError,
  parseSdistFilename,
  parseWheelFilename,
  tryParseDistributionFilename,
} from './distribution-filename.ts';
import { normalizeName } from './name.ts';
import { formatVersion } from './version.ts';

test('parseWheelFilename() tells the parts apart', () => {
  const wheel = parseWheelFilename('Foo_Bar-1.0_1-2x-py2.py3-none-any.whl');
  assert.equal(wheel.name, 'foo-bar');
  assert.equal(formatVersion(wheel.version), '1.0.post1');
  assert.deepEqual(wheel.buildTag, { number: 2, suffix: 'x' });
  assert.deepEqual([wheel.pythons, wheel.abis, wheel.platforms], [['py2', 'py3'], ['none'], ['any']]);
  assert.equal(parseWheelFilename('a-1-py3-none-any.whl').buildTag, undefined);
});

test('parseWheelFilename() says what a filename lacks', () => {
  const faults: readonly (readonly [string, RegExp])[] = [
    ['a-1-py3-none-any.zip', /Must end with \.whl/],
    ['a.whl', /Must have a version/],
    ['a-1-py3-none.whl', /Must have a platform tag/],
    ['a-1-1-1-py3-none-any.whl', /Must have 5 or 6 components/],
    ['a__b-1-py3-none-any.whl', /invalid package name: "a__b"/],
    ['a-x-py3-none-any.whl', /invalid version: "x"/],
    ['a-1-b1-py3-none-any.whl', /must start with a digit: "b1"/],
  ];
  for (const [filename, complaint] of faults) {
    assert.throws(
      () => parseWheelFilename(filename),
      (error) => error instanceof InvalidWheelFilenameError && complaint.test(error.message),
      filename,
    );
  }
});

test('parseSdistFilename() finds the border between name and version, with the project known or not', () => {
  const known = parseSdistFilename('foo-bar-1.0-2.tar.gz', normalizeName('foo-bar'));
  assert.equal(formatVersion(known.version), '1.0.post2');
  assert.equal(known.extension, '.tar.gz');
  assert.equal(parseSdistFilename('foo-bar-1.0.zip').name, 'foo-bar');
  for (const filename of ['a-1.0.egg', 'a.tar.gz', 'a-x.zip', '-1.0.zip'])
    assert.throws(() => parseSdistFilename(filename), InvalidSdistFilenameError, filename);
});

test('tryParseDistributionFilename() passes over what is no distribution of the project', () => {
  const name = normalizeName('a');
  assert.equal(tryParseDistributionFilename('A-1-py3-none-any.whl', name)?.kind, 'wheel');
  assert.equal(tryParseDistributionFilename('a-1.tar.gz', name)?.kind, 'sdist');
  for (const filename of ['b-1-py3-none-any.whl', 'b-1.tar.gz', 'a-1.win32.exe', 'a-1-py3.12.egg'])
    assert.equal(tryParseDistributionFilename(filename, name), undefined, filename);
});
