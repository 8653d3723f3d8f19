import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { joinScript, newScriptBlock, splitScript } from './script-block.ts';

const CODE = 'import sys\n# /// other\n# x\n# ///\n';

suite('splitScript()', () => {
  for (const [title, text] of [
    [
      'with an interpreter line',
      `#!/usr/bin/env python\n# /// script\n# dependencies = [\n#   "a", # why\n#\n# ]\n# ///\n${CODE}`,
    ],
    ['with the line ends of Windows', '# /// script\r\n# dependencies = []\r\n# ///\r\nprint(1)\r\n'],
    ['with a closing tag inside of its TOML', '# /// script\n# x = """\n# ///\n# """\n# ///\n'],
    ['without a line after it', '# /// script\n# ///\n'],
  ] as const)
    test(`takes the block out of a script ${title}, so that it can be put back unchanged`, () => {
      const block = splitScript(text, 'x.py');
      assert.ok(block !== undefined);
      assert.equal(joinScript(block), text);
    });

  test('is `undefined` for a script without a block', () => {
    assert.equal(splitScript(CODE, 'x.py'), undefined);
  });
});

test('newScriptBlock() goes below the interpreter line, and takes no comment for a part of it', () => {
  const after = (text: string): string => joinScript(newScriptBlock(text, '>=3.12'));
  const block = '# /// script\n# requires-python = ">=3.12"\n# dependencies = []\n# ///\n';
  assert.equal(after('print(1)\n'), `${block}print(1)\n`);
  assert.equal(after('#!/bin/python\n# note\nprint(1)\n'), `#!/bin/python\n${block}\n# note\nprint(1)\n`);
});
