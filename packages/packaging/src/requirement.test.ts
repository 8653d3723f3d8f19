import assert from 'node:assert/strict';
import { test } from 'node:test';

import { InvalidNameError, InvalidRequirementError, InvalidSpecifierError } from './errors.ts';
import { parseLenientRequirement, parseLenientSpecifierSet } from './lenient-requirement.ts';
import { normalizeName } from './name.ts';
import { formatRequirement, parseRequirement } from './requirement.ts';
import { formatSpecifierSet, parseSpecifierSet } from './specifier.ts';

test('parseRequirement() reads names, extras, specifiers, URLs and markers, and formatRequirement() spells them as uv does', () => {
  const spelled: readonly (readonly [string, string])[] = [
    ['A', 'a'],
    [' a.B_c [X_y, z,x-Y] >= 1.0-RC1 , <2 ; os_name=="nt"', "a-b-c[x-y,z]>=1.0rc1,<2 ; os_name == 'nt'"],
    ['a[]', 'a'],
    ['a (>=1,<2)', 'a>=1,<2'],
    ['a(==1.*);os_name!="nt"', "a==1.* ; os_name != 'nt'"],
    ['a>=1,', 'a>=1'],
    ['a===weird-1', 'a===weird-1'],
    ['a@https://example.org/a-1.whl#sha256=00', 'a @ https://example.org/a-1.whl#sha256=00'],
    [
      'a[b] @ git+https://example.org/a.git@main#subdirectory=b ; os_name == "nt"',
      "a[b] @ git+https://example.org/a.git@main#subdirectory=b ; os_name == 'nt'",
    ],
    ['a @ file:///srv/a-1.whl; os_name == "nt"', "a @ file:///srv/a-1.whl ; os_name == 'nt'"],
    ['a @ ../a folder/a.whl', 'a @ ../a folder/a.whl'],
  ];
  for (const [written, expected] of spelled) {
    assert.equal(formatRequirement(parseRequirement(written)), expected);
    assert.equal(formatRequirement(parseRequirement(expected)), expected);
  }
  assert.equal(parseRequirement('Foo.Bar').writtenName, 'Foo.Bar');
  assert.equal(parseRequirement('a').marker, undefined);
});

/** Text, complaint, and the carets below the text: the words and places of uv. */
const FAULTS: readonly (readonly [string, string, string])[] = [
  ['_a>=1', 'Expected package name starting with an alphanumeric character, found `_`', '^'],
  ['a- >=1', 'Package name must end with an alphanumeric character, not `-`', ' ^'],
  ['a[', "Missing closing bracket (expected ']', found end of dependency specification)", ' ^'],
  ['a[b,,c]', 'Expected an alphanumeric character starting the extra name, found `,`', '    ^'],
  [
    'a[,b]',
    'Expected either alphanumerical character (starting the extra name) or `]` (ending the extras section), found `,`',
    '  ^',
  ],
  ['a[b c]', 'Expected either `,` (separating extras) or `]` (ending the extras section), found `c`', '    ^'],
  ['a[b-]', 'Extra name must end with an alphanumeric character, not `-`', '   ^'],
  ['a (>=1', "Missing closing parenthesis (expected ')', found end of dependency specification)", '  ^'],
  ['a (>=1) x', 'Expected end of input or `;`, found `x`', '        ^'],
  ['a >=1 x', 'Trailing `x` is not allowed', '  ^^^^^'],
  ['a 1.0', 'Expected one of `@`, `(`, `<`, `=`, `>`, `~`, `!`, `;`, found `1`', '  ^'],
  ['a=1', 'no such comparison operator "=", must be one of ~= == != <= >= < > ===', ' ^^'],
  ['a>', 'Unexpected end of version specifier, expected version', ' ^'],
  ['a>=1.9.*', 'Operator >= cannot be used with a wildcard version specifier', ' ^^^^^^^'],
  ['a ~=1', 'The ~= operator requires at least two segments in the release version', '  ^^^'],
  ['a >1.0+a', 'Operator > is incompatible with versions containing non-empty local segments (`+a`)', '  ^^^^^^'],
  ['a>=1, >1.x', 'after parsing `1`, found `.x`, which is not part of a valid version', '      ^^^^'],
  ['a @ ', 'Expected URL', '    ^'],
  ['a@https://', 'empty host', '  ^^^^^^^^'],
  [
    'a>=1; python_versio > "3"',
    'Expected a quoted string or a valid marker name, found `python_versio`',
    '      ^^^^^^^^^^^^^',
  ],
];

for (const [text, reason, carets] of FAULTS) {
  test(`parseRequirement() points at the fault of '${text}'`, () => {
    assert.throws(
      () => parseRequirement(text),
      (error) =>
        error instanceof InvalidRequirementError &&
        error.message === `${reason}\n${text}\n${carets}` &&
        error.text === text,
    );
  });
}

test('parseRequirement() asks for a name before a bare URL, and for white space where the end of a URL is ambiguous', () => {
  assert.throws(
    () => parseRequirement('https://example.org/a.whl'),
    /URL requirement must be preceded by a package name/,
  );
  assert.throws(
    () => parseRequirement('a @ https://example.org/a.whl;'),
    /Missing space before ';', the end of the URL is ambiguous/,
  );
  assert.throws(() => parseRequirement(''), /Empty field is not allowed/);
});

test('parseLenientRequirement() repairs what published metadata gets wrong', () => {
  const repaired: readonly (readonly [string, string])[] = [
    ['a (>=7.2.0<8.0.0)', 'a>=7.2.0,<8.0.0'],
    ['a (!=~5.0,>=4.12)', 'a!=5.0.*,>=4.12'],
    ['a (>=1.9.*)', 'a>=1.9'],
    ['a (>=2.7,!=3.0*,!=3.1*)', 'a>=2.7,!=3.0.*,!=3.1.*'],
    ["a>=1.3.0,<1.4.0',", 'a>=1.3.0,<1.4.0'],
    ['a>dev', 'a>0.0.0.dev0'],
    ['a>=9.0.0a1.0', 'a>=9.0.0a1'],
    ['a ">=1.19"; python_version >= "3.7"', "a>=1.19 ; python_full_version >= '3.7'"],
  ];
  for (const [written, expected] of repaired)
    assert.equal(formatRequirement(parseLenientRequirement(written)), expected);
});

test('parseLenientSpecifierSet() repairs, and complains about the text as given when that does not help', () => {
  assert.equal(formatSpecifierSet(parseLenientSpecifierSet(">=2.7, !=3.0.*', <3.4.*',")), '>=2.7,!=3.0.*,<3.4');
  assert.equal(formatSpecifierSet(parseLenientSpecifierSet('')), '');
  assert.throws(
    () => parseLenientSpecifierSet('>=1.*,what'),
    (error) => error instanceof InvalidSpecifierError && error.message.includes('>=1.*,what'),
  );
  assert.throws(() => parseSpecifierSet('3.8'), /expected operator\. Did you mean `==3\.8`\?/);
});

test('normalizeName() gives one spelling to a name, and refuses what is no name', () => {
  assert.equal(normalizeName('Friendly-_.Bard'), 'friendly-bard');
  for (const text of ['', '-a', 'a-', 'a b', 'é', 'a\n']) assert.throws(() => normalizeName(text), InvalidNameError);
});
