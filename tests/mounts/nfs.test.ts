/**
 * A cache on a real NFS server, with two clients and the server's own folder: what holds where locks are coherent between the
 * clients, and what holds where they lie. `SHOAL_TEST_NFS=all` (`npm run test:mounts`) runs every kind of mount, at some two
 * minutes each; without it only one whose locks lie.
 */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { runtimes } from '../support/actors.ts';
import { anyPython } from '../support/python-tools.ts';
import { shoalCommand } from '../support/shoal-command.ts';
import type { NfsReport } from './nfs-guest.ts';

const run = promisify(execFile);
const machine = fileURLToPath(new URL('../support/nfs-machine.sh', import.meta.url));
const guest = fileURLToPath(new URL('nfs-guest.ts', import.meta.url));

interface Mount {
  readonly version: string;
  readonly options: string;
  /** Do the clients' locks exclude each other? */
  readonly isCoherent: boolean;
}

const MOUNTS: readonly Mount[] = [
  { version: '3', options: 'nolock', isCoherent: false },
  { version: '4.2', options: '', isCoherent: true },
  { version: '3', options: '', isCoherent: true },
  { version: '3', options: 'local_lock=all', isCoherent: false },
];

function whyNot(): string | undefined {
  const { status, stdout } = spawnSync(machine, ['--check'], { encoding: 'utf8' });
  if (status !== 0) return stdout.trim();
  const [, bun] = runtimes();
  if (bun === undefined) return 'there is no Bun, which runs the tests on that machine';
  return shoalCommand().length === 1 ? undefined : 'the command under test is not one file';
}

async function askGuest({ version, options }: Mount): Promise<NfsReport> {
  const [bun = ''] = runtimes()[1] ?? [];
  const [shoal = ''] = shoalCommand();
  const words = [bun, '--conditions=source', 'run', guest, bun, shoal, anyPython()];
  const env = { ...process.env, NFS_VERSION: version, NFS_OPTIONS: options, NFS_TIMEOUT: '800' };
  const { stdout } = await run(machine, words, { cwd: dirname(guest), env, maxBuffer: 1 << 26 });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as NfsReport;
}

for (const mount of process.env['SHOAL_TEST_NFS'] === 'all' ? MOUNTS : MOUNTS.slice(0, 1)) {
  const { version, options, isCoherent } = mount;
  const title = `NFS ${version}${options === '' ? '' : `, ${options}`}`;

  test(`a cache on ${title} is never damaged, and work is done ${isCoherent ? 'once by clients' : 'twice at most'}`, async (t) => {
    const reason = whyNot();
    if (reason !== undefined) {
      t.diagnostic(`not run: ${reason}`);
      return;
    }

    const report = await askGuest(mount);

    const between = isCoherent ? 'busy' : 'locked';
    assert.deepEqual(report.locks, { 'A-A': 'busy', 'A-B': between, 'A-server': 'locked', 'server-B': 'locked' });
    assert.deepEqual(report.installers, ['done', 'done', 'done']);
    assert.ok(report.collectorRuns > 0);
    for (const { statuses, digests, stderr } of [report.clients, report.everybody]) {
      assert.deepEqual(new Set(statuses), new Set([0]), stderr.join('\n'));
      assert.equal(new Set(digests).size, 1, 'all environments hold the same');
    }
    const { requests, distinctRequests, stderr } = report.clients;
    if (isCoherent) assert.equal(requests, distinctRequests);
    else assert.match(stderr.join('\n'), /warning: In the cache's place, locks do not exclude other hosts \(nfs4?\)/);
    t.diagnostic(
      `${title}: clients ${requests}/${distinctRequests} requests, ` +
        `with the server ${report.everybody.requests}/${report.everybody.distinctRequests}, ` +
        `${report.collectorRuns} collector runs`,
    );
  });
}
