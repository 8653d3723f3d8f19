/**
 * `npm run bench [-- NAME...]`: shoal, the real uv and pip, side by side on a local index. Prints the ratio of medians, with
 * spread; times alone mean nothing on another machine.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startLocalIndex } from '../tests/support/local-index.ts';
import { anyPython, pythonTools } from '../tests/support/python-tools.ts';
import { measureInterleaved, reportRow, runCommand } from './measure.ts';
import type { Contender } from './measure.ts';
import { benchWheels, TWELVE_PROJECTS } from './wheels.ts';

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const rounds = Number(
  /^--rounds=(\d+)$/.exec(process.argv.find((word) => word.startsWith('--rounds=')) ?? '')?.[1] ?? 7,
);
const shoal = process.env['SHOAL_BIN'] ?? fileURLToPath(new URL('../dist/shoal', import.meta.url));
if (!existsSync(shoal)) throw new Error('there is no dist/shoal: run `npm run build` first');

const { uv, python: pipPython } = await pythonTools();
const stage = await mkdtemp(join(process.env['SHOAL_BENCH_STAGE'] ?? tmpdir(), 'shoal-bench.'));
await using index = await startLocalIndex({ folder: await benchWheels() });

interface Tool {
  readonly name: 'shoal' | 'uv' | 'pip';
  install(environment: string): readonly string[];
  readonly cache: string;
}

const tools: readonly Tool[] = [
  {
    name: 'shoal',
    cache: join(stage, 'cache-shoal'),
    install: (environment) => [
      shoal,
      'pip',
      'install',
      '-q',
      '-p',
      environment,
      '--index-url',
      index.url,
      ...TWELVE_PROJECTS,
    ],
  },
  {
    name: 'uv',
    cache: join(stage, 'cache-uv'),
    install: (environment) => [
      uv,
      'pip',
      'install',
      '-q',
      '-p',
      environment,
      '--index-url',
      index.url,
      ...TWELVE_PROJECTS,
    ],
  },
  {
    name: 'pip',
    cache: join(stage, 'cache-pip'),
    install: (environment) => [
      pipPython,
      '-m',
      'pip',
      '--python',
      join(environment, 'bin', 'python'),
      'install',
      '-q',
      '--no-compile',
      '--index-url',
      index.url,
      ...TWELVE_PROJECTS,
    ],
  },
];

const variablesOf = ({ cache }: Tool): Record<string, string> => ({
  SHOAL_CACHE_DIR: cache,
  UV_CACHE_DIR: cache,
  PIP_CACHE_DIR: cache,
  UV_PYTHON_DOWNLOADS: 'never',
  UV_NO_CONFIG: '1',
  PIP_CONFIG_FILE: '/dev/null',
  PIP_FIND_LINKS: '',
});
const template = join(stage, 'template');
await runCommand([uv, 'venv', '-q', '-p', anyPython(), template], { UV_PYTHON_DOWNLOADS: 'never' });

/** Environments `<name>-0` … fresh and empty; what stood there is moved away and deleted between the timings. */
async function freshEnvironments(tool: Tool, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const place = environmentOf(tool, number);
    const old = `${place}.old`;
    if (existsSync(place)) await rename(place, old);
    await rm(old, { recursive: true, force: true });
    await mkdir(stage, { recursive: true });
    await runCommand(['cp', '-a', template, place], {});
  }
  await runCommand(['sync'], {});
}

const environmentOf = ({ name }: Tool, number: number): string => join(stage, `env-${name}-${number}`);

function installing(
  tool: Tool,
  options: { readonly cold: boolean; readonly count: number; readonly shared?: boolean },
): Contender {
  return {
    name: tool.name,
    variables: variablesOf(tool),
    prepare: async () => {
      await freshEnvironments(tool, options.shared === true ? 1 : options.count);
      if (options.cold) await rm(tool.cache, { recursive: true, force: true });
    },
    commands: () =>
      Array.from({ length: options.count }, (_, number) =>
        tool.install(environmentOf(tool, options.shared === true ? 0 : number)),
      ),
  };
}

function plain(tool: Tool, command: readonly string[]): Contender {
  return { name: tool.name, variables: variablesOf(tool), commands: () => [command] };
}

const compiled = (tool: Tool): readonly string[] => {
  const program = tool.name === 'shoal' ? shoal : uv;
  return [
    program,
    'pip',
    'compile',
    '-q',
    '-p',
    anyPython(),
    '--index-url',
    index.url,
    join(stage, 'in.txt'),
    '-o',
    join(stage, `out-${tool.name}.txt`),
    '-U',
    '--no-header',
  ].filter((word) => word !== '-U');
};

const [ours, theirs] = tools as [Tool, Tool, Tool];
const benches: Readonly<Record<string, () => Promise<string>>> = {
  version: async () =>
    reportRow(
      '--version',
      await measureInterleaved([plain(ours, [shoal, '--version']), plain(theirs, [uv, '--version'])], {
        rounds: rounds * 10,
        warmups: 3,
      }),
    ),
  cold: async () =>
    reportRow(
      'cold install, 122 wheels',
      await measureInterleaved(
        tools.map((tool) => installing(tool, { cold: true, count: 1 })),
        { rounds: Math.max(3, rounds >> 1) },
      ),
    ),
  warm: async () =>
    reportRow(
      'warm install, 122 wheels',
      await measureInterleaved(
        tools.map((tool) => installing(tool, { cold: false, count: 1 })),
        { rounds, warmups: 1 },
      ),
    ),
  nothing: async () => {
    for (const tool of tools) await installing(tool, { cold: false, count: 1 }).prepare?.(0);
    for (const tool of tools) await runCommand(tool.install(environmentOf(tool, 0)), variablesOf(tool));
    return reportRow(
      'nothing to do',
      await measureInterleaved(
        tools.map((tool) => plain(tool, tool.install(environmentOf(tool, 0)))),
        { rounds: rounds * 2, warmups: 1 },
      ),
    );
  },
  compile: async () => {
    await runCommand(['sh', '-c', `printf '%s\\n' ${TWELVE_PROJECTS.join(' ')} > ${join(stage, 'in.txt')}`], {});
    const contenders = [ours, theirs].map((tool): Contender => ({
      ...plain(tool, compiled(tool)),
      prepare: () => rm(join(stage, `out-${tool.name}.txt`), { force: true }),
    }));
    return reportRow('warm compile', await measureInterleaved(contenders, { rounds: rounds * 2, warmups: 1 }));
  },
  'ten-cold': async () =>
    reportRow(
      'ten at once, cold',
      await measureInterleaved(
        [ours, theirs].map((tool) => installing(tool, { cold: true, count: 10 })),
        { rounds: 3 },
      ),
    ),
  'ten-warm': async () =>
    reportRow(
      'ten at once, warm',
      await measureInterleaved(
        [ours, theirs].map((tool) => installing(tool, { cold: false, count: 10 })),
        { rounds: 3, warmups: 1 },
      ),
    ),
  'ten-one': async () =>
    reportRow(
      'ten on one environment',
      await measureInterleaved(
        [ours, theirs].map((tool) => installing(tool, { cold: false, count: 10, shared: true })),
        { rounds: 3, warmups: 1 },
      ),
    ),
};

try {
  for (const [name, bench] of Object.entries(benches)) {
    if (wanted.length === 0 || wanted.includes(name)) console.log(await bench());
  }
} finally {
  await rm(stage, { recursive: true, force: true });
}
