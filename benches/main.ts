/**
 * `npm run bench [-- NAME... --rounds=N --without-pip]`: shoal, the real uv and pip, side by side on a local index. Prints a table of
 * ratios; times alone mean nothing on another machine. pip, which is slow, is measured in at most two rounds.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startLocalIndex } from '../tests/support/local-index.ts';
import { anyPython, pythonTools } from '../tests/support/python-tools.ts';
import { Launcher } from './launcher.ts';
import { type Contender, type Measurement, measureInterleaved } from './measure.ts';
import { lockedProject, withoutEnvironment } from './project.ts';
import { reportRow, TABLE_HEAD } from './report.ts';
import { type InstallOptions, pipInstall, Stage, type Tool } from './stage.ts';
import { benchWheels, TWELVE_PROJECTS } from './wheels.ts';

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const rounds = Number(process.argv.map((word) => /^--rounds=(\d+)$/.exec(word)?.[1]).find(Boolean) ?? 5);
const built = (path: string): string => fileURLToPath(new URL(`../dist/${path}`, import.meta.url));
const shoal = process.env['SHOAL_BIN'] ?? built('shoal');
if (!existsSync(shoal)) throw new Error('there is no dist/shoal: run `npm run build` first');

const { uv, python: pipPython } = await pythonTools();
const stage = new Stage(await mkdtemp(join(process.env['SHOAL_BENCH_STAGE'] ?? tmpdir(), 'shoal-bench.')));
await using index = await startLocalIndex({ folder: await benchWheels() });
using launcher = new Launcher(anyPython());

const installer = (name: string, program: string): Tool => ({
  name,
  install: (environment) => pipInstall(program, environment, index.url),
});
const ours = installer('shoal', shoal);
const onNode = installer('shoal on Node', built('node/shoal'));
const theirs = installer('uv', uv);
const pip: Tool = {
  name: 'pip',
  rounds: Math.min(2, rounds),
  install: (environment) => {
    const words = ['-m', 'pip', '--python', join(environment, 'bin', 'python'), 'install', '-q', '--no-compile'];
    return [pipPython, ...words, '--index-url', index.url, ...TWELVE_PROJECTS];
  },
};

const all: readonly Tool[] = process.argv.includes('--without-pip') ? [ours, theirs] : [ours, theirs, pip];

type Bench = () => Promise<readonly Measurement[]>;

function plain(tool: Tool, command: readonly string[]): Contender {
  return { name: tool.name, variables: stage.variablesOf(tool), commands: () => [command], rounds: tool.rounds };
}

function versions(tool: Tool, program: string): Bench {
  const contenders = [plain(tool, [program, '--version']), plain(theirs, [uv, '--version'])];
  return () => measureInterleaved(launcher, contenders, { rounds: rounds * 10, warmups: 3 });
}

function installs(tools: readonly Tool[], options: InstallOptions, share = 1): Bench {
  const contenders = tools.map((tool) => stage.installing(tool, options));
  const warmups = options.cold === true ? 0 : 1;
  return () => measureInterleaved(launcher, contenders, { rounds: Math.max(2, Math.ceil(rounds * share)), warmups });
}

function repeated(tools: readonly Tool[]): Bench {
  return async () => {
    const contenders: Contender[] = [];
    for (const tool of tools) {
      const command = tool.install(await stage.environment());
      await launcher.run([command], stage.variablesOf(tool));
      contenders.push(plain(tool, command));
    }
    return await measureInterleaved(launcher, contenders, { rounds: rounds * 3, warmups: 1 });
  };
}

function compiles(tool: Tool, program: string): Bench {
  const input = join(stage.folder, 'in.txt');
  const compiling = (one: Tool, command: string): Contender => {
    let output = '';
    const words = ['pip', 'compile', '-q', '-p', anyPython(), '--index-url', index.url, '--no-header', input, '-o'];
    return {
      name: one.name,
      variables: stage.variablesOf(one),
      prepare: async () => {
        output = join(stage.folder, `${one.name}.txt`);
        await rm(output, { force: true });
      },
      commands: () => [[command, ...words, output]],
    };
  };
  return async () => {
    await writeFile(input, TWELVE_PROJECTS.join('\n'));
    const contenders = [compiling(tool, program), compiling(theirs, uv)];
    return await measureInterleaved(launcher, contenders, { rounds: rounds * 3, warmups: 1 });
  };
}

/** Commands on a project of each tool, which is in sync before each round, or has no environment. */
function projects(words: readonly string[], { isFresh = false, share = 3 } = {}): Bench {
  return async () => {
    const contenders: Contender[] = [];
    for (const [tool, program] of [[ours, shoal] as const, [theirs, uv] as const]) {
      const variables = { ...stage.variablesOf(tool), UV_NO_CONFIG: 'false' };
      const place = { folder: stage.folder, uv, python: anyPython(), index: index.url, variables };
      const project = await lockedProject(tool.name, place);
      const where = ['--project', project, '-p', anyPython()];
      await launcher.run([[program, 'sync', '-q', ...where]], variables);
      contenders.push({
        name: tool.name,
        variables,
        ...(isFresh ? { prepare: async () => await withoutEnvironment(project) } : {}),
        commands: () => [[program, ...words, ...where, ...(words[0] === 'run' ? ['true'] : [])]],
      });
    }
    return await measureInterleaved(launcher, contenders, { rounds: Math.ceil(rounds * share), warmups: 2 });
  };
}

const benches: Readonly<Record<string, readonly [title: string, bench: Bench]>> = {
  version: ['`--version`', versions(ours, shoal)],
  warm: ['warm install', installs(all, {})],
  nothing: ['nothing to do', repeated(all)],
  compile: ['warm compile', compiles(ours, shoal)],
  'sync-nothing': ['`sync` with nothing to do', projects(['sync', '-q'])],
  'run-true': ['`run true`', projects(['run', '-q'])],
  'sync-warm': ['warm `sync` of a lockfile', projects(['sync', '-q'], { isFresh: true, share: 1 })],
  'ten-warm': ['ten at once, warm', installs([ours, theirs], { count: 10 }, 0.6)],
  'ten-one': ['ten on one environment', installs([ours, theirs], { count: 10, shared: true }, 0.6)],
  cold: ['cold install', installs(all, { cold: true }, 0.6)],
  'ten-cold': ['ten at once, cold', installs([ours, theirs], { cold: true, count: 10 }, 0.4)],
  'node-version': ['Node entry: `--version`', versions(onNode, built('node/shoal'))],
  'node-warm': ['Node entry: warm install', installs([onNode, theirs], {}, 0.6)],
  'node-nothing': ['Node entry: nothing to do', repeated([onNode, theirs])],
  'node-cold': ['Node entry: cold install', installs([onNode, theirs], { cold: true }, 0.4)],
};

try {
  const unknown = wanted.filter((name) => benches[name] === undefined);
  if (unknown.length > 0)
    throw new Error(`no benchmark is called ${unknown.join(', ')}: ${Object.keys(benches).join(' ')}`);
  execFileSync(uv, ['venv', '-q', '-p', anyPython(), '--no-python-downloads', join(stage.folder, 'template')]);
  console.log(TABLE_HEAD);
  for (const [name, [title, bench]] of Object.entries(benches)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    console.log(reportRow(title, await bench()));
    await stage.clear();
  }
  console.log(
    `\nload of the machine at the end: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}`,
  );
} finally {
  await rm(stage.folder, { recursive: true, force: true });
}
