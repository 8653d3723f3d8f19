import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import {
  arbitraryMarkerText,
  arbitraryNames,
  arbitraryPossibleEnvironment,
} from '../../../tests/support/arbitrary-marker.ts';
import { InvalidMarkerError } from './errors.ts';
import type { MarkerEnvironment } from './marker-environment.ts';
import {
  andMarkers,
  areMarkersDisjoint,
  evaluateMarker,
  falseMarker,
  formatMarker,
  isFalseMarker,
  isTrueMarker,
  type Marker,
  markerImplies,
  markersEqual,
  notMarker,
  orMarkers,
  parseMarker,
  trueMarker,
} from './marker.ts';
import { normalizeName } from './name.ts';

const LINUX: MarkerEnvironment = {
  implementation_name: 'cpython',
  implementation_version: '3.13.0rc1',
  os_name: 'posix',
  platform_machine: 'x86_64',
  platform_python_implementation: 'CPython',
  platform_release: '6.1.0-26-amd64',
  platform_system: 'Linux',
  platform_version: '#1 SMP',
  python_full_version: '3.13.0rc1',
  python_version: '3.13',
  sys_platform: 'linux',
};

test('evaluateMarker() follows the letter of PEP 508, old names of variables and spellings of extras included', () => {
  const extras = new Set([normalizeName('all-in')]);
  const groups = new Set([normalizeName('dev')]);
  const answers: readonly (readonly [string, boolean])[] = [
    ["python_version >= '3.9'", true],
    ["python_version in '3.12 3.13'", true],
    ["python_full_version >= '3.13'", false],
    ["python_full_version ~= '3.13.0b1'", true],
    ["'3.13' == python_version", true],
    ["os.name == 'posix' and sys.platform == 'linux'", true],
    ["python_implementation == 'CPython'", true],
    ["platform_release >= '6'", false],
    ["platform_system < 'Windows'", false],
    ["platform_system <= 'Linux'", true],
    ["'86' in platform_machine", true],
    ["extra == 'All_In'", true],
    ["extra != 'all-in'", false],
    ["'All.In' in extras and 'DEV' in dependency_groups", true],
    ["'dev' in extras", false],
    ["(os_name == 'nt' or sys_platform == 'linux') and python_version < '3'", false],
    ["os_name == 'nt' or sys_platform == 'linux' and python_version > '3'", true],
  ];
  for (const [text, expected] of answers)
    assert.equal(evaluateMarker(parseMarker(text), LINUX, extras, groups), expected, text);
});

test('parseMarker() names the place of the fault', () => {
  const faults: readonly (readonly [string, string, number])[] = [
    ['', 'Expected marker value, found end of dependency specification', 0],
    ['python == "3"', 'Expected a quoted string or a valid marker name, found `python`', 0],
    ['os_name is "nt"', 'Expected a valid marker operator (such as `>=` or `not in`), found `is`', 8],
    ["'a' not inextras", 'Expected whitespace after `not in`, found `e`', 10],
    ['os_name == "nt', "Expected '\"', found end of dependency specification", 11],
    ['(os_name == "nt"', "Expected ')', found end of dependency specification", 0],
    ['os_name == "nt" xor', "Unexpected character 'x', expected 'and', 'or' or end of input", 16],
    ['os_name not "nt"', 'Expected `i`, found `"`', 12],
    ['extras == "a"', 'The marker extras must be on the right hand side of the expression', 0],
  ];
  for (const [text, reason, position] of faults) {
    assert.throws(
      () => parseMarker(text),
      (error) => error instanceof InvalidMarkerError && error.reason === reason && error.position === position,
      text,
    );
  }
});

test('formatMarker() writes what is left after simplifying', () => {
  const spelled: readonly (readonly [string, string | undefined])[] = [
    ["python_version >= '3.8' and python_version >= '3.9'", "python_full_version >= '3.9'"],
    ["python_version < '3.9' or python_version >= '3.9'", undefined],
    ["os_name == 'nt' and sys_platform == 'linux'", "python_version < '0'"],
    [
      "os_name == 'nt' and extra == 'b' or os_name == 'nt' and extra == 'a'",
      "os_name == 'nt' and (extra == 'a' or extra == 'b')",
    ],
    ["platform_system == 'Windows'", "sys_platform == 'win32'"],
    ["'linux' == sys_platform", "sys_platform == 'linux'"],
  ];
  for (const [text, expected] of spelled) assert.equal(formatMarker(parseMarker(text)), expected, text);
});

const marker = arbitraryMarkerText({ exact: true }).map(parseMarker);
const question = fc.tuple(arbitraryPossibleEnvironment, arbitraryNames, arbitraryNames);

test('and, or and not answer as their operands do, in 3,000 environments', () => {
  fc.assert(
    fc.property(marker, marker, question, (a, b, [environment, extras, groups]) => {
      const holds = (one: Marker): boolean => evaluateMarker(one, environment, extras, groups);
      const [inA, inB] = [holds(a), holds(b)];
      assert.equal(holds(andMarkers(a, b)), inA && inB);
      assert.equal(holds(orMarkers(a, b)), inA || inB);
      assert.equal(holds(notMarker(a)), !inA);
      if (areMarkersDisjoint(a, b)) assert.ok(!(inA && inB));
      if (markerImplies(a, b)) assert.ok(!inA || inB);
      if (markersEqual(a, b)) assert.equal(inA, inB);
      if (isTrueMarker(a)) assert.ok(inA);
      if (isFalseMarker(a)) assert.ok(!inA);
    }),
    { numRuns: 3000 },
  );
});

/** Of `platform_release` the text of a marker does not tell the version from the text, as it does not in uv. */
const withoutRelease = arbitraryMarkerText().filter((text) => !text.includes('platform_release'));

test('a marker as formatMarker() writes it is the same marker, and is written the same again', () => {
  fc.assert(
    fc.property(fc.oneof(marker, withoutRelease.map(parseMarker)), (a) => {
      fc.pre(!isFalseMarker(a));
      const text = formatMarker(a);
      const again = text === undefined ? trueMarker : parseMarker(text);
      assert.ok(markersEqual(again, a), `${text} is another marker`);
      assert.equal(formatMarker(again), text);
    }),
    { numRuns: 1000 },
  );
});

test('a simplified marker answers as the marker that was written, in 1,000 environments', () => {
  fc.assert(
    fc.property(marker, question, (a, [environment, extras, groups]) => {
      const text = formatMarker(a);
      const simplified = text === undefined ? trueMarker : parseMarker(text);
      assert.equal(
        evaluateMarker(simplified, environment, extras, groups),
        evaluateMarker(a, environment, extras, groups),
      );
    }),
    { numRuns: 1000 },
  );
});

test('the laws of the algebra hold by markersEqual()', () => {
  fc.assert(
    fc.property(marker, marker, marker, (a, b, c) => {
      const equal = (left: Marker, right: Marker): void =>
        assert.ok(markersEqual(left, right), `${left.toString()} and ${right.toString()}`);
      equal(andMarkers(a, b), andMarkers(b, a));
      equal(orMarkers(a, orMarkers(b, c)), orMarkers(orMarkers(a, b), c));
      equal(andMarkers(a, orMarkers(b, c)), orMarkers(andMarkers(a, b), andMarkers(a, c)));
      equal(notMarker(andMarkers(a, b)), orMarkers(notMarker(a), notMarker(b)));
      equal(orMarkers(a, andMarkers(a, b)), orMarkers(a, falseMarker));
      equal(notMarker(notMarker(a)), andMarkers(a, trueMarker));
      equal(orMarkers(a, notMarker(a)), trueMarker);
      assert.ok(areMarkersDisjoint(a, notMarker(a)));
      assert.ok(markerImplies(andMarkers(a, b), a));
    }),
    { numRuns: 300 },
  );
});
