/** The inside of an actor: it plays one role, talks in lines of JSON, and blocks where it is told to. */
import { readSync, writeSync } from 'node:fs';

export type ActorMessage =
  | { readonly type: 'stopped'; readonly step: string }
  | { readonly type: 'event'; readonly event: Readonly<Record<string, unknown>> }
  | { readonly type: 'result'; readonly value: unknown }
  | { readonly type: 'failed'; readonly error: string };

export interface Stage {
  /** Which of the actors that were started together this is. */
  readonly index: number;
  /** Stop here if the test asked for it: the whole process blocks until it may go on, or is killed. */
  step(name: string): void;
  /** To be given to `openCache`: stops at the steps asked for, and passes on what is not a step. */
  readonly onEvent: (event: { readonly type: string; readonly name?: string }) => void;
}

/** What a role gets from the test; each role checks nothing, because the test beside it wrote it. */
export type Role = (input: never, stage: Stage) => Promise<unknown>;

interface Part {
  readonly role: string;
  readonly input: unknown;
  readonly stopAt: readonly string[];
  readonly index: number;
}

/** Play the role that the command line names, after the barrier. */
export async function runActor(roles: Readonly<Record<string, Role>>): Promise<void> {
  const part = JSON.parse(process.argv.at(-1) ?? '') as Part;
  const step = (name: string): void => {
    if (part.stopAt.includes(name)) stopAt(name);
  };
  const stage: Stage = {
    index: part.index,
    step,
    onEvent: (event) => {
      if (event.type === 'step') step(event.name ?? '');
      else say({ type: 'event', event: { ...event } });
    },
  };
  stopAt('barrier');
  try {
    const role = roles[part.role];
    if (role === undefined) throw new Error(`no role is called ${part.role}`);
    say({ type: 'result', value: await role(part.input as never, stage) });
  } catch (error) {
    say({ type: 'failed', error: error instanceof Error ? (error.stack ?? error.message) : 'not an Error' });
  }
  process.exit();
}

function stopAt(step: string): void {
  say({ type: 'stopped', step });
  const line = Buffer.alloc(3);
  for (let read = 0; read < line.length;) {
    const more = readSync(0, line, read, line.length - read, null);
    // The test has ended without us.
    if (more === 0) process.exit(3);
    read += more;
  }
}

function say(message: ActorMessage): void {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let written = 0; written < bytes.length;) written += writeSync(1, bytes, written);
}
