/**
 * uv and this program at one project, in turns drawn at random: whatever one has left, the other takes for what it is, with
 * nothing to lock and nothing to install. `SHOAL_TURNS_ROUNDS` asks for more rounds than the few of each run.
 */
import assert from 'node:assert/strict';
import { rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startLocalIndex } from '../support/local-index.ts';
import { anyPython, pythonTools } from '../support/python-tools.ts';
import { randomSeed } from '../support/random-seed.ts';
import { runShoal } from '../support/run-command.ts';
import { writeSourceProject } from '../support/source-project.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const ROUNDS = Number(process.env['SHOAL_TURNS_ROUNDS'] ?? 2);
const STEPS = 20;

const DISTRIBUTIONS = [
  ...['1.0', '1.5', '2.0'].map((version) => buildWheel({ name: 'alpha', version })),
  buildWheel({ name: 'beta', version: '1.0', requires: ['alpha<2', 'gamma; sys_platform == "win32"'] }),
  buildWheel({ name: 'gamma', version: '3.1', extras: { more: ['delta'] } }),
  buildWheel({ name: 'delta', version: '0.1', tag: 'py3-none-any' }),
];

const COMMANDS = [
  'add alpha',
  'add alpha<2',
  'add beta',
  'add --dev gamma[more]',
  'add --optional speed delta',
  'remove alpha',
  'remove beta',
  'remove --dev gamma',
  'lock --upgrade',
  'lock --upgrade-package alpha',
  'sync',
  'sync --all-extras',
  'sync --reinstall',
  'run python -c pass',
] as const;

for (let round = 0; round < ROUNDS; round += 1) {
  const seed = randomSeed() + round;
  test(`uv and shoal accept what the other left, ${STEPS} times (seed ${seed})`, async (t) => {
    const play = await playground(t);
    const next = numbersFrom(seed);
    for (let step = 0; step < STEPS; step += 1) {
      const [one, other] = next(2) === 0 ? (['shoal', 'uv'] as const) : (['uv', 'shoal'] as const);
      const command = COMMANDS[next(COMMANDS.length)] ?? 'sync';
      if (next(6) === 0) play.touch();
      if (next(12) === 0) play.removeEnvironment();
      const told = `step ${step}: ${command} by ${one}`;
      const { status, stderr } = await play.run(one, command);
      if (status !== 0) {
        assert.notEqual((await play.run(other, command)).status, 0, `${told}, but not by ${other}\n${stderr}`);
        continue;
      }
      if (!/^(?:sync|run)/.test(command)) await play.run(one, 'sync');

      const extras = command === 'sync --all-extras' ? ' --all-extras' : '';
      assert.deepEqual(
        await play.judge(other, `sync --locked --check${extras}`),
        [0, ''],
        `${told}, judged by ${other}`,
      );
    }
  });
}

interface Playground {
  run(program: 'shoal' | 'uv', command: string): Promise<{ readonly status: number; readonly stderr: string }>;
  /** Its status, and the changes that it would make. */
  judge(program: 'shoal' | 'uv', command: string): Promise<readonly [number, string]>;
  touch(): void;
  removeEnvironment(): void;
}

async function playground(t: TestContext): Promise<Playground> {
  const { uv } = await pythonTools();
  const index = await startLocalIndex({ distributions: DISTRIBUTIONS });
  t.after(() => index.close());
  const folder = temporaryFolder(t);
  const cwd = writeSourceProject(join(folder, 'project'), { name: 'app' });
  const run: Playground['run'] = (program, command) =>
    runShoal(wordsOf(command, ['--default-index', index.url, '-p', anyPython()]), {
      cwd,
      variables: { UV_CACHE_DIR: join(folder, 'theirs'), SHOAL_CACHE_DIR: join(folder, 'ours'), UV_NO_CONFIG: '0' },
      ...(program === 'uv' ? { program: uv } : {}),
    });
  return {
    run,
    judge: async (program, command) => {
      const { status, stderr } = await run(program, command);
      return [
        status,
        stderr
          .split('\n')
          .filter((line) => /^ [-+~] |error/.test(line))
          .join('\n'),
      ];
    },
    touch: () => utimesSync(join(cwd, 'pyproject.toml'), new Date(), new Date()),
    removeEnvironment: () => rmSync(join(cwd, '.venv'), { recursive: true, force: true }),
  };
}

/** Options stand behind the command's own name, since `run` hands on what comes after its program. */
function wordsOf(command: string, options: readonly string[]): readonly string[] {
  const [name = '', ...rest] = command.split(' ');
  return [name, ...options, ...rest];
}

/** Whole numbers below a limit, the same for the same seed. */
function numbersFrom(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
