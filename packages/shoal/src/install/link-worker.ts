/** Worker entry: draws chunks from a queue that the main thread draws from as well. Each message is one queue. */
import { parentPort } from 'node:worker_threads';
import type { WorkerAnswer } from '../host/worker-pool.ts';
import { drainLinkQueue } from './link-chunk.ts';
import type { ChunkFailure, LinkQueue } from './link-chunk.ts';

const port = parentPort;
if (port === null) throw new Error('link-worker runs as a worker only');
port.on('message', (queue: LinkQueue) => {
  const answer: WorkerAnswer<readonly ChunkFailure[]> = { kind: 'done', result: drainLinkQueue(queue) };
  port.postMessage(answer);
});
