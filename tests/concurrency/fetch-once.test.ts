/** "Each piece of work is done once": real processes that start together on one empty cache. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { localIndex, temporaryFolder } from '../support/fetch-fixture.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const ACTORS = 6;
const names = ['alpha', 'beta', 'gamma'];
const wheels = names.map((name) =>
  buildWheel({ name, version: '1.0', files: { [`${name}/data.bin`]: Buffer.alloc(200_000, name) } }),
);

/** A process at its barrier. One that dies early makes the test fail, not hang. */
async function startActor(t: TestContext, args: readonly string[]): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('fetch-actor.ts', import.meta.url));
  const actor = spawn(
    process.execPath,
    ['--conditions=source', '--disable-warning=ExperimentalWarning', script, ...args],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  t.after(() => actor.kill('SIGKILL'));
  await Promise.race([once(actor.stdout, 'data'), failure(actor)]);
  return actor;
}

async function failure(actor: ChildProcess): Promise<never> {
  const [code] = await once(actor, 'exit');
  throw new Error(`An actor ended with ${code}`);
}

async function finish(actor: ChildProcess): Promise<unknown> {
  actor.stdin?.write('go\n');
  const [code] = await once(actor, 'exit');
  return code;
}

for (const { title, sidecars, requestsOfFile } of [
  { title: 'with sidecars', sidecars: true, requestsOfFile: 1 },
  { title: 'without sidecars, one range and one whole', sidecars: false, requestsOfFile: 2 },
]) {
  test(`${ACTORS} cold processes ask for each page, metadata file and wheel once, ${title}`, async (t) => {
    const index = await localIndex(t, { distributions: wheels, sidecars, maxAgeSeconds: 0 });
    const root = temporaryFolder(t);
    const actors = await Promise.all(Array.from({ length: ACTORS }, () => startActor(t, [root, index.url, ...names])));

    const codes = await Promise.all(actors.map(finish));

    assert.deepEqual(codes, Array<number>(ACTORS).fill(0));
    for (const { filename } of wheels) {
      assert.equal(index.count(`/files/${filename}`), requestsOfFile, filename);
      assert.equal(index.count(`/files/${filename}.metadata`), sidecars ? 1 : 0, filename);
    }
  });
}

test(`${ACTORS} cold processes ask for each fresh page once`, async (t) => {
  const index = await localIndex(t, { distributions: wheels });
  const root = temporaryFolder(t);
  const actors = await Promise.all(Array.from({ length: ACTORS }, () => startActor(t, [root, index.url, ...names])));

  await Promise.all(actors.map(finish));

  for (const name of names) assert.equal(index.count(`/simple/${name}/`), 1, name);
});
