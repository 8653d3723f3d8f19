/** Many commands that need the same source built: one builds, the others wait for it; when it dies, another takes over. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { runTogether } from '../support/commands-together.ts';
import { startLocalIndex } from '../support/local-index.ts';
import type { LocalIndex } from '../support/local-index.ts';
import { anyPython } from '../support/python-tools.ts';
import { shoalCommand } from '../support/shoal-command.ts';
import { hooksCalled, sourceProject, writeSourceProject } from '../support/source-project.ts';
import type { SourceProjectSpec } from '../support/source-project.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { buildSdist, buildWheel } from '../support/wheel-builder.ts';

const PROCESSES = 8;

function sdist(spec: SourceProjectSpec): ReturnType<typeof buildSdist> {
  const { name, version = '1.0' } = spec;
  return buildSdist({
    name,
    version,
    files: sourceProject(spec),
    metadata: `Metadata-Version: 1.2\nName: ${name}\nVersion: ${version}\n`,
  });
}

interface Scene {
  readonly folder: string;
  readonly hookLog: string;
  readonly environment: (number: number) => string;
  readonly install: (number: number, ...words: readonly string[]) => readonly string[];
}

function scene(t: TestContext, index: LocalIndex): Scene {
  const folder = temporaryFolder(t);
  const place = (number: number): string => join(folder, `env-${number}`);
  return {
    folder,
    hookLog: join(folder, 'hooks'),
    environment: (number) => {
      execFileSync(anyPython(), ['-m', 'venv', '--without-pip', place(number)]);
      return place(number);
    },
    install: (number, ...words) => [
      ...shoalCommand(),
      'pip',
      'install',
      '-p',
      place(number),
      '--index-url',
      index.url,
      '--cache-dir',
      join(folder, 'cache'),
      ...words,
    ],
  };
}

function versionIn(environment: string, name: string): string {
  const python = join(environment, 'bin', 'python');
  return execFileSync(python, ['-c', `import ${name}; print(${name}.__version__)`], { encoding: 'utf8' }).trim();
}

test(`${PROCESSES} cold processes that need one source distribution build it once, and its build requirement is fetched once`, async (t) => {
  const distributions = [
    sdist({ name: 'native', buildRequires: ['helper'], requires: [], isDynamic: true }),
    buildWheel({ name: 'helper', version: '1.0' }),
  ];
  await using index = await startLocalIndex({ distributions });
  const { environment, install, hookLog } = scene(t, index);
  const numbers = Array.from({ length: PROCESSES }, (_, number) => number);
  const environments = numbers.map(environment);

  const ends = await runTogether(
    numbers.map((number) => install(number, 'native')),
    { variables: { HOOK_LOG: hookLog } },
  );

  for (const { status, stderr } of ends) assert.equal(status, 0, stderr);
  for (const one of environments) assert.equal(versionIn(one, 'native'), '1.0');
  const called = Object.groupBy(hooksCalled(hookLog), (hook) => hook);
  for (const [hook, times] of Object.entries(called)) assert.equal(times?.length, 1, hook);
  assert.ok('build_wheel native' in called);
  assert.equal(index.count('/files/helper-1.0-py3-none-any.whl'), 1);
  assert.equal(index.count('/files/native-1.0.tar.gz'), 1);
});

test('a process that waits for a build takes it over when the builder is killed, and nothing of the build lives on', async (t) => {
  const folder = temporaryFolder(t);
  const started = join(folder, 'started');
  execFileSync('mkfifo', [started]);
  // The first build says that it is there and never ends; its pipe closes when the whole process group is gone.
  const inBuild = [
    `pipe = ${JSON.stringify(started)}`,
    'first = os.path.join(os.path.dirname(pipe), "first")',
    'try:',
    '    os.mkdir(first)',
    'except FileExistsError:',
    '    pass',
    'else:',
    '    import subprocess, sys',
    '    out = open(pipe, "w")',
    '    out.write("started\\n")',
    '    out.flush()',
    '    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], pass_fds=[out.fileno()]).wait()',
  ].join('\n');
  await using index = await startLocalIndex({ distributions: [sdist({ name: 'native', inBuild })] });
  const { environment, install } = scene(t, index);
  environment(0);
  environment(1);
  const [program = '', ...words] = install(0, 'native');
  const builder = spawn(program, words, { stdio: 'ignore' });
  const pipe = createReadStream(started, { encoding: 'utf8' });
  assert.deepEqual(await once(pipe, 'data'), ['started\n']);

  const second = runTogether([install(1, 'native')]);
  const [ended, released] = [once(builder, 'exit'), once(pipe, 'end')];
  builder.kill('SIGKILL');
  await ended;
  const [end] = await second;

  assert.equal(end?.status, 0, end?.stderr);
  // The compiler of the killed build held the pipe.
  await released;
});

test('who waits for a build is told what it printed last', async (t) => {
  const folder = temporaryFolder(t);
  const [goOn, started] = [join(folder, 'go-on'), join(folder, 'started')];
  execFileSync('mkfifo', [goOn, started]);
  const inBuild = `print("compiling part 7", flush=True)\nopen(${JSON.stringify(started)}, "w").close()\nopen(${JSON.stringify(goOn)}).read()`;
  await using index = await startLocalIndex({ distributions: [sdist({ name: 'native', inBuild })] });
  const { environment, install } = scene(t, index);
  environment(0);
  environment(1);
  const first = runTogether([install(0, 'native')]);
  await readFile(started);

  const [program = '', ...words] = install(1, 'native');
  const waiter = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  waiter.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  while (!said.includes('Waiting for')) await once(waiter.stderr, 'data');
  await writeFile(goOn, '');

  assert.deepEqual(await once(waiter, 'exit'), [0, null], said);
  assert.equal((await first)[0]?.status, 0);
  assert.match(said, /Waiting for the build of `native==1\.0`, held by .*; its last line: compiling part 7\n/);
});

test('ten editable installs of different projects into one environment at once all succeed', async (t) => {
  await using index = await startLocalIndex({ distributions: [] });
  const { folder, environment, install } = scene(t, index);
  const names = Array.from({ length: 10 }, (_, number) => `part${number}`);
  environment(0);
  const commands = names.map((name) => install(0, '-e', writeSourceProject(join(folder, name), { name })));

  for (const { status, stderr } of await runTogether(commands)) assert.equal(status, 0, stderr);

  for (const name of names) assert.equal(versionIn(environment0(folder), name), '1.0');
});

function environment0(folder: string): string {
  return join(folder, 'env-0');
}

test('ten installs of one folder at once into one environment build it once and leave nothing in it', async (t) => {
  await using index = await startLocalIndex({ distributions: [] });
  const { folder, environment, install, hookLog } = scene(t, index);
  environment(0);
  const project = writeSourceProject(join(folder, 'part'), { name: 'part' });
  const before = readdirSync(project).sort();

  const ends = await runTogether(
    Array.from({ length: 10 }, () => install(0, project)),
    { variables: { HOOK_LOG: hookLog } },
  );

  for (const { status, stderr } of ends) assert.equal(status, 0, stderr);
  assert.deepEqual(
    hooksCalled(hookLog).filter((hook) => hook === 'build_wheel part'),
    ['build_wheel part'],
  );
  assert.deepEqual(
    readdirSync(project)
      .filter((name) => name !== '__pycache__')
      .sort(),
    before,
  );
});
