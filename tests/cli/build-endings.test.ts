/** Builds that do not end by themselves, and what is left of them. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { test } from 'node:test';
import { acquireFileLock } from '@shoal/cache';
import { anyPython } from '../support/python-tools.ts';
import { runShoal } from '../support/run-command.ts';
import { shoalCommand } from '../support/shoal-command.ts';
import { IMMORTAL_CHILD, writeSourceProject } from '../support/source-project.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function untilNothingLives(lifeLock: string): Promise<void> {
  const options = { resource: 'the life of the build', command: 'test', timeoutMs: 60_000 };
  using _everythingHasEnded = await acquireFileLock(lifeLock, { mode: 'exclusive', ...options });
}

/** @returns what was said until now, at any time. */
async function untilSaid(stream: Readable, word: string): Promise<() => string> {
  let said = '';
  stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  while (!said.includes(word)) await once(stream, 'data');
  return () => said;
}

for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  test(`${signal} ends a build that never ends, and all that it has started`, async (t) => {
    const folder = temporaryFolder(t);
    const project = writeSourceProject(join(folder, 'part'), {
      name: 'part',
      inBuild: `${IMMORTAL_CHILD}\nimport time\ntime.sleep(600)`,
    });
    const [program = '', ...words] = shoalCommand();
    const cache = join(folder, 'cache');
    const variables = { SHOAL_CACHE_DIR: cache, LIFE_LOCK: join(folder, 'life'), UV_NO_INDEX: '1' };
    const child = spawn(program, [...words, 'build', '--wheel', '-p', anyPython(), project], {
      env: { ...process.env, ...variables },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const said = await untilSaid(child.stderr, 'compiling');
    const exit = once(child, 'exit');

    child.kill(signal);

    assert.deepEqual(await exit, [status, null], said());
    await untilNothingLives(variables.LIFE_LOCK);
    assert.deepEqual(readdirSync(join(cache, 'tmp')), []);
  });

test('a child that outlives its hook is ended with it, and the build goes on', async (t) => {
  const folder = temporaryFolder(t);
  const project = writeSourceProject(join(folder, 'part'), { name: 'part', inBuild: IMMORTAL_CHILD });
  const variables = { LIFE_LOCK: join(folder, 'life'), UV_NO_INDEX: '1' };

  const { status, stderr } = await runShoal(['build', '--wheel', '-p', anyPython(), project], {
    cwd: folder,
    variables,
  });

  assert.equal(status, 0, stderr);
  await untilNothingLives(variables.LIFE_LOCK);
});

test('a child that left the process group and holds the output does not hold up the build', async (t) => {
  const folder = temporaryFolder(t);
  const pidFile = join(folder, 'pid');
  const inBuild = `import subprocess\nchild = subprocess.Popen(["sleep", "600"], start_new_session=True)\nopen(${JSON.stringify(pidFile)}, "w").write(str(child.pid))`;
  const project = writeSourceProject(join(folder, 'part'), { name: 'part', inBuild });

  const { status, stderr } = await runShoal(['build', '--wheel', '-p', anyPython(), project], {
    cwd: folder,
    variables: { UV_NO_INDEX: '1' },
  });

  process.kill(Number(readFileSync(pidFile, 'utf8')));
  assert.equal(status, 0, stderr);
});
