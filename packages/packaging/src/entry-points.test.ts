import assert from 'node:assert/strict';
import { test } from 'node:test';

import { InvalidEntryPointsError, parseEntryPoints } from './entry-points.ts';

test('parseEntryPoints() reads groups, comments, modules, attributes and extras', () => {
  const text =
    '# note\n[console_scripts]\n tool = a.b:main\r\nother=c [x, y]\n; note\n[ my.group ]\ntwo words = d:E.f\n';
  assert.deepEqual(parseEntryPoints(text), [
    { group: 'console_scripts', name: 'tool', module: 'a.b', attribute: 'main', extras: [] },
    { group: 'console_scripts', name: 'other', module: 'c', attribute: undefined, extras: ['x', 'y'] },
    { group: 'my.group', name: 'two words', module: 'd', attribute: 'E.f', extras: [] },
  ]);
});

test('parseEntryPoints() names the line at fault', () => {
  const faults: readonly (readonly [string, number])[] = [
    ['tool = a:b', 1],
    ['[g]\n\ntool', 3],
    ['[g]\n= a:b', 2],
    ['[g]\ntool = a b', 2],
    ['[g]\ntool = a:b;c', 2],
  ];
  for (const [text, line] of faults) {
    assert.throws(
      () => parseEntryPoints(text),
      (error) => error instanceof InvalidEntryPointsError && error.line === line,
      text,
    );
  }
});
