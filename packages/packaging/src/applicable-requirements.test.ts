import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InvalidMetadataError, parseApplicableRequirements } from './metadata.ts';
import { normalizeName } from './name.ts';

const text = `Metadata-Version: 2.1
Name: a
Version: 1
Provides-Extra: x
Requires-Dist: plain
Requires-Dist: other; sys_platform == "win32"
Requires-Dist: either; os_name == "nt" or extra == "x"
Requires-Dist: extra-only; python_version > "3" and extra == 'x'

Requires-Dist: of-the-description
`;
const namesWith = (...extras: string[]): string[] =>
  parseApplicableRequirements(text, new Set(extras.map(normalizeName))).requirements.map(({ name }) => name);

test('without extras, what an extra alone needs is left out, and nothing else', () => {
  assert.deepEqual(namesWith(), ['plain', 'other', 'either']);
});

test('with an extra that is provided, everything is given', () => {
  assert.deepEqual(namesWith('x'), ['plain', 'other', 'either', 'extra-only']);
});

test('an extra that is not provided counts as none', () => {
  const found = parseApplicableRequirements(text, new Set([normalizeName('y')]));
  assert.equal(found.requirements.length, 3);
  assert.equal(found.extras.size, 0);
});

test('a requirement that may apply must be one', () => {
  assert.throws(() => parseApplicableRequirements('Requires-Dist: ???\n', new Set()), InvalidMetadataError);
});
