import assert from 'node:assert/strict';
import { test } from 'node:test';

import { InvalidMetadataError, parseCoreMetadata, parseDependencyMetadata } from './metadata.ts';
import { formatRequirement } from './requirement.ts';
import { formatSpecifierSet } from './specifier.ts';

const HEAD = 'Metadata-Version: 2.4\nName: Foo.Bar\nVersion: 1.0\n';

test('parseCoreMetadata() reads fields of all versions, and the description after the first empty line', () => {
  const found = parseCoreMetadata(
    `${HEAD}Summary: Größe\nLicense-Expression: MIT OR Apache-2.0\nLicense-File: LICENSE\nLicense-File: NOTICE\nDynamic: Requires-Dist\nImport-Name: foo\nProject-URL: Home, https://example.org\n\n# Title\nName: not a field\n`,
  );
  assert.deepEqual([found.name, found.writtenName, found.summary], ['foo-bar', 'Foo.Bar', 'Größe']);
  assert.deepEqual([found.licenseExpression, found.licenseFiles], ['MIT OR Apache-2.0', ['LICENSE', 'NOTICE']]);
  assert.deepEqual([found.dynamic, found.importNames], [['requires-dist'], ['foo']]);
  assert.deepEqual(found.projectUrls, ['Home, https://example.org']);
  assert.equal(found.description, '# Title\nName: not a field\n');
});

test('a description in a header loses what its continuation lines begin with', () => {
  const folded = parseCoreMetadata(`${HEAD}Description: one\n       |two\n        three\n`);
  assert.equal(folded.description, 'one\ntwo\nthree');
});

test('old mistakes in requirements are mended, UNKNOWN is nothing', () => {
  const found = parseDependencyMetadata(
    `${HEAD}Requires-Python: >=3.6.*\nRequires-Dist: a (>=1.9.*)\nRequires-Dist: b>=2<3\nProvides-Extra: X_y\nHome-page: UNKNOWN\n`,
  );
  assert.equal(formatSpecifierSet(found.requiresPython ?? { specifiers: [] }), '>=3.6');
  assert.deepEqual(found.requiresDist.map(formatRequirement), ['a>=1.9', 'b>=2,<3']);
  assert.deepEqual(found.providesExtra, ['x-y']);
  assert.equal(parseCoreMetadata(`${HEAD}Home-page: UNKNOWN\n`).homePage, undefined);
});

test('metadata that cannot be used is refused with the field named', () => {
  const faults: readonly (readonly [string, string])[] = [
    ['Name: a\nVersion: 1\n', 'Metadata-Version'],
    ['Metadata-Version: 3.0\nName: a\nVersion: 1\n', 'Metadata-Version'],
    ['Metadata-Version: 2.1\nVersion: 1\n', 'Name'],
    ['Metadata-Version: 2.1\nName: -\nVersion: 1\n', 'Name'],
    ['Metadata-Version: 2.1\nName: a\nVersion: x\n', 'Version'],
    [`${HEAD}Requires-Dist: ==1\n`, 'Requires-Dist'],
    [`${HEAD}Requires-Python: three\n`, 'Requires-Python'],
  ];
  for (const [text, field] of faults) {
    assert.throws(
      () => parseDependencyMetadata(text),
      (error) => error instanceof InvalidMetadataError && error.field === field,
      text,
    );
  }
});
