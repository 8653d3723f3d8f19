/**
 * A running program is not hurt by a change: fresh interpreters import a package, one after the other, while that package is
 * reinstalled, or upgraded and downgraded, in a loop. `SHOAL_TEST_IMPORTS` asks for more imports than the usual ones.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { busyWheel, neighbourWheel } from '../support/busy-wheels.ts';
import { installedScene } from '../support/installed-scene.ts';
import { runShoal } from '../support/run-command.ts';
import type { CommandRun } from '../support/run-command.ts';

const IMPORTS = Number(process.env['SHOAL_TEST_IMPORTS'] ?? 60);
const IMPORTERS = 2;

interface Scene {
  readonly python: string;
  install(...words: readonly string[]): Promise<CommandRun>;
}

async function scene(t: TestContext): Promise<Scene> {
  const { folder } = installedScene(t);
  const wheels = join(folder, 'wheels');
  mkdirSync(wheels);
  for (const wheel of [busyWheel('1.0'), busyWheel('2.0'), neighbourWheel()])
    writeFileSync(join(wheels, wheel.filename), wheel.content);
  const words = ['pip', 'install', '-q', '--offline', '--no-index', '--find-links', wheels];
  const made: Scene = {
    python: join(folder, '.venv', 'bin', 'python'),
    install: async (...asked) => await runShoal([...words, ...asked], { cwd: folder }),
  };
  const { status, stderr } = await made.install('busy==1.0', 'neighbour');
  assert.equal(status, 0, stderr);
  return made;
}

/** @returns the last line of what an interpreter says that fails; `undefined` when it does not. */
function importOnce({ python }: Scene): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(python, ['-c', 'import busy'], (error, _stdout, stderr) =>
      resolve(error === null ? undefined : (stderr.trimEnd().split('\n').at(-1) ?? 'no word')),
    );
  });
}

interface Outcome {
  readonly failures: readonly string[];
  readonly changes: number;
}

/** Import again and again, and do one change after the other until that is done. */
async function importBeside(made: Scene, change: (number: number) => Promise<CommandRun>): Promise<Outcome> {
  const failures: string[] = [];
  const turns = Array.from({ length: IMPORTS }).keys();
  const state = { changes: 0, isDone: false };
  const importer = async (): Promise<void> => {
    // One iterator for all importers: each takes the next turn.
    for (const _turn of turns) {
      const failure = await importOnce(made);
      if (failure !== undefined) failures.push(failure);
    }
  };
  const changer = async (): Promise<void> => {
    for (; !state.isDone; state.changes += 1) {
      const { status, stderr } = await change(state.changes);
      assert.equal(status, 0, stderr);
    }
  };
  const importing = Promise.all(Array.from({ length: IMPORTERS }, importer)).finally(() => (state.isDone = true));
  await Promise.all([importing, changer()]);
  return { failures, changes: state.changes };
}

test(`none of ${IMPORTS} imports fails while the package is reinstalled in a loop`, async (t) => {
  const made = await scene(t);

  const { failures, changes } = await importBeside(made, () =>
    made.install('--reinstall-package', 'busy', 'busy==1.0'),
  );

  t.diagnostic(`${changes} reinstallations`);
  assert.deepEqual(failures, []);
  assert.ok(changes > 0);
});

/** What `docs/running-programs.md` names as what cannot hold: the old metadata were listed, and gone when they were read. */
const METADATA_GONE = 'AssertionError: None';

test(`none of ${IMPORTS} imports misses a module while the package is upgraded and downgraded in a loop`, async (t) => {
  const made = await scene(t);

  const { failures, changes } = await importBeside(made, (number) =>
    made.install(number % 2 === 0 ? 'busy==2.0' : 'busy==1.0'),
  );

  const late = failures.filter((failure) => failure === METADATA_GONE).length;
  t.diagnostic(`${changes} changes of version; ${late} imports came too late to the old metadata`);
  assert.deepEqual(
    failures.filter((failure) => failure !== METADATA_GONE),
    [],
  );
  assert.ok(changes > 0);
});
