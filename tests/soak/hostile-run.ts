/** One command as a real process, and what is done to it: killed or stopped at an announced step or at any time. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { isStep } from '../concurrency/crash-steps.ts';

/** At the step with this number, and a little later; or after a time. */
export type Moment = { readonly step: number; readonly delayMs: number } | { readonly afterMs: number };

export type Fate =
  | { readonly kind: 'spared' }
  | { readonly kind: 'killed'; readonly moment: Moment }
  | { readonly kind: 'stopped'; readonly moment: Moment; readonly forMs: number; readonly isKilledThen: boolean };

export interface HostileOptions {
  /** Program and words. */
  readonly command: readonly string[];
  /** Standard input; it ends after that. */
  readonly input: string | undefined;
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
  readonly fate: Fate;
  /** A command that runs for longer than this hangs; the time that it was stopped for does not count. */
  readonly patienceMs: number;
  /** Tells where a hanging command waits, before it is killed. */
  readonly onHang: (pid: number) => string;
}

export interface HostileRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly wasKilled: boolean;
  readonly wasStopped: boolean;
  /** What `onHang` told. */
  readonly hang: string | undefined;
}

export function runHostile(options: HostileOptions): Promise<HostileRun> {
  return new HostileProcess(options).end();
}

class HostileProcess {
  readonly #options: HostileOptions;
  readonly #child: ChildProcess;
  readonly #startedMs = performance.now();
  readonly #timers: NodeJS.Timeout[] = [];
  #watchdog: NodeJS.Timeout;
  #stdout = '';
  #stderr = '';
  #line = '';
  #steps = 0;
  #wasKilled = false;
  #wasStopped = false;
  #hang: string | undefined;

  constructor(options: HostileOptions) {
    const { command, input, cwd, variables, user, fate, patienceMs } = options;
    const [program = '', ...words] = command;
    this.#options = options;
    this.#child = spawn(program, words, { cwd, env: variables, stdio: ['pipe', 'pipe', 'pipe'], ...user });
    // A killed command no longer reads.
    this.#child.stdin?.on('error', () => undefined).end(input);
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    this.#watchdog = setTimeout(() => this.#despair(), patienceMs);
    if (fate.kind !== 'spared' && 'afterMs' in fate.moment) this.#later(fate.moment.afterMs, () => this.#strike());
  }

  end(): Promise<HostileRun> {
    return new Promise((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', (status) => {
        clearTimeout(this.#watchdog);
        for (const timer of this.#timers) clearTimeout(timer);
        resolve(this.#result(status));
      });
    });
  }

  #result(status: number | null): HostileRun {
    return {
      status,
      stdout: this.#stdout,
      stderr: this.#stderr,
      startedMs: this.#startedMs,
      endedMs: performance.now(),
      // It may have come to its end before the signal came.
      wasKilled: this.#wasKilled && this.#child.signalCode === 'SIGKILL',
      wasStopped: this.#wasStopped,
      hang: this.#hang,
    };
  }

  #hear(text: string): void {
    this.#stderr += text;
    this.#line += text;
    const lines = this.#line.split('\n');
    this.#line = lines.pop() ?? '';
    for (const line of lines) if (isStep(/^DEBUG (\S+)/.exec(line)?.[1] ?? '')) this.#reachStep();
  }

  #reachStep(): void {
    const { fate } = this.#options;
    const step = this.#steps;
    this.#steps += 1;
    if (fate.kind === 'spared' || 'afterMs' in fate.moment || fate.moment.step !== step) return;
    if (fate.moment.delayMs === 0) this.#strike();
    else this.#later(fate.moment.delayMs, () => this.#strike());
  }

  #strike(): void {
    const { fate } = this.#options;
    if (fate.kind === 'killed') this.#kill();
    else if (fate.kind === 'stopped') this.#stop(fate);
  }

  #kill(): void {
    this.#wasKilled = this.#child.kill('SIGKILL');
  }

  #stop({ forMs, isKilledThen }: Extract<Fate, { kind: 'stopped' }>): void {
    if (!this.#child.kill('SIGSTOP')) return;
    this.#wasStopped = true;
    clearTimeout(this.#watchdog);
    this.#later(forMs, () => {
      if (isKilledThen) this.#kill();
      else this.#child.kill('SIGCONT');
      this.#watchdog = setTimeout(() => this.#despair(), this.#options.patienceMs);
    });
  }

  #despair(): void {
    this.#hang = this.#options.onHang(this.#child.pid ?? 0);
    this.#kill();
    // Whoever else holds its output must not keep us.
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }

  #later(delayMs: number, act: () => void): void {
    this.#timers.push(setTimeout(act, delayMs));
  }
}
