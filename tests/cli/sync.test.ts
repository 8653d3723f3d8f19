/** `sync`: the project's environment holds what the lockfile says, and nothing else. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { lockedProject } from '../support/locked-project.ts';

test('sync makes the environment, installs the project’s dependencies and the group dev, and then has nothing to do', async (t) => {
  const project = lockedProject(t);

  const first = await project.run('sync', '--frozen');
  const second = await project.run('sync', '--frozen');

  assert.equal(first.status, 0, first.stderr);
  assert.match(
    first.stderr,
    /^Using CPython [\d.]+ interpreter at: .+\nCreating virtual environment at: \.venv\n(?:Prepared 3 packages in \[TIME\]\n)?Installed 3 packages in \[TIME\]\n \+ base==1\.0\n \+ tool==3\.0\n \+ top==2\.0\n$/,
  );
  assert.equal(second.stderr, 'Checked 3 packages in [TIME]\n');
  assert.deepEqual(project.installed(), ['base==1.0', 'tool==3.0', 'top==2.0']);
});

for (const [words, expected] of [
  [
    ['--extra', 'x'],
    ['base==1.0', 'more==4.0', 'tool==3.0', 'top==2.0'],
  ],
  [
    ['--all-extras', '--no-extra', 'x'],
    ['base==1.0', 'tool==3.0', 'top==2.0'],
  ],
  [['--no-dev'], ['base==1.0', 'top==2.0']],
  [['--no-default-groups'], ['base==1.0', 'top==2.0']],
  [['--only-dev'], ['tool==3.0']],
  [['--only-group', 'docs'], ['more==4.0']],
  [
    ['--group', 'docs', '--no-group', 'dev'],
    ['base==1.0', 'more==4.0', 'top==2.0'],
  ],
  [['--all-groups'], ['base==1.0', 'more==4.0', 'tool==3.0', 'top==2.0']],
  [
    ['--no-install-package', 'base'],
    ['tool==3.0', 'top==2.0'],
  ],
  [['--no-install-project'], ['base==1.0', 'tool==3.0', 'top==2.0']],
] as const) {
  test(`sync ${words.join(' ')} installs ${expected.join(', ')}`, async (t) => {
    const project = lockedProject(t);

    const { status, stderr } = await project.run('sync', '--frozen', ...words);

    assert.equal(status, 0, stderr);
    assert.deepEqual(project.installed(), expected);
  });
}

test('sync removes what the lockfile does not ask for, unless it is told not to', async (t) => {
  const project = lockedProject(t);
  await project.run('sync', '--frozen', '--all-groups');

  const kept = await project.run('sync', '--frozen', '--inexact');
  const before = project.installed();
  const exact = await project.run('sync', '--frozen');

  assert.equal(kept.stderr, 'Checked 3 packages in [TIME]\n');
  assert.ok(before.includes('more==4.0'));
  assert.equal(exact.stderr, 'Uninstalled 1 package in [TIME]\n - more==4.0\n');
});

test('sync --check and --dry-run change nothing; --check ends with 1 when something would', async (t) => {
  const project = lockedProject(t);
  await project.run('sync', '--frozen', '--no-dev');

  const dry = await project.run('sync', '--frozen', '--dry-run');
  const check = await project.run('sync', '--frozen', '--check');
  const same = await project.run('sync', '--frozen', '--no-dev', '--check');

  assert.deepEqual([dry.status, check.status, same.status], [0, 1, 0]);
  assert.match(dry.stderr, /^Would use project environment at: \.venv\n/);
  assert.match(dry.stderr, /Would install 1 package\n \+ tool==3\.0\n$/);
  assert.match(check.stderr, /error: The environment is outdated; run `shoal sync` to update the environment\n$/);
  assert.match(same.stderr, /Would make no changes\n$/);
  assert.deepEqual(project.installed(), ['base==1.0', 'top==2.0']);
});

test('sync --dry-run makes no environment', async (t) => {
  const project = lockedProject(t);
  const { status, stderr } = await project.run('sync', '--frozen', '--dry-run');
  assert.equal(status, 0, stderr);
  assert.match(stderr, /^Using CPython [\d.]+ interpreter at: .+\nWould create project environment at: \.venv\n/);
  assert.equal(statSync(project.path('.venv'), { throwIfNoEntry: false }), undefined);
});

for (const [words, message] of [
  [['--extra', 'no'], 'Extra `no` is not defined in the `optional-dependencies` table for `app`'],
  [['--group', 'no'], "Group `no` is not defined in the project's `dependency-groups` table"],
] as const) {
  test(`sync ${words.join(' ')} says that there is none`, async (t) => {
    const project = lockedProject(t);
    const { status, stderr } = await project.run('sync', '--frozen', ...words);
    assert.equal(status, 2);
    assert.ok(stderr.includes(`error: ${message}`), stderr);
  });
}

test('sync leaves a folder alone that is in the place of the environment and is none', async (t) => {
  const project = lockedProject(t);
  project.write('.venv/mine.txt', 'mine');

  const { status, stderr } = await project.run('sync', '--frozen');

  assert.equal(status, 2);
  assert.match(
    stderr,
    /cannot be used because it is not a valid Python environment \(no Python executable was found\)/,
  );
  assert.equal(project.read('.venv/mine.txt'), 'mine');
});

test('sync works on what UV_PROJECT_ENVIRONMENT names, and on the active environment when it is asked to', async (t) => {
  const project = lockedProject(t);

  await project.run('sync', '--frozen', { variables: { UV_PROJECT_ENVIRONMENT: 'named' } });
  const other = await project.run('sync', '--frozen', { variables: { VIRTUAL_ENV: project.path('active') } });
  const active = await project.run('sync', '--frozen', '--active', {
    variables: { VIRTUAL_ENV: project.path('active') },
  });

  assert.deepEqual([other.status, active.status], [0, 0], other.stderr + active.stderr);
  assert.match(
    other.stderr,
    /warning: `VIRTUAL_ENV=.*` does not match the project environment path `\.venv` and will be ignored; use `--active` to target the active environment instead\n/,
  );
  for (const environment of ['named', 'active', '.venv']) assert.equal(project.installed(environment).length, 3);
});

test('sync refuses a wheel that is not the one that was locked', async (t) => {
  const project = lockedProject(t);
  const lock = project.read('uv.lock').replace(/(?<=name = "base"[^]*?sha256:)[0-9a-f]{8}/, '00000000');
  project.write('uv.lock', lock);

  const { status, stderr } = await project.run('sync', '--frozen');

  assert.notEqual(status, 0);
  assert.match(stderr, /Hash mismatch for `/);
  assert.deepEqual(project.installed(), []);
});

test('sync --frozen says that there is no lockfile', async (t) => {
  const project = lockedProject(t);
  rmSync(project.path('uv.lock'));
  const { stderr } = await project.run('sync', '--frozen');
  assert.match(
    stderr,
    /error: Unable to find lockfile at `uv\.lock`, but `--frozen` was provided\. To create a lockfile, run `shoal lock` or `shoal sync` without the flag\.\n/,
  );
});

test('sync says that there is no project', async (t) => {
  const { status, stderr } = await lockedProject(t).in('/').run('sync', '--frozen', '--project', '/');
  assert.equal(status, 2);
  assert.match(stderr, /^error: No `pyproject\.toml` found in current directory or any parent directory\n/);
});

test('sync notices what was removed, replaced or edited since it had nothing to do', async (t) => {
  const project = lockedProject(t);
  const old = new Date(Date.now() - 60_000);
  for (const file of ['pyproject.toml', 'uv.lock']) utimesSync(project.path(file), old, old);
  await project.run('sync', '--frozen');
  await project.run('sync', '--frozen');
  const site = project.path('.venv', 'lib', `python${project.minor}`, 'site-packages');

  rmSync(`${site}/tool-3.0.dist-info`, { recursive: true });
  const removed = await project.run('sync', '--frozen');
  const text = readFileSync(project.path('uv.lock'), 'utf8');
  writeFileSync(project.path('uv.lock'), text.replace('dev = [\n    { name = "tool" },\n]', 'dev = []'));
  const edited = await project.run('sync', '--frozen', '--dry-run');

  assert.match(removed.stderr, /\n \+ tool==3\.0\n$/);
  assert.match(edited.stderr, /Would uninstall 1 package\n - tool==3\.0\n$/);
});

test('sync locks first when the lockfile does not fit the project; --locked refuses to', async (t) => {
  const project = lockedProject(t);
  const same = await project.run('sync');
  project.write('pyproject.toml', project.read('pyproject.toml').replace('["top"]', '["top", "more"]'));

  const refused = await project.run('sync', '--locked');
  const dry = await project.run('sync', '--dry-run');
  const before = project.read('uv.lock');
  const synced = await project.run('sync');
  const again = await project.run('sync', '--locked');

  assert.match(
    same.stderr,
    /\nResolved 5 packages in \[TIME\]\n(?:Prepared 3 packages in \[TIME\]\n)?Installed 3 packages/,
  );
  assert.equal(refused.status, 1);
  assert.match(
    refused.stderr,
    /error: The lockfile at `uv\.lock` needs to be updated, but `--locked` was provided\.\n/,
  );
  assert.match(dry.stderr, /\nWould update lockfile at: uv\.lock\n/);
  assert.doesNotMatch(before, /name = "app"[^]*dependencies = \[\n {4}\{ name = "more" \},\n {4}\{ name = "top" \},/);
  assert.match(
    synced.stderr,
    /^Resolved 5 packages in \[TIME\]\n(?:Prepared 1 package in \[TIME\]\n)?Installed 1 package in \[TIME\]\n \+ more==4\.0\n$/,
  );
  assert.equal(again.stderr, 'Resolved 5 packages in [TIME]\nChecked 4 packages in [TIME]\n');
});
