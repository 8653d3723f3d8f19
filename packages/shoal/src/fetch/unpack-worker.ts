/** Worker entry: unpacks one wheel for each message. */
import { parentPort } from 'node:worker_threads';
import type { WorkerAnswer } from '../host/worker-pool.ts';
import { describeUnpackFailure, type UnpackFailure } from './unpack-failure.ts';
import { type UnpackedWheel, unpackWheel, type UnpackWheelJob } from './unpack-wheel.ts';

const port = parentPort;
if (port === null) throw new Error('unpack-worker runs as a worker only');
port.on('message', async (job: UnpackWheelJob) => {
  port.postMessage(await answer(job));
});

async function answer(job: UnpackWheelJob): Promise<WorkerAnswer<UnpackedWheel>> {
  try {
    return { kind: 'done', result: await unpackWheel(job) };
  } catch (error) {
    const failure: UnpackFailure = describeUnpackFailure(error);
    return { kind: 'failed', error: failure };
  }
}
