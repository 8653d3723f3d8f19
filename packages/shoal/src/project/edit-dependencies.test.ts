import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { normalizeName, parseRequirement } from '@shoal/packaging';
import * as fc from 'fast-check';
import { parse } from 'smol-toml';
import { arbitraryPyproject } from '../../../../tests/support/arbitrary-pyproject.ts';
import { randomSeed } from '../../../../tests/support/random-seed.ts';
import { addRequirement, removeRequirement } from './edit-dependencies.ts';
import { pathOfPlace } from './dependency-place.ts';
import type { DependencyPlace, EditTarget } from './dependency-place.ts';
import { setSource } from './edit-sources.ts';
import { TomlDocument } from './edit-toml/toml-document.ts';

const PRODUCTION: DependencyPlace = { kind: 'production' };
const PLACES: readonly DependencyPlace[] = [
  PRODUCTION,
  { kind: 'dev' },
  { kind: 'optional', name: normalizeName('web') },
  { kind: 'group', name: normalizeName('test-unit') },
  { kind: 'group', name: normalizeName('new') },
];

function targetOf(text: string): EditTarget {
  return { document: new TomlDocument(text), isScript: false };
}

function add(text: string, place: DependencyPlace, written: string, hasSource = false): string {
  const target = targetOf(text);
  addRequirement(target, place, { requirement: parseRequirement(written), text: written, hasSource });
  return target.document.text;
}

function remove(text: string, place: DependencyPlace, name: string): string {
  const target = targetOf(text);
  removeRequirement(target, place, normalizeName(name));
  return target.document.text;
}

/** The same values as objects that compare. */
function plain(table: unknown): Record<string, unknown> {
  return JSON.parse(JSON.stringify(table)) as Record<string, unknown>;
}

/** The list at `place`, taken out of the parsed document; and the document without it. */
function listAndRest(text: string, place: DependencyPlace): { list: readonly unknown[]; rest: unknown } {
  const path = pathOfPlace(targetOf(text), place);
  const document = plain(parse(text));
  let table: Record<string, unknown> = document;
  for (const key of path.slice(0, -1)) table = (table[key] ??= {}) as Record<string, unknown>;
  const list = (table[path.at(-1) ?? ''] ?? []) as readonly unknown[];
  table[path.at(-1) ?? ''] = [];
  return { list, rest: document };
}

/** All comments, whatever their order; what looks like one in a string counts too. */
function commentsOf(text: string): readonly string[] {
  return (text.match(/#[^\r\n]*/g) ?? []).toSorted();
}

const options = { seed: randomSeed(), numRuns: 200 };
const place = fc.constantFrom(...PLACES);

suite('edits of pyproject.toml', () => {
  test('an added requirement is in its list, all other values and all comments are as before', () => {
    fc.assert(
      fc.property(arbitraryPyproject, place, (text, where) => {
        const edited = add(text, where, 'wanted>=1');
        const [before, after] = [listAndRest(text, where), listAndRest(edited, where)];
        assert.deepEqual(after.rest, before.rest);
        assert.deepEqual(
          after.list.filter((one) => one !== 'wanted>=1'),
          before.list,
        );
        assert.equal(after.list.length, before.list.length + 1);
        assert.deepEqual(commentsOf(edited), commentsOf(text));
      }),
      options,
    );
  });

  test('nothing outside of the list changes, when a requirement is added to one that is there', () => {
    fc.assert(
      fc.property(arbitraryPyproject, (text) => {
        const found = targetOf(text).document.find(['project', 'dependencies']);
        fc.pre(found !== undefined);
        const edited = add(text, PRODUCTION, 'wanted>=1');
        assert.ok(edited.startsWith(text.slice(0, found.pair.value.start)));
        assert.ok(edited.endsWith(text.slice(found.pair.value.end)));
      }),
      options,
    );
  });

  test('a list that is made is put in between what was there', () => {
    fc.assert(
      fc.property(arbitraryPyproject, place, (text, where) => {
        fc.pre(targetOf(text).document.find(pathOfPlace(targetOf(text), where)) === undefined);
        const edited = add(text, where, 'wanted>=1');
        let same = 0;
        while (same < text.length && text[same] === edited[same]) same += 1;
        const added = edited.length - text.length;
        assert.ok(
          Array.from({ length: same + 1 }, (_, at) => at).some(
            (at) => edited.slice(0, at) + edited.slice(at + added) === text,
          ),
          'one insertion turns the old text into the new one',
        );
      }),
      options,
    );
  });

  test('line ends are those of the file', () => {
    fc.assert(
      fc.property(arbitraryPyproject, place, (text, where) => {
        fc.pre(text.includes('\r\n'));
        assert.doesNotMatch(add(text, where, 'wanted>=1'), /[^\r]\n/);
      }),
      options,
    );
  });

  test('a requirement that is added and taken out again leaves the values and comments as they were', () => {
    fc.assert(
      fc.property(arbitraryPyproject, place, (text, where) => {
        const edited = remove(add(text, where, 'wanted>=1'), where, 'wanted');
        assert.deepEqual(listAndRest(edited, where), listAndRest(text, where));
        assert.deepEqual(commentsOf(edited), commentsOf(text));
      }),
      options,
    );
  });

  test('the source of a project is in its table, and all else is as before', () => {
    fc.assert(
      fc.property(arbitraryPyproject, (text) => {
        const target = targetOf(text);
        setSource(target, normalizeName('wanted'), { git: 'https://git.test/wanted', branch: 'next' });
        const edited = plain(parse(target.document.text)) as { tool: { uv: { sources: Record<string, unknown> } } };
        assert.deepEqual(edited.tool.uv.sources['wanted'], { git: 'https://git.test/wanted', branch: 'next' });
        assert.deepEqual(commentsOf(target.document.text), commentsOf(text));
      }),
      options,
    );
  });
});
