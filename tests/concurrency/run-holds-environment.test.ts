/** What a program runs in stays while it runs, whatever is cleaned meanwhile; signals and what holds the environment go to the program itself. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { lockedProject } from '../support/locked-project.ts';
import type { LockedProject } from '../support/locked-project.ts';
import { runTogether } from '../support/commands-together.ts';
import { shoalCommand } from '../support/shoal-command.ts';

/** Says where it is, waits for a line, imports what it has not imported yet, and ends. */
const PROGRAM = [
  'import sys',
  'print(sys.prefix, flush=True)',
  'sys.stdin.readline()',
  'import more',
  'print(more.__name__, flush=True)',
].join('\n');

interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  nextLine(): Promise<string>;
  end(): Promise<{ readonly status: number | null; readonly signal: NodeJS.Signals | null }>;
}

function start(project: LockedProject, ...words: readonly string[]): Running {
  const [program = '', ...leading] = shoalCommand();
  const child = spawn(program, [...leading, 'run', ...words], {
    cwd: project.folder,
    env: { ...process.env, ...project.variables },
  });
  child.stderr.resume();
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<Awaited<ReturnType<Running['end']>>>((resolve) =>
    child.on('close', (status, signal) => resolve({ status, signal })),
  );
  return { child, nextLine: async () => String((await lines.next()).value), end: () => ended };
}

for (const [what, words] of [
  ['--with', ['--with', 'more', 'python', '-c', PROGRAM]],
  ['a script', ['script.py']],
] as const) {
  test(`the environment of ${what} is left alone by clean and prune while a program runs in it, and goes afterwards`, async (t) => {
    const project = lockedProject(t);
    project.write(
      'script.py',
      `# /// script\n# dependencies = ["more"]\n# [tool.uv]\n# no-index = true\n# find-links = ["wheels"]\n# ///\n${PROGRAM}\n`,
    );
    const options = ['--no-index', '--find-links', 'wheels'];
    const running = start(project, ...options, ...words);
    const prefix = await running.nextLine();

    const cleaning = [
      ['cache', 'prune'],
      ['cache', 'clean'],
    ].map((command) => [...shoalCommand(), ...command]);
    const cleaned = await runTogether(cleaning, { cwd: project.folder, variables: project.variables });
    running.child.stdin.end('go on\n');
    const imported = await running.nextLine();
    const { status } = await running.end();
    const after = await runTogether(cleaning.slice(1), { cwd: project.folder, variables: project.variables });

    assert.deepEqual(
      [...cleaned, ...after].map((end) => end.status),
      [0, 0, 0],
      cleaned[1]?.stderr,
    );
    assert.deepEqual([imported, status], ['more', 0]);
    assert.equal(existsSync(prefix), false, 'what nobody runs in is collected');
  });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} reaches the program, whose answer is that of the command`, async (t) => {
    const project = lockedProject(t);
    const code = `import signal, sys\nsignal.signal(signal.${signal}, lambda *_: sys.exit(7))\nprint("ready", flush=True)\nsignal.pause()`;
    const running = start(project, 'python', '-c', code);
    assert.equal(await running.nextLine(), 'ready');

    running.child.kill(signal);

    assert.deepEqual(await running.end(), { status: 7, signal: null });
  });
}
