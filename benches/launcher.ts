/**
 * Starts processes, waits for them, and tells what they cost: wall time, CPU time and peak memory. Node tells neither of the
 * last two of a child, so a Python that runs beside the benchmark does the starting.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface Cost {
  readonly wallMs: number;
  /** User and system time of all processes that were waited for, summed. */
  readonly cpuMs: number;
  /** Of the largest process. */
  readonly peakBytes: number;
}

interface Answer extends Cost {
  readonly failure?: string;
}

const SCRIPT = `
import json, os, sys, tempfile, time
for line in sys.stdin:
    job = json.loads(line)
    null = os.open(os.devnull, os.O_RDWR)
    output = tempfile.TemporaryFile()
    actions = [(os.POSIX_SPAWN_DUP2, null, 0)] + [(os.POSIX_SPAWN_DUP2, output.fileno(), fd) for fd in (1, 2)]
    started = time.perf_counter()
    children = [os.posix_spawnp(c[0], c, job["variables"], file_actions=actions) for c in job["commands"]]
    ended = [os.wait4(child, 0) for child in children]
    wall = time.perf_counter() - started
    answer = {
        "wallMs": wall * 1e3,
        "cpuMs": sum(usage.ru_utime + usage.ru_stime for _, _, usage in ended) * 1e3,
        "peakBytes": max(usage.ru_maxrss for _, _, usage in ended) * (1 if sys.platform == "darwin" else 1024),
    }
    if any(status != 0 for _, status, _ in ended):
        output.seek(0)
        answer["failure"] = output.read().decode("utf-8", "replace")[-4000:]
    os.close(null)
    output.close()
    print(json.dumps(answer), flush=True)
`;

export class Launcher implements Disposable {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;

  constructor(python: string) {
    this.#child = spawn(python, ['-I', '-c', SCRIPT]);
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Run all commands at once, to the end of the last. @throws when one fails; the message has its output. */
  async run(commands: readonly (readonly string[])[], variables: Readonly<Record<string, string>>): Promise<Cost> {
    const job = { commands, variables: { ...process.env, ...variables } };
    this.#child.stdin.write(`${JSON.stringify(job)}\n`);
    const { value } = await this.#answers.next();
    if (typeof value !== 'string') throw new Error('the launcher of the benchmark ended');
    const answer = JSON.parse(value) as Answer;
    if (answer.failure === undefined) return answer;
    throw new Error(`${commands[0]?.join(' ')}: failed\n${answer.failure}`);
  }

  [Symbol.dispose](): void {
    this.#child.stdin.end();
  }
}
