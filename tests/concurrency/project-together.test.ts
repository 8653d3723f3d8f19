/** "Any number of commands at once, on one project": real processes that change one `pyproject.toml`, and kills in the middle. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { TestContext } from 'node:test';
import { runTogether } from '../support/commands-together.ts';
import { startLocalIndex } from '../support/local-index.ts';
import { runShoal } from '../support/run-command.ts';
import type { CommandRun } from '../support/run-command.ts';
import { shoalCommand } from '../support/shoal-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { buildWheel } from '../support/wheel-builder.ts';
import { isStep, stepsKilledIn } from './crash-steps.ts';

const NAMES = Array.from({ length: 16 }, (_, index) => `project-${String.fromCodePoint(97 + index)}`);
const PROJECT = '# kept\n[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = []\n';
const ACTOR = join(import.meta.dirname, 'command-crash-actor.ts');

class Scene {
  readonly top: string;
  readonly variables: Readonly<Record<string, string>>;

  constructor(top: string, indexUrl: string) {
    this.top = top;
    this.variables = {
      SHOAL_CACHE_DIR: join(top, 'cache'),
      UV_CACHE_DIR: join(top, 'cache'),
      UV_INDEX_URL: indexUrl,
      UV_HTTP_RETRIES: '0',
      UV_NO_CONFIG: 'false',
    };
  }

  project(name: string): string {
    const folder = join(this.top, name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'pyproject.toml'), PROJECT);
    return folder;
  }

  run(folder: string, ...words: readonly string[]): Promise<CommandRun> {
    return runShoal(words, { cwd: folder, variables: this.variables });
  }
}

async function scene(t: TestContext): Promise<Scene> {
  const index = await startLocalIndex({ distributions: NAMES.map((name) => buildWheel({ name, version: '1.0' })) });
  t.after(() => index.close());
  return new Scene(temporaryFolder(t), index.url);
}

/** The entries of the first list of the file, which must be whole. */
function dependenciesOf(folder: string): readonly string[] {
  const text = readFileSync(join(folder, 'pyproject.toml'), 'utf8');
  const [, list] = /^# kept\n\[project\]\n[^\]]*?^dependencies = \[(\n(?: {4}"[^"]+",\n)*)?\]\n/m.exec(text) ?? [];
  assert.match(text, /^dependencies = \[[^\]]*\]\n/m, text);
  return [...(list ?? '').matchAll(/"([^"]+)"/g)].map(([, entry = '']) => entry);
}

function lockedNames(folder: string): readonly string[] {
  const text = readFileSync(join(folder, 'uv.lock'), 'utf8');
  return [...text.matchAll(/^name = "([^"]+)"$/gm)].map(([, name = '']) => name);
}

suite('one project, many commands at once', () => {
  test('16 processes add 16 projects: all entries are there, in order, and the lockfile has them all', async (t) => {
    const place = await scene(t);
    const folder = place.project('app');

    const ends = await runTogether(
      NAMES.map((name) => [...shoalCommand(), 'add', '--no-sync', name]),
      { cwd: folder, variables: place.variables },
    );

    assert.deepEqual(
      ends.map(({ status }) => status),
      NAMES.map(() => 0),
      ends.map(({ stderr }) => stderr).join('\n'),
    );
    assert.deepEqual(
      dependenciesOf(folder),
      NAMES.map((name) => `${name}>=1.0`),
    );
    assert.deepEqual(lockedNames(folder), ['app', ...NAMES]);
    assert.deepEqual(readdirSync(folder).toSorted(), ['pyproject.toml', 'uv.lock']);
    const check = await place.run(folder, 'lock', '--check');
    assert.equal(check.status, 0, check.stderr);
  });

  test('adding, removing and bumping at once leave what some order of them leaves', async (t) => {
    const place = await scene(t);
    const folder = place.project('app');
    const [first = '', ...others] = NAMES.slice(0, 5);
    await place.run(folder, 'add', '--no-sync', first);

    const ends = await runTogether(
      [
        ...others.map((name) => ['add', '--no-sync', '--group', 'test', name]),
        ['remove', '--no-sync', first],
        ...Array.from({ length: 4 }, () => ['version', '--no-sync', '--bump', 'major']),
      ].map((words) => [...shoalCommand(), ...words]),
      { cwd: folder, variables: place.variables },
    );

    for (const { status, stderr } of ends) assert.equal(status, 0, stderr);
    const text = readFileSync(join(folder, 'pyproject.toml'), 'utf8');
    assert.match(text, /^# kept\n[^]*version = "5"\n/);
    assert.deepEqual(dependenciesOf(folder), []);
    assert.deepEqual(lockedNames(folder), ['app', ...others]);
    const check = await place.run(folder, 'lock', '--check');
    assert.equal(check.status, 0, check.stderr);
  });
});

interface KilledRun {
  /** The step; `undefined` when the command lived to its end. */
  readonly killedAt: string | undefined;
  readonly steps: readonly string[];
}

function killAt(step: number, folder: string, { top, variables }: Scene): Promise<KilledRun> {
  const child = spawn(
    process.execPath,
    [
      '--conditions=source',
      '--disable-warning=ExperimentalWarning',
      ACTOR,
      String(step),
      'add',
      '--no-sync',
      'project-a',
    ],
    {
      cwd: folder,
      env: { ...process.env, ...variables, NODE_COMPILE_CACHE: join(top, 'compiled') },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      const killedAt = /killed at (\S+)/.exec(output.stderr)?.[1];
      resolve({ killedAt, steps: output.stdout.split(' ').filter(isStep) });
    });
  });
}

suite('a project whose command is killed', () => {
  test('has whole files that agree after the next command, at whichever step it happened', async (t) => {
    const place = await scene(t);
    const whole = await killAt(-1, place.project('whole'), place);
    const met = new Set<string>();

    for (const step of whole.steps.keys()) {
      const folder = join(place.top, `killed-${step}`);
      mkdirSync(folder);
      writeFileSync(join(folder, 'pyproject.toml'), PROJECT);
      const { killedAt } = await killAt(step, folder, place);
      if (killedAt !== undefined) met.add(killedAt);
      const before = dependenciesOf(folder);

      const next = await place.run(folder, 'lock');

      assert.equal(next.status, 0, `${killedAt}: ${next.stderr}`);
      const after = dependenciesOf(folder);
      assert.ok(after.length >= before.length, `${killedAt}: what had been written stays`);
      assert.deepEqual(lockedNames(folder), after.length === 0 ? ['app'] : ['app', 'project-a'], killedAt);
      assert.deepEqual(readdirSync(folder).toSorted(), ['pyproject.toml', 'uv.lock'], killedAt);
      assert.equal(existsSync(join(folder, '.shoal-commit')), false);
    }

    t.diagnostic(`${whole.steps.length} steps: ${[...met].join(', ')}`);
    const promised = stepsKilledIn('commit').filter((name) => name !== 'commit-undone' && name !== 'commit-recovering');
    assert.deepEqual(
      promised.filter((name) => !met.has(name)),
      [],
    );
  });
});
