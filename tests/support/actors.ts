/**
 * Actors: real processes for claims about processes. They are started, released together at a barrier, stopped at the
 * steps that the code announces, killed there, and asked for their results.
 *
 * Nothing here sleeps, and nothing hangs: an actor that dies, and one that is silent for too long, fails the test.
 * Actors take turns between the runtimes that are there (Node, Bun), so that each claim holds between the two.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

import type { ActorMessage } from './actor-process.ts';

const SILENCE_LIMIT_MS = 90_000;

export interface ActorOptions {
  /** A module that calls `runActor`. */
  readonly script: URL;
  /** Which of its roles to play. */
  readonly role: string;
  readonly input: unknown;
  /** Steps at which the actor stops until `proceed`. */
  readonly stopAt?: readonly string[];
  /** Words before the command: `unshare --pid --fork`. */
  readonly wrapper?: readonly string[];
  /** Which runtime; without, they take turns. */
  readonly runtime?: readonly string[];
}

/** The commands that run a TypeScript file here: Node always, Bun when it was installed. */
export function runtimes(): readonly (readonly string[])[] {
  const node = [process.versions.bun === undefined ? process.execPath : 'node', '--conditions=source'];
  const bun = fileURLToPath(new URL(`../../node_modules/@oven/bun-${bunPlatform()}/bin/bun`, import.meta.url));
  return existsSync(bun) ? [node, [bun, '--conditions=source', 'run']] : [node];
}

function bunPlatform(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  return `${system}-${process.arch === 'arm64' ? 'aarch64' : process.arch}`;
}

interface Expectation {
  readonly accepts: (message: ActorMessage) => boolean;
  readonly resolve: (message: ActorMessage) => void;
  readonly reject: (error: Error) => void;
}

export class Actor {
  readonly pid: number;
  /** Everything it has said so far, in order. */
  readonly messages: ActorMessage[] = [];
  readonly #child: ChildProcess;
  readonly #name: string;
  readonly #unclaimed: ActorMessage[] = [];
  readonly #exited: Promise<void>;
  #expectation: Expectation | undefined;
  #standardError = '';
  #death: string | undefined;

  constructor(command: readonly string[], name: string) {
    const [program = '', ...rest] = command;
    this.#name = name;
    this.#child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.pid = this.#child.pid ?? 0;
    this.#exited = this.#listen();
  }

  /** Wait until it stops at this step. */
  async reaches(step: string): Promise<void> {
    await this.#expect((message) => message.type === 'stopped' && message.step === step, `reach the step ${step}`);
  }

  /** Let it go on from where it has stopped. */
  proceed(): void {
    this.#child.stdin?.write('go\n');
  }

  /** What its role returned. */
  async result(): Promise<unknown> {
    const message = await this.#expect(({ type }) => type === 'result' || type === 'failed', 'end');
    if (message.type === 'failed') throw new Error(`${this.#name} failed: ${message.error}`);
    return message.type === 'result' ? message.value : undefined;
  }

  /** The events of this type that its cache has told so far. */
  events(type: string): readonly Readonly<Record<string, unknown>>[] {
    return this.messages.flatMap((message) =>
      message.type === 'event' && message.event['type'] === type ? [message.event] : [],
    );
  }

  /** Wait for the first event of this type. */
  async announces(type: string): Promise<void> {
    if (this.events(type).length > 0) return;
    await this.#expect((message) => message.type === 'event' && message.event['type'] === type, `announce ${type}`);
  }

  /** SIGKILL, and wait until the system has let go of all it held. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  async #expect(accepts: Expectation['accepts'], what: string): Promise<ActorMessage> {
    const index = this.#unclaimed.findIndex(accepts);
    if (index !== -1) {
      const [found] = this.#unclaimed.splice(index, 1);
      if (found !== undefined) return found;
    }
    if (this.#death !== undefined) throw new Error(`${this.#name} did not ${what}: ${this.#death}`);
    const { promise, resolve, reject } = Promise.withResolvers<ActorMessage>();
    const tooLong = (): void => reject(new Error(`${this.#name} did not ${what} for ${SILENCE_LIMIT_MS / 1000} s`));
    const timer = setTimeout(tooLong, SILENCE_LIMIT_MS);
    const fail = (error: Error): void => reject(new Error(`${this.#name} did not ${what}: ${error.message}`));
    this.#expectation = { accepts, resolve, reject: fail };
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#expectation = undefined;
    }
  }

  async #listen(): Promise<void> {
    const { stdout, stderr, stdin } = this.#child;
    stderr?.setEncoding('utf8').on('data', (text: string) => (this.#standardError += text));
    // A killed actor no longer reads: writing to it is no failure of the test.
    stdin?.on('error', () => undefined);
    if (stdout !== null) createInterface({ input: stdout }).on('line', (line) => this.#hear(line));
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#child.on('error', (error) => this.#die(error.message, resolve));
    this.#child.on('close', (code, signal) => this.#die(`it ended with ${signal ?? `status ${code}`}`, resolve));
    await promise;
  }

  #die(reason: string, resolve: () => void): void {
    this.#death = `${reason}\n${this.#standardError}`;
    this.#expectation?.reject(new Error(this.#death));
    resolve();
  }

  #hear(line: string): void {
    const message = JSON.parse(line) as ActorMessage;
    this.messages.push(message);
    if (this.#expectation?.accepts(message) === true) this.#expectation.resolve(message);
    else this.#unclaimed.push(message);
  }
}

export interface ActorGroup {
  readonly actors: readonly Actor[];
  /** Open the barrier at which all of them stand, and wait for all results, in the order of `actors`. */
  releaseTogether(): Promise<readonly unknown[]>;
}

/** Start one actor; it stands at its barrier until `proceed`. It is killed when the test ends. */
export async function startActor(t: TestContext, options: ActorOptions): Promise<Actor> {
  const { actors } = await startActors(t, 1, options);
  const [actor] = actors;
  if (actor === undefined) throw new Error('no actor was started');
  return actor;
}

/** Start `count` actors; all stand at the barrier when this resolves. They are killed when the test ends. */
export async function startActors(t: TestContext, count: number, options: ActorOptions): Promise<ActorGroup> {
  const available = options.runtime === undefined ? runtimes() : [options.runtime];
  const actors = Array.from({ length: count }, (_, index) => {
    const runtime = available[index % available.length] ?? [];
    const part = JSON.stringify({ role: options.role, input: options.input, stopAt: options.stopAt ?? [], index });
    const command = [...(options.wrapper ?? []), ...runtime, fileURLToPath(options.script), part];
    return new Actor(command, `${options.role} ${index}`);
  });
  t.after(async () => await Promise.all(actors.map(async (actor) => await actor.kill())));
  await Promise.all(actors.map(async (actor) => await actor.reaches('barrier')));
  return { actors, releaseTogether: async () => await releaseTogether(actors) };
}

/** Open the barriers of actors that play different roles. */
export async function releaseTogether(actors: readonly Actor[]): Promise<readonly unknown[]> {
  for (const actor of actors) actor.proceed();
  return await Promise.all(actors.map(async (actor) => await actor.result()));
}
