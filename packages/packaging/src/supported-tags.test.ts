import assert from 'node:assert/strict';
import { test } from 'node:test';

import { type InterpreterTagFacts, supportedTags } from './supported-tags.ts';
import { formatTag, parseTagSet } from './tag.ts';
import { createTagPriorities, explainIncompatibility, tagPriority } from './tag-priorities.ts';

const CPYTHON: InterpreterTagFacts = {
  implementation: 'cpython',
  version: [3, 13],
  implementationVersion: [3, 13],
  gilDisabled: false,
  debug: false,
  platform: { os: 'windows', arch: 'x86_64' },
  manylinuxCompatible: true,
};

test('supportedTags() puts the own ABI first, then the stable one, then pure wheels', () => {
  const tags = supportedTags(CPYTHON).map(formatTag);
  assert.deepEqual(tags.slice(0, 4), [
    'cp313-cp313-win_amd64',
    'cp313-abi3-win_amd64',
    'cp313-none-win_amd64',
    'cp312-abi3-win_amd64',
  ]);
  assert.equal(tags.at(-1), 'py30-none-any');
  assert.equal(new Set(tags).size, tags.length);
});

test('a free-threaded CPython takes no abi3 wheel, PyPy only its own ABI', () => {
  const free = supportedTags({ ...CPYTHON, gilDisabled: true }).map(formatTag);
  assert.ok(free.includes('cp313-cp313t-win_amd64') && !free.some((tag) => tag.includes('-abi3-')));
  const pypy = supportedTags({ ...CPYTHON, implementation: 'pypy', version: [3, 10], implementationVersion: [7, 3] });
  assert.equal(pypy.map(formatTag)[0], 'pp310-pypy310_pp73-win_amd64');
});

test('tagPriority() prefers earlier tags, explainIncompatibility() names the part that does not fit', () => {
  const priorities = createTagPriorities(supportedTags(CPYTHON));
  const set = (text: string): { pythons: string[]; abis: string[]; platforms: string[] } => {
    const [pythons = '', abis = '', platforms = ''] = text.split('-');
    return { pythons: pythons.split('.'), abis: abis.split('.'), platforms: platforms.split('.') };
  };
  const priorityOf = (text: string): number => tagPriority(priorities, set(text)) ?? 0;
  assert.ok(priorityOf('cp313-cp313-win_amd64') > priorityOf('cp39-abi3-win_amd64'));
  assert.ok(priorityOf('cp39-abi3-win_amd64') > priorityOf('py2.py3-none-any'));
  assert.equal(tagPriority(priorities, set('cp312-cp312-win_amd64')), undefined);
  const faults = { 'jy27-none-any': 'python', 'cp313-cp312-win_amd64': 'abi', 'py3-none-win32': 'platform' };
  for (const [text, part] of Object.entries(faults))
    assert.equal(explainIncompatibility(priorities, set(text)), part, text);
  const free = createTagPriorities(supportedTags({ ...CPYTHON, gilDisabled: true }));
  assert.equal(explainIncompatibility(free, set('cp313-cp313-win_amd64')), 'freethreaded-abi');
});

test('parseTagSet() expands compressed sets in lower case', () => {
  assert.deepEqual(parseTagSet('py2.Py3-none-any')?.map(formatTag), ['py2-none-any', 'py3-none-any']);
  for (const text of ['py3-none', 'py3-none-any-x', 'py3--any', '']) assert.equal(parseTagSet(text), undefined, text);
});
