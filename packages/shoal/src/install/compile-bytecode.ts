/**
 * `--compile-bytecode`: a pool of Python processes that compile the files whose paths they are given, one at a time. A file that
 * does not compile is passed over in silence, as pip and uv do: wheels carry sources for other Pythons. RECORD stays as it is;
 * uninstalling removes `__pycache__` without being told.
 */
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { BytecodeError } from './install-errors.ts';

export interface CompileOptions {
  /** Absolute path of the environment's interpreter. */
  readonly python: string;
  /** Most processes at once. */
  readonly concurrency: number;
  /** For one file; `undefined` waits for ever. */
  readonly timeoutMs: number | undefined;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

/** A compilation takes milliseconds; this only catches an interpreter that hangs. */
export const DEFAULT_COMPILE_TIMEOUT_MS = 60_000;

const COMPILER = `
import compileall, os, py_compile, sys, warnings
warnings.filterwarnings("ignore")
name = os.environ.get("PYC_INVALIDATION_MODE")
mode = None
if name is not None:
    try:
        mode = py_compile.PycInvalidationMode[name]
    except KeyError:
        sys.exit('Invalid value for PYC_INVALIDATION_MODE "%s"' % name)
elif os.environ.get("SOURCE_DATE_EPOCH"):
    mode = py_compile.PycInvalidationMode.CHECKED_HASH
force = mode not in (None, py_compile.PycInvalidationMode.TIMESTAMP)
print("ready", flush=True)
for line in sys.stdin:
    compileall.compile_file(line[:-1], invalidation_mode=mode, force=force, quiet=2)
    print("done", flush=True)
`;

/** Compile the `.py` files among `paths` (absolute). @returns how many there were. @throws {BytecodeError} when the interpreter fails or hangs. */
export async function compileBytecode(paths: readonly string[], options: CompileOptions): Promise<number> {
  // One path is one line.
  const sources = paths.filter((path) => path.endsWith('.py') && !path.includes('\n'));
  const next = sources.values();
  const count = Math.min(options.concurrency, sources.length);
  const processes = Array.from({ length: count }, () => new Compiler(options));
  try {
    await Promise.all(processes.map((compiler) => compiler.compileAll(next)));
  } finally {
    for (const compiler of processes) compiler.end();
  }
  return sources.length;
}

class Compiler {
  readonly #options: CompileOptions;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  readonly #failed: Promise<never>;
  #complaints = '';

  constructor(options: CompileOptions) {
    this.#options = options;
    this.#child = spawn(options.python, ['-c', COMPILER], {
      env: { ...options.variables, PYTHONIOENCODING: 'utf-8', PYTHONUTF8: '1' },
      stdio: 'pipe',
      signal: options.signal,
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#complaints += text));
    this.#failed = new Promise((_resolve, reject) => {
      this.#child.once('error', (error) =>
        reject(
          options.signal?.aborted === true
            ? error
            : new BytecodeError('Failed to start Python interpreter to run compile script', { cause: error }),
        ),
      );
      // An interpreter that has ended shows in its answers; writing to it must not end us.
      this.#child.stdin.on('error', () => undefined);
    });
    this.#failed.catch(() => undefined);
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async compileAll(paths: Iterator<string>): Promise<void> {
    await this.#expect('ready', 'Python startup timed out');
    for (let path = paths.next(); path.done !== true; path = paths.next()) {
      this.#child.stdin.write(`${path.value}\n`);
      await this.#expect('done', `Bytecode timed out compiling file: \`${path.value}\``);
    }
  }

  async #expect(answer: string, timeoutMessage: string): Promise<void> {
    const received = await this.#withinTime(this.#answers.next(), timeoutMessage);
    if (received.value === answer) return;
    throw new BytecodeError(
      `Bytecode compilation failed, expected "${answer}", received: "${received.value ?? ''}"\nPython process stderr:\n${this.#complaints}`,
    );
  }

  async #withinTime<Value>(value: Promise<Value>, message: string): Promise<Value> {
    const { timeoutMs } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      if (timeoutMs === undefined) return;
      timer = setTimeout(() => reject(new BytecodeError(`${message} (${timeoutMs / 1000}s)`)), timeoutMs);
    });
    try {
      return await Promise.race([value, this.#failed, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  end(): void {
    this.#child.stdin.end();
    this.#child.kill();
  }
}
