import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { normalizeName, parseVersion } from '@shoal/packaging';
import type { DirectUrl } from '@shoal/packaging';
import { planInstall, seedNames } from './plan.ts';
import type { PlannedInstalled, PlanPolicy, WantedDistribution } from './plan.ts';
import type { WantedSource } from './wanted-source.ts';

interface Installed extends PlannedInstalled {
  readonly label: string;
}

function installed(label: string, origin?: DirectUrl, kind: PlannedInstalled['kind'] = 'dist-info'): Installed {
  const [name = '', version = ''] = label.split('==');
  return { label, name: normalizeName(name), version: parseVersion(version), kind, directUrl: () => origin };
}

function wanted(label: string, source: WantedSource = { kind: 'registry' }): WantedDistribution<string> {
  const [name = '', version = ''] = label.split('==');
  return { name: normalizeName(name), version: parseVersion(version), source, node: label };
}

const POLICY: PlanPolicy<Installed> = { reinstall: 'none', exact: false, sources: 'any' };

/** The plan in words: `=` kept, `-` removed, `+` added, `+ … for …` replaced. */
function plan(
  want: readonly WantedDistribution<string>[],
  have: readonly Installed[],
  policy: Partial<PlanPolicy<Installed>> = {},
): readonly string[] {
  const { keep, remove, add } = planInstall({ wanted: want, installed: have, policy: { ...POLICY, ...policy } });
  return [
    ...keep.map(({ label }) => `= ${label}`),
    ...remove.map(({ label }) => `- ${label}`),
    ...add.map(({ node, replaces }) =>
      replaces.length === 0 ? `+ ${node}` : `+ ${node} for ${replaces.map(({ label }) => label).join(', ')}`,
    ),
  ];
}

const archive = (url: string, sha256?: string): DirectUrl => ({
  url,
  origin: { kind: 'archive', hashes: sha256 === undefined ? {} : { sha256 } },
});

suite('planInstall()', () => {
  test('planInstall() keeps what has the wanted version, adds what is missing and replaces what differs', () => {
    const have = [installed('a==1.0'), installed('b==1.0')];
    assert.deepEqual(plan([wanted('c==1'), wanted('a==1'), wanted('b==2')], have), [
      '= a==1.0',
      '+ b==2 for b==1.0',
      '+ c==1',
    ]);
  });

  test('planInstall() leaves what nobody wants, unless the plan is exact', () => {
    const have = [installed('a==1'), installed('pip==24.0'), installed('z==1')];
    assert.deepEqual(plan([wanted('a==1')], have), ['= a==1', '= pip==24.0', '= z==1']);
    assert.deepEqual(plan([wanted('a==1')], have, { exact: true }), ['= a==1', '- pip==24.0', '- z==1']);
    assert.deepEqual(plan([wanted('a==1')], have, { exact: true, spared: seedNames(parseVersion('3.12')) }), [
      '= a==1',
      '= pip==24.0',
      '- z==1',
    ]);
  });

  test('planInstall() replaces everything, or what is named, when it is to reinstall', () => {
    const have = [installed('a==1'), installed('b==1')];
    assert.deepEqual(plan([wanted('a==1'), wanted('b==1')], have, { reinstall: 'all' }), [
      '+ a==1 for a==1',
      '+ b==1 for b==1',
    ]);
    assert.deepEqual(plan([wanted('a==1'), wanted('b==1')], have, { reinstall: new Set([normalizeName('b')]) }), [
      '= a==1',
      '+ b==1 for b==1',
    ]);
  });

  test('planInstall() replaces all versions, when a project is installed twice', () => {
    assert.deepEqual(plan([wanted('a==2')], [installed('a==1'), installed('a==2')]), ['+ a==2 for a==1, a==2']);
  });

  test('planInstall() takes a distribution from elsewhere for an index requirement, unless sources are strict', () => {
    const have = [installed('a==1', archive('https://example.org/a.whl')), installed('b==1', undefined, 'egg-link')];
    assert.deepEqual(plan([wanted('a==1'), wanted('b==1')], have), ['= a==1', '= b==1']);
    assert.deepEqual(plan([wanted('a==1'), wanted('b==1')], have, { sources: 'strict' }), [
      '+ a==1 for a==1',
      '+ b==1 for b==1',
    ]);
  });

  test('planInstall() compares URLs without credentials, fragment and final slash', () => {
    const have = [installed('a==1', archive('https://example.org/a%20b.whl'))];
    const from = (url: string): readonly string[] => plan([wanted('a==1', { kind: 'archive', url })], have);
    assert.deepEqual(from('https://user:secret@EXAMPLE.org/a b.whl#sha256=0'), ['= a==1']);
    assert.deepEqual(from('https://example.org/other.whl'), ['+ a==1 for a==1']);
    assert.deepEqual(
      plan([wanted('a==1', { kind: 'archive', url: 'https://example.org/a.whl' })], [installed('a==1')]),
      ['+ a==1 for a==1'],
    );
  });

  test('planInstall() takes a local archive as unchanged only by its hash', () => {
    const url = 'file:///a.whl';
    const have = [installed('a==1', archive(url, 'aa'))];
    assert.deepEqual(plan([wanted('a==1', { kind: 'archive', url, sha256: 'aa' })], have), ['= a==1']);
    assert.deepEqual(plan([wanted('a==1', { kind: 'archive', url, sha256: 'bb' })], have), ['+ a==1 for a==1']);
    assert.deepEqual(plan([wanted('a==1', { kind: 'archive', url })], have), ['+ a==1 for a==1']);
  });

  test('planInstall() tells editable from plain installs and one commit from another', () => {
    const editable: DirectUrl = { url: 'file:///p', origin: { kind: 'directory', editable: true } };
    assert.deepEqual(
      plan([wanted('a==1', { kind: 'directory', url: 'file:///p/', editable: true })], [installed('a==1', editable)]),
      ['= a==1'],
    );
    assert.deepEqual(
      plan([wanted('a==1', { kind: 'directory', url: 'file:///p', editable: false })], [installed('a==1', editable)]),
      ['+ a==1 for a==1'],
    );
    const git: DirectUrl = { url: 'https://example.org/r.git', origin: { kind: 'vcs', vcs: 'git', commit: 'c1' } };
    assert.deepEqual(
      plan([wanted('a==1', { kind: 'vcs', url: 'https://example.org/r', commit: 'c1' })], [installed('a==1', git)]),
      ['= a==1'],
    );
    assert.deepEqual(
      plan([wanted('a==1', { kind: 'vcs', url: 'https://example.org/r', commit: 'c2' })], [installed('a==1', git)]),
      ['+ a==1 for a==1'],
    );
  });

  test('planInstall() replaces a distribution that does not fit the interpreter any more', () => {
    assert.deepEqual(plan([wanted('a==1')], [installed('a==1')], { isCompatible: () => false }), ['+ a==1 for a==1']);
  });

  test('planInstall() keeps what the resolver took from the environment', () => {
    assert.deepEqual(
      plan([wanted('a==1', { kind: 'installed' })], [installed('a==1', archive('https://example.org/a.whl'))], {
        sources: 'strict',
      }),
      ['= a==1'],
    );
  });
});

test('seedNames() counts setuptools and wheel in, before Python 3.12', () => {
  assert.deepEqual([...seedNames(parseVersion('3.11.4'))].sort(), ['pip', 'setuptools', 'uv', 'wheel']);
  assert.deepEqual([...seedNames(parseVersion('3.12.0'))].sort(), ['pip', 'uv']);
});
