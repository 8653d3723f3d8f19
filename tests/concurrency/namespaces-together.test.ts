/** Containers without an engine: commands in process, host, IPC and mount namespaces of their own share one cache. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';

import { runTogether } from '../support/commands-together.ts';
import { startLocalIndex } from '../support/local-index.ts';
import { anyPython } from '../support/python-tools.ts';
import { runShoal } from '../support/run-command.ts';
import { shoalCommand } from '../support/shoal-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const NAMESPACES = ['unshare', '--pid', '--uts', '--ipc', '--mount', '--fork', '--kill-child', '--mount-proc'];
const COUNT = 6;
const ROUNDS = 5;

const wheels = Array.from({ length: 6 }, (_, number) =>
  buildWheel({
    name: `p${number}`,
    version: '1.0',
    requires: number < 5 ? [`p${number + 1}`] : [],
    files: { [`p${number}/__init__.py`]: `x = ${number}\n` },
  }),
);

/** The command is process 1 on a host named `box<number>`. */
function boxed(number: number, words: readonly string[]): string[] {
  return [...NAMESPACES, 'sh', '-c', `hostname box${number}; exec "$@"`, 'sh', ...shoalCommand(), ...words];
}

function whyNot(): string | undefined {
  const [program = '', ...words] = NAMESPACES;
  return spawnSync(program, [...words, 'true']).status === 0 ? undefined : 'namespaces cannot be made here';
}

function install(target: string, index: string): string[] {
  return ['pip', 'install', '-p', anyPython(), '--target', target, '--index-url', index, 'p0'];
}

test(`${COUNT} cold commands that all are process 1 ask the index once for each thing, in ${ROUNDS} rounds`, async (t) => {
  const reason = whyNot();
  if (reason !== undefined) return t.diagnostic(`not run: ${reason}`);
  const folder = temporaryFolder(t);
  await using index = await startLocalIndex({ distributions: wheels });
  for (let round = 0; round < ROUNDS; round += 1) {
    index.forget();

    const ends = await runTogether(
      Array.from({ length: COUNT }, (_, number) =>
        boxed(number, install(join(folder, `target-${round}-${number}`), index.url)),
      ),
      { variables: { SHOAL_CACHE_DIR: join(folder, `cache-${round}`) } },
    );

    for (const { status, stderr } of ends) assert.equal(status, 0, stderr);
    assert.equal(new Set(index.requests.map(({ path }) => path)).size, index.requests.length);
    assert.equal(index.requests.length, 18, 'six pages, six metadata files, six wheels');
  }
});

test('cache locks names host and container of a command that is process 1 elsewhere', async (t) => {
  const reason = whyNot();
  if (reason !== undefined) return t.diagnostic(`not run: ${reason}`);
  const folder = temporaryFolder(t);
  await using index = await startLocalIndex({ distributions: wheels });
  index.fail('/simple/p0/', { kind: 'silence' });
  const cache = join(folder, 'cache');
  const [program = '', ...words] = boxed(1, install(join(folder, 'target'), index.url));
  const child = spawn(program, words, { env: { ...process.env, SHOAL_CACHE_DIR: cache }, stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  let asked = index.count('/simple/p0/');
  while (asked === 0) {
    await new Promise(setImmediate);
    assert.equal(child.exitCode, null, 'it is still there');
    asked = index.count('/simple/p0/');
  }

  const { stdout } = await runShoal(['cache', 'locks', '--cache-dir', cache], { cwd: folder });
  child.kill('SIGKILL');
  await once(child, 'close');

  assert.match(
    stdout,
    /^exclusive  the index page of `p0` +`shoal pip install .*` \(process 1 on box1, container \S+, since /m,
  );
});
