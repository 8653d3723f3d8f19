import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import {
  arbitraryMarkerText,
  arbitraryNames,
  arbitraryPossibleEnvironment,
} from '../../../tests/support/arbitrary-marker.ts';
import {
  evaluateMarkerExtras,
  onlyExtras,
  restrictMarker,
  simplifyMarkerExtras,
  simplifyMarkerNotExtras,
  topLevelExtra,
  withoutExtras,
} from './marker-assumptions.ts';
import { complexifyMarkerWithPython, markerPythonRange, simplifyMarkerWithPython } from './marker-python.ts';
import { andMarkers, evaluateMarker, formatMarker, markersEqual, parseMarker } from './marker.ts';
import { normalizeName } from './name.ts';
import { rangeOfSpecifierSet } from './specifier-range.ts';
import { parseSpecifierSet } from './specifier.ts';
import { rangeContains } from './version-range.ts';
import { parseVersion } from './version.ts';

const dev = new Set([normalizeName('dev')]);

test('extras are answered, dropped or kept alone', () => {
  const marker = parseMarker("(extra == 'dev' or extra == 'docs') and os_name == 'nt'");
  assert.equal(formatMarker(simplifyMarkerExtras(marker, dev)), "os_name == 'nt'");
  assert.equal(formatMarker(simplifyMarkerNotExtras(marker, dev)), "os_name == 'nt' and extra == 'docs'");
  assert.equal(formatMarker(simplifyMarkerNotExtras(marker)), "python_version < '0'");
  assert.equal(formatMarker(withoutExtras(marker)), "os_name == 'nt'");
  assert.equal(formatMarker(onlyExtras(marker)), "extra == 'dev' or extra == 'docs'");
  assert.equal(evaluateMarkerExtras(marker, dev), true);
  assert.equal(evaluateMarkerExtras(marker, new Set()), false);
  assert.equal(topLevelExtra(parseMarker("extra == 'Dev' and os_name == 'nt'")), 'dev');
  assert.equal(topLevelExtra(marker), undefined);
});

test('simplifyMarkerWithPython() drops what requires-python implies', () => {
  const pythons = rangeOfSpecifierSet(parseSpecifierSet('>=3.9,<4'));
  const cases: readonly (readonly [string, string | undefined])[] = [
    ["python_version >= '3.8'", undefined],
    ["python_version >= '3.8' and os_name == 'nt'", "os_name == 'nt'"],
    ["python_version < '3.11'", "python_full_version < '3.11'"],
    ["python_version < '3.9'", "python_version < '0'"],
  ];
  for (const [text, expected] of cases)
    assert.equal(formatMarker(simplifyMarkerWithPython(parseMarker(text), pythons)), expected, text);
});

const text = arbitraryMarkerText({ exact: true });
const question = fc.tuple(arbitraryPossibleEnvironment, arbitraryNames);

test('markers under an assumption answer as before wherever the assumption holds', () => {
  fc.assert(
    fc.property(text, text, question, (a, b, [environment, extras]) => {
      const [marker, assumption] = [parseMarker(a), parseMarker(b)];
      const before = evaluateMarker(marker, environment, extras);
      assert.equal(evaluateMarker(simplifyMarkerExtras(marker, extras), environment, extras), before);
      assert.equal(evaluateMarker(simplifyMarkerNotExtras(marker, new Set()), environment, extras), before);
      if (before) assert.ok(evaluateMarker(withoutExtras(marker), environment, extras));
      if (evaluateMarker(assumption, environment, extras))
        assert.equal(evaluateMarker(restrictMarker(marker, assumption), environment, extras), before);
    }),
    { numRuns: 1000 },
  );
});

test('simplifying with requires-python and undoing it is to ask for both, and the range of Pythons covers all that hold', () => {
  const sets = fc.constantFrom('>=3.8', '>=3.9,<4', '>3.10', '<=3.12.1', '>=3.8,!=3.9.*').map(parseSpecifierSet);
  fc.assert(
    fc.property(text, sets, question, (a, set, [environment, extras]) => {
      const marker = parseMarker(a);
      const pythons = rangeOfSpecifierSet(set);
      const simplified = simplifyMarkerWithPython(marker, pythons);
      assert.ok(
        markersEqual(
          complexifyMarkerWithPython(simplified, pythons),
          andMarkers(marker, complexifyMarkerWithPython(marker, pythons)),
        ),
      );
      if (!evaluateMarker(marker, environment, extras)) return;
      const range = markerPythonRange(marker);
      assert.ok(range === undefined || rangeContains(range, parseVersion(environment.python_full_version)));
    }),
    { numRuns: 1000 },
  );
});
