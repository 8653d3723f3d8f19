/** Many `sync`s and `run`s of one project at once: all succeed, one does the work, and the environment is what the lockfile says. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { runTogether } from '../support/commands-together.ts';
import type { CommandEnd } from '../support/commands-together.ts';
import { lockedProject } from '../support/locked-project.ts';
import type { LockedProject } from '../support/locked-project.ts';
import { shoalCommand } from '../support/shoal-command.ts';

const PROCESSES = 10;
const ROUNDS = 3;
const HELD = ['base==1.0', 'tool==3.0', 'top==2.0'];

async function together(project: LockedProject, words: readonly string[]): Promise<readonly CommandEnd[]> {
  const commands = Array.from({ length: PROCESSES }, () => [...shoalCommand(), ...words]);
  return await runTogether(commands, { cwd: project.folder, variables: project.variables });
}

function assertAllSucceeded(ends: readonly CommandEnd[]): void {
  for (const { status, stderr } of ends) assert.equal(status, 0, stderr);
}

test(`${PROCESSES} \`sync -q\` at once all succeed, with an environment to make and with nothing to do, in ${ROUNDS} rounds`, async (t) => {
  const project = lockedProject(t);
  for (let round = 0; round < ROUNDS; round += 1) {
    rmSync(project.path('.venv'), { recursive: true, force: true });

    assertAllSucceeded(await together(project, ['sync', '-q']));
    assert.deepEqual(project.installed(), HELD);
    assertAllSucceeded(await together(project, ['sync', '-q']));
  }
});

test(`of ${PROCESSES} \`sync\`s at once one installs, and the others find everything there, in ${ROUNDS} rounds`, async (t) => {
  const project = lockedProject(t);
  for (let round = 0; round < ROUNDS; round += 1) {
    rmSync(project.path('.venv'), { recursive: true, force: true });

    const ends = await together(project, ['sync']);

    assertAllSucceeded(ends);
    const count = (text: string): number => ends.filter(({ stderr }) => stderr.includes(text)).length;
    assert.deepEqual(
      [count('Creating virtual environment'), count('Installed 3 packages'), count('Checked 3 packages')],
      [1, 1, PROCESSES - 1],
    );
  }
});

test(`${PROCESSES} \`run\`s at once all run in the whole environment, in ${ROUNDS} rounds`, async (t) => {
  const project = lockedProject(t);
  for (let round = 0; round < ROUNDS; round += 1) {
    rmSync(project.path('.venv'), { recursive: true, force: true });
    const code = 'import base, tool, top; print("all there")';

    const cold = await together(project, ['run', 'python', '-c', code]);
    const warm = await together(project, ['run', 'top']);

    assertAllSucceeded([...cold, ...warm]);
    assert.deepEqual([...new Set([...cold, ...warm].map(({ stdout }) => stdout))].sort(), [
      'all there\n',
      'top runs\n',
    ]);
  }
});

test('with nothing to do no lock is taken: a held one makes nobody wait', async (t) => {
  const project = lockedProject(t);
  // The first makes the environment. It may have read what was written in the moment before; the second has not, and remembers.
  for (let round = 0; round < 2; round += 1)
    assertAllSucceeded(
      await runTogether([[...shoalCommand(), 'sync']], { cwd: project.folder, variables: project.variables }),
    );
  const holder = `import fcntl, subprocess, sys; f = open(".venv/.lock", "r+"); fcntl.flock(f, fcntl.LOCK_EX); sys.exit(subprocess.call(sys.argv[1:]))`;
  const python = project.path('.venv', 'bin', 'python');

  const options = { cwd: project.folder, variables: project.variables, timeoutMs: 20_000 };
  const ends = await runTogether([[python, '-c', holder, ...shoalCommand(), 'sync']], options);

  assertAllSucceeded(ends);
  assert.match(ends[0]?.stderr ?? '', /^Resolved 5 packages in .*\nChecked 3 packages in .*\n$/);
});

test(`${PROCESSES} \`run --with\` at once make the environment once`, async (t) => {
  const project = lockedProject(t);
  await project.run('sync');
  const ends = await together(project, ['run', '--with', 'more', 'python', '-c', 'import more, top; print("both")']);
  assertAllSucceeded(ends);
  assert.deepEqual([...new Set(ends.map(({ stdout }) => stdout))], ['both\n']);
  assert.equal(ends.filter(({ stderr }) => stderr.includes('Installed 1 package')).length, 1);
});
