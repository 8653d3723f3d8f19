/** Warm workers that take one job at a time each, in the order in which the jobs were given. */
import type { Worker } from 'node:worker_threads';
import { startWorker, type WorkerName } from './worker.ts';

/** What a worker posts for each job. */
export type WorkerAnswer<Result> =
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface WorkerPool<Job, Result> {
  /** Start the workers ahead of the first job, so that it need not wait for them. */
  warm(): void;
  /** @throws what the worker failed with, as it was posted. */
  run(job: Job): Promise<Result>;
  /** End the workers. Jobs that are under way are rejected. */
  close(): Promise<void>;
}

interface Waiting<Job, Result> {
  readonly job: Job;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** A pool of `size` workers; none is started before `warm` or the first job. */
export function createWorkerPool<Job, Result>(name: WorkerName, size: number): WorkerPool<Job, Result> {
  return new Pool<Job, Result>(name, size);
}

class Pool<Job, Result> implements WorkerPool<Job, Result> {
  readonly #name: WorkerName;
  readonly #size: number;
  readonly #queue: Waiting<Job, Result>[] = [];
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Waiting<Job, Result>>();

  constructor(name: WorkerName, size: number) {
    this.#name = name;
    this.#size = size;
  }

  warm(): void {
    while (this.#idle.length + this.#busy.size < this.#size) this.#idle.push(this.#start());
  }

  run(job: Job): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ job, resolve, reject });
      this.#next();
    });
  }

  async close(): Promise<void> {
    const workers = [...this.#idle.splice(0), ...this.#busy.keys()];
    for (const waiting of [...this.#busy.values(), ...this.#queue.splice(0)])
      waiting.reject(new Error(`The worker ${this.#name} was ended`));
    this.#busy.clear();
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  #start(): Worker {
    const worker = startWorker(this.#name);
    worker.on('message', (answer: WorkerAnswer<Result>) => this.#finish(worker, answer));
    worker.on('error', (error) => this.#lose(worker, error));
    worker.on('exit', () => this.#lose(worker, new Error(`The worker ${this.#name} ended in the middle of its work`)));
    return worker;
  }

  #next(): void {
    if (this.#queue.length === 0) return;
    if (this.#idle.length === 0 && this.#busy.size < this.#size) this.#idle.push(this.#start());
    const worker = this.#idle.shift();
    if (worker === undefined) return;
    const waiting = this.#queue.shift();
    if (waiting === undefined) return;
    this.#busy.set(worker, waiting);
    worker.ref();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is of windows; this is a thread
    worker.postMessage(waiting.job);
  }

  #finish(worker: Worker, answer: WorkerAnswer<Result>): void {
    const waiting = this.#busy.get(worker);
    if (waiting === undefined) return;
    this.#busy.delete(worker);
    worker.unref();
    this.#idle.push(worker);
    if (answer.kind === 'done') waiting.resolve(answer.result);
    else waiting.reject(answer.error);
    this.#next();
  }

  #lose(worker: Worker, error: unknown): void {
    const at = this.#idle.indexOf(worker);
    if (at >= 0) this.#idle.splice(at, 1);
    const waiting = this.#busy.get(worker);
    this.#busy.delete(worker);
    waiting?.reject(error);
    this.#next();
  }
}
