/** A command on a pseudo-terminal: what people see, and what their keys do. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { anyPython } from './python-tools.ts';
import { shoalCommand } from './shoal-command.ts';

export interface PtyOptions {
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly columns?: number;
  /** Press Ctrl-C once this was shown. */
  readonly interruptAt?: string;
}

export interface PtyRun {
  /** Of the command; -N when it was ended by signal N. */
  readonly status: number;
  /** Everything shown, with the control sequences. */
  readonly shown: string;
}

/** The window's size is set by the child before it becomes the command; Python's `pty` makes the terminal. */
const SCRIPT = `
import fcntl, json, os, pty, struct, sys, termios
options = json.load(sys.stdin)
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 24, options['columns'], 0, 0))
    os.execvpe(options['words'][0], options['words'], options['env'])
shown, at = b'', options['interruptAt'].encode()
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError:
        break
    if not data:
        break
    shown += data
    if at and at in shown:
        at = b''
        os.write(terminal, b'\\x03')
status = os.waitpid(pid, 0)[1]
code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)
json.dump({'status': code, 'shown': shown.decode()}, sys.stdout)
`;

/** Run `shoal <words>` on a terminal of 24 lines. */
export async function runOnTerminal(words: readonly string[], options: PtyOptions): Promise<PtyRun> {
  const { cwd, variables, columns = 100, interruptAt = '' } = options;
  const child = spawn(anyPython(), ['-c', SCRIPT], { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
  const env = { PATH: process.env['PATH'] ?? '', TERM: 'xterm', ...variables };
  child.stdin.end(JSON.stringify({ words: [...shoalCommand(), ...words], env, columns, interruptAt }));
  return JSON.parse(await text(child.stdout)) as PtyRun;
}
