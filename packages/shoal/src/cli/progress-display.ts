/**
 * Moving lines at the bottom of a terminal: one for each download under way, with bytes and rate. Draws at most ten times a
 * second, keeps no timer alive, and is not made at all where text cannot move (pipes, terminals without columns, `-q`).
 */
import { formatBytes } from './render/quantities.ts';
import type { Reporter } from './reporter.ts';

interface Task {
  readonly label: string;
  readonly startedMs: number;
  readonly sizeBytes: number | undefined;
  receivedBytes: number;
}

const MAX_ROWS = 8;
const DRAW_EVERY_MS = 100;
const BAR_WIDTH = 20;
const CLEAR_LINE = '\u001B[2K';

/** The downloads that are under way, drawn over and over. */
export class ProgressDisplay {
  readonly #reporter: Reporter;
  readonly #now: () => number;
  readonly #tasks = new Map<string, Task>();
  #drawnRows = 0;
  #drawnAtMs = Number.NEGATIVE_INFINITY;
  #status = '';

  constructor(reporter: Reporter, now: () => number = () => performance.now()) {
    this.#reporter = reporter;
    this.#now = now;
    reporter.onBeforeLine = () => this.clear();
  }

  /** What is going on apart from downloads: `Resolving numpy==2.0.0`; the empty text is nothing. */
  setStatus(text: string): void {
    this.#status = text;
    this.#draw();
  }

  start(id: string, task: { readonly label: string; readonly sizeBytes: number | undefined }): void {
    this.#tasks.set(id, { ...task, receivedBytes: 0, startedMs: this.#now() });
    this.#draw();
  }

  advance(id: string, receivedBytes: number): void {
    const task = this.#tasks.get(id);
    if (task === undefined) return;
    task.receivedBytes = receivedBytes;
    this.#draw();
  }

  finish(id: string): void {
    this.#tasks.delete(id);
    if (this.#tasks.size === 0 && this.#status === '') this.clear();
    else this.#draw();
  }

  /** Take the lines away, so that others can be printed; the next event draws them again. */
  clear(): void {
    if (this.#drawnRows === 0) return;
    this.#reporter.raw(`${`\u001B[1A${CLEAR_LINE}`.repeat(this.#drawnRows)}\r`);
    this.#drawnRows = 0;
    this.#drawnAtMs = Number.NEGATIVE_INFINITY;
  }

  #draw(): void {
    const now = this.#now();
    if (now - this.#drawnAtMs < DRAW_EVERY_MS) return;
    const rows = this.#rows(now);
    this.clear();
    if (rows.length === 0) return;
    this.#reporter.raw(`${rows.join('\n')}\n`);
    this.#drawnRows = rows.length;
    this.#drawnAtMs = now;
  }

  #rows(now: number): string[] {
    const columns = this.#reporter.columns;
    const tasks = [...this.#tasks.values()];
    const rows = tasks.slice(0, MAX_ROWS).map((task) => downloadRow(task, now));
    if (tasks.length > MAX_ROWS) rows.push(`… and ${tasks.length - MAX_ROWS} more`);
    if (this.#status !== '') rows.push(this.#status);
    return rows.map((row) => row.slice(0, Math.max(0, columns - 1)));
  }
}

function downloadRow(task: Task, now: number): string {
  const seconds = Math.max(0.001, (now - task.startedMs) / 1000);
  const rate = `${formatBytes(Math.round(task.receivedBytes / seconds))}/s`;
  const name = task.label.padEnd(24).slice(0, 24);
  if (task.sizeBytes === undefined || task.sizeBytes === 0) return `${name} ${formatBytes(task.receivedBytes)} ${rate}`;
  const done = Math.min(BAR_WIDTH, Math.floor((task.receivedBytes / task.sizeBytes) * BAR_WIDTH));
  const bar = `${'-'.repeat(done)}${' '.repeat(BAR_WIDTH - done)}`;
  return `${name} [${bar}] ${formatBytes(task.receivedBytes)}/${formatBytes(task.sizeBytes)} ${rate}`;
}
