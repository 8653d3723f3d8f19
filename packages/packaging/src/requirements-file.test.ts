import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatRequirement } from './requirement.ts';
import { InvalidRequirementsFileError, parseRequirementsFile } from './requirements-file.ts';

const variables = { NAME: 'six', EMPTY: '' };

function summary(text: string): string[] {
  return parseRequirementsFile(text, { variables }).map((entry) => {
    switch (entry.kind) {
      case 'requirement':
        return `${entry.line} ${formatRequirement(entry.requirement)} ${entry.hashes.join(' ')}`.trim();
      case 'include':
      case 'constraint':
        return `${entry.line} ${entry.kind} ${entry.path}`;
      case 'no-binary':
      case 'only-binary':
        return `${entry.line} ${entry.kind} ${entry.names.join('|')}`;
      case 'unsupported':
        return `${entry.line} unsupported ${entry.option}`;
      case 'no-index':
      case 'pre':
      case 'require-hashes':
        return `${entry.line} ${entry.kind}`;
      default:
        return `${entry.line} ${entry.kind} ${entry.location}`;
    }
  });
}

const table: readonly (readonly [string, readonly string[]])[] = [
  ['six\n\n# comment\nrequests >= 2 # why\n', ['1 six', '4 requests>=2']],
  ['six \\\n  ==1.17 \\\n  --hash=sha256:AB --hash sha256:cd\n', ['1 six==1.17 sha256:ab sha256:cd']],
  [
    '-r a.txt\n--requirement=b.txt\n-cc.txt\n--constraint "d e.txt"',
    ['1 include a.txt', '2 include b.txt', '3 constraint c.txt', '4 constraint d e.txt'],
  ],
  [
    '-i https://a/\n--extra-index-url https://b/\n-f ./wheels\n--no-index',
    ['1 index-url https://a/', '2 extra-index-url https://b/', '3 find-links ./wheels', '4 no-index'],
  ],
  ['--no-binary :all:\n--only-binary a,b c', ['1 no-binary :all:', '2 only-binary a|b|c']],
  [
    '--pre\n--require-hashes\n--prefer-binary\n--trusted-host x\n--use-feature=y',
    [
      '1 pre',
      '2 require-hashes',
      '3 unsupported --prefer-binary',
      '4 unsupported --trusted-host',
      '5 unsupported --use-feature',
    ],
  ],
  [
    '-e .\n./a-1-py3-none-any.whl --hash=md5:aa\nhttps://x/a-1-py3-none-any.whl#sha256=00',
    ['1 editable .', '2 unnamed ./a-1-py3-none-any.whl', '3 unnamed https://x/a-1-py3-none-any.whl#sha256=00'],
  ],
  ['${NAME}==1\n', ['1 six==1']],
  ['\uFEFFsix\r\nidna\r', ['1 six', '2 idna']],
  ['six # a \\\nidna', ['1 six']],
  ['a @ https://x/a-1-py3-none-any.whl ; os_name == "nt"', ["1 a @ https://x/a-1-py3-none-any.whl ; os_name == 'nt'"]],
  ['', []],
];

for (const [text, expected] of table) {
  test(`parseRequirementsFile() reads ${JSON.stringify(text)}`, () => {
    assert.deepEqual(summary(text), expected);
  });
}

const faults: readonly (readonly [string, RegExp, number, number])[] = [
  ['six\n  --bogus', /Unexpected option `--bogus`/, 2, 3],
  ['-r', /`-r` must be followed by an argument/, 1, 3],
  ['six --global-option=x', /Expected `--hash`, found `--global-option=x`/, 1, 5],
  ['six --hash=sha256', /Expected `--hash=algorithm:digest`/, 1, 12],
  ['\n"six"', /Couldn't parse requirement/, 2, 1],
  ['six==', /Couldn't parse requirement/, 1, 1],
  ['${NOPE}', /Couldn't parse requirement/, 1, 1],
];

for (const [text, message, line, column] of faults) {
  test(`parseRequirementsFile() names the place in ${JSON.stringify(text)}`, () => {
    assert.throws(
      () => parseRequirementsFile(text, { variables }),
      (error) =>
        error instanceof InvalidRequirementsFileError &&
        message.test(error.message) &&
        error.line === line &&
        error.column === column,
    );
  });
}
