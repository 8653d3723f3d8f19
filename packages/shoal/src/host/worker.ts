/**
 * Threads, the same on Node and on Bun, from source, from a bundle and inside a compiled executable: only finding the
 * file of a worker differs. In an executable a worker is there when its file was an entry point of the build.
 */
import { existsSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';

/** The workers of shoal, named by their files below `src`, without suffix. */
export type WorkerName = 'fetch/unpack-worker' | 'install/link-worker';

/** Start a worker. It does not keep the process alive. Failures arrive as its `error` event. */
export function startWorker(name: WorkerName): Worker {
  const threads = process.getBuiltinModule('node:worker_threads');
  const worker = new threads.Worker(workerLocation(name, import.meta.url));
  worker.unref();
  return worker;
}

/** Where the code of `name` is, as seen from this module at `here`. */
function workerLocation(name: WorkerName, here: string): URL {
  const executable = /^file:\/\/\/(?:\$bunfs|[A-Z]:\/~BUN|[A-Z]:\/%7EBUN)\/root\//.exec(here);
  if (executable !== null) return new URL(`${name}.js`, executable[0]);
  if (here.endsWith('.ts')) return new URL(`../${name}.ts`, here);
  const bundled = name.slice(name.lastIndexOf('/') + 1);
  // Beside this file's folder (one file for each module), beside this chunk, or above the folder of chunks.
  const candidates = [`../${name}.js`, `./${bundled}.js`, `../${bundled}.js`].map((path) => new URL(path, here));
  const found = candidates.find((url) => existsSync(url));
  if (found === undefined) throw new Error(`The worker ${name} is missing beside ${here}`);
  return found;
}
