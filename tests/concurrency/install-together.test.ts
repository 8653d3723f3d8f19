/** Many commands at once: each piece of work is done once, and all succeed. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runTogether } from '../support/commands-together.ts';
import type { CommandEnd } from '../support/commands-together.ts';
import { startLocalIndex } from '../support/local-index.ts';
import { anyPython } from '../support/python-tools.ts';
import { shoalCommand } from '../support/shoal-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const PROCESSES = 10;
const ROUNDS = 20;

/** Twelve projects: `p0` needs `p1` and `p2`, those need the next, and so on. */
function projects(): ReturnType<typeof buildWheel>[] {
  return Array.from({ length: 12 }, (_, number) =>
    buildWheel({
      name: `p${number}`,
      version: '1.0',
      requires: [2 * number + 1, 2 * number + 2].filter((other) => other < 12).map((other) => `p${other}`),
      files: Object.fromEntries(
        Array.from({ length: 20 }, (_unused, file) => [`p${number}/m${file}.py`, `value = ${number * file}\n`]),
      ),
    }),
  );
}

function makeEnvironments(folder: string, count: number): string[] {
  return Array.from({ length: count }, (_, number) => {
    const root = join(folder, `env-${number}`);
    rmSync(root, { recursive: true, force: true });
    execFileSync(anyPython(), ['-m', 'venv', '--without-pip', root]);
    return root;
  });
}

function assertAllSucceeded(ends: readonly CommandEnd[]): void {
  for (const { status, stderr } of ends) assert.equal(status, 0, stderr);
}

test(`${PROCESSES} cold processes with ${PROCESSES} environments ask the index once for each page, metadata file and wheel, in ${ROUNDS} rounds`, async (t) => {
  await using index = await startLocalIndex({ distributions: projects() });
  const folder = temporaryFolder(t);
  for (let round = 0; round < ROUNDS; round += 1) {
    const cache = join(folder, `cache-${round}`);
    const environments = round === 0 ? makeEnvironments(folder, PROCESSES) : environmentsCleared(folder, PROCESSES);
    index.forget();

    const ends = await runTogether(
      environments.map((root) => [
        ...shoalCommand(),
        'pip',
        'install',
        '-p',
        root,
        '--index-url',
        index.url,
        '--cache-dir',
        cache,
        'p0',
      ]),
    );

    assertAllSucceeded(ends);
    const repeated = Object.entries(Object.groupBy(index.requests, ({ path }) => path)).filter(
      ([, requests]) => (requests?.length ?? 0) > 1,
    );
    assert.deepEqual(
      repeated.map(([path, requests]) => `${requests?.length} x ${path}`),
      [],
    );
    assert.equal(index.requests.length, 36, 'twelve pages, twelve metadata files, twelve wheels');
    rmSync(cache, { recursive: true, force: true });
  }
});

function environmentsCleared(folder: string, count: number): string[] {
  return Array.from({ length: count }, (_, number) => {
    const root = join(folder, `env-${number}`);
    execFileSync('sh', ['-c', `rm -rf ${root}/lib/python*/site-packages/*`]);
    return root;
  });
}

test(`${PROCESSES} processes on one environment all succeed, and one does the work, in ${ROUNDS} rounds`, async (t) => {
  await using index = await startLocalIndex({ distributions: projects() });
  const folder = temporaryFolder(t);
  const cache = join(folder, 'cache');
  const [root = ''] = makeEnvironments(folder, 1);
  for (let round = 0; round < ROUNDS; round += 1) {
    environmentsCleared(folder, 1);

    const ends = await runTogether(
      Array.from({ length: PROCESSES }, () => [
        ...shoalCommand(),
        'pip',
        'install',
        '-p',
        root,
        '--index-url',
        index.url,
        '--cache-dir',
        cache,
        'p0',
      ]),
    );

    assertAllSucceeded(ends);
    assert.equal(ends.filter(({ stderr }) => stderr.includes('Installed 12 packages')).length, 1);
    assert.equal(ends.filter(({ stderr }) => stderr.includes('Checked 1 package')).length, PROCESSES - 1);
  }
});
