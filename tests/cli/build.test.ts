/** Building from sources, as a person sees it. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { anyPython } from '../support/python-tools.ts';
import { runShoal } from '../support/run-command.ts';
import type { CommandRun } from '../support/run-command.ts';
import { writeSourceProject } from '../support/source-project.ts';
import type { SourceProjectSpec } from '../support/source-project.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface BuildScene {
  readonly folder: string;
  readonly project: string;
  readonly run: (...words: readonly string[]) => Promise<CommandRun>;
}

/** A project named `part` in `project/`, and an environment in `.venv`. */
function scene(t: TestContext, spec: Partial<SourceProjectSpec> = {}): BuildScene {
  const folder = temporaryFolder(t);
  const variables = { SHOAL_CACHE_DIR: join(folder, 'cache'), TMPDIR: folder, UV_NO_INDEX: '1' };
  execFileSync(anyPython(), ['-m', 'venv', '--without-pip', join(folder, '.venv')]);
  return {
    folder,
    project: writeSourceProject(join(folder, 'project'), { name: 'part', ...spec }),
    run: async (...words) => await runShoal(words, { cwd: folder, variables }),
  };
}

function versionOf({ folder }: BuildScene): string {
  const python = join(folder, '.venv', 'bin', 'python');
  return execFileSync(python, ['-c', 'import part; print(part.__version__)'], { encoding: 'utf8' }).trim();
}

function directUrl({ folder }: BuildScene): unknown {
  const [python = ''] = readdirSync(join(folder, '.venv', 'lib'));
  const info = join(folder, '.venv', 'lib', python, 'site-packages', 'part-1.0.dist-info');
  return JSON.parse(readFileSync(join(info, 'direct_url.json'), 'utf8'));
}

test('build makes a source distribution, and a wheel from it', async (t) => {
  const { run, project } = scene(t);

  const { status, stdout, stderr } = await run('build', 'project', '--no-build-logs', '-p', anyPython());

  assert.equal(status, 0, stderr);
  assert.equal(stdout, '');
  assert.equal(
    stderr,
    'Building source distribution...\nBuilding wheel from source distribution...\nSuccessfully built project/dist/part-1.0.tar.gz\nSuccessfully built project/dist/part-1.0-py3-none-any.whl\n',
  );
  assert.deepEqual(readdirSync(join(project, 'dist')).sort(), [
    '.gitignore',
    'part-1.0-py3-none-any.whl',
    'part-1.0.tar.gz',
  ]);
});

test('build --wheel -o FOLDER makes a wheel alone, and one of an archive', async (t) => {
  const { run, folder } = scene(t);
  await run('build', 'project', '--sdist', '-o', 'one', '-p', anyPython());

  const { status, stderr } = await run('build', 'one/part-1.0.tar.gz', '-o', 'two', '-p', anyPython());

  assert.equal(status, 0, stderr);
  assert.deepEqual(readdirSync(join(folder, 'one')).sort(), ['.gitignore', 'part-1.0.tar.gz']);
  assert.deepEqual(readdirSync(join(folder, 'two')).sort(), ['.gitignore', 'part-1.0-py3-none-any.whl']);
});

for (const [words, message] of [
  [['build', 'nothing'], /^error: Source `nothing` does not exist/],
  [['build', '.venv'], /^error: `\.venv` does not appear to be a Python project/],
  [['build', 'project/pyproject.toml'], /is neither a folder nor a source distribution/],
  [['build', 'project', '-C', 'novalue'], /invalid value 'novalue' for '--config-setting/],
] as const)
  test(`${words.join(' ')} is an error that names what is wrong`, async (t) => {
    const { status, stderr } = await scene(t).run(...words);

    assert.equal(status, 2);
    assert.match(stderr, message);
  });

test('pip install takes a folder, its archive and its repository, and remembers where they came from', async (t) => {
  const made = scene(t, { isDynamic: true });
  await made.run('build', 'project', '--sdist', '-o', 'dist', '-p', anyPython());
  const git = (...words: readonly string[]): string =>
    execFileSync('git', ['-C', made.project, '-c', 'user.name=a', '-c', 'user.email=a@b', ...words], {
      encoding: 'utf8',
    });
  git('init', '--quiet');
  git('add', '-A');
  git('commit', '--quiet', '-m', 'one');
  const commit = git('rev-parse', 'HEAD').trim();

  for (const [word, expected] of [
    ['./project', { url: `file://${made.project}`, dir_info: {} }],
    ['./dist/part-1.0.tar.gz', { url: `file://${made.folder}/dist/part-1.0.tar.gz` }],
    [`git+file://${made.project}`, { url: `file://${made.project}`, vcs_info: { vcs: 'git', commit_id: commit } }],
  ] as const) {
    const { status, stderr } = await made.run('pip', 'install', word);
    assert.equal(status, 0, stderr);
    assert.equal(versionOf(made), '1.0');
    assert.deepEqual({ ...Object(directUrl(made)), ...expected }, directUrl(made));
  }
});

test('pip install -e imports from the project itself, with what has changed there since', async (t) => {
  const made = scene(t);

  const { status, stderr } = await made.run('pip', 'install', '-e', 'project');
  writeFileSync(join(made.project, 'part', '__init__.py'), '__version__ = "changed"\n');

  assert.equal(status, 0, stderr);
  assert.equal(versionOf(made), 'changed');
  assert.match((await made.run('pip', 'list')).stdout, /^part +1\.0 +\S+project$/m);
});

test('a folder that changed is built again, whatever its time stamps say', async (t) => {
  const made = scene(t);
  await made.run('pip', 'install', './project');
  const path = join(made.project, 'part', '__init__.py');
  execFileSync('touch', ['-r', path, join(made.folder, 'stamp')]);
  writeFileSync(path, '__version__ = "2.0"\n');
  execFileSync('touch', ['-r', join(made.folder, 'stamp'), path]);

  await made.run('pip', 'install', './project');

  assert.equal(versionOf(made), '2.0');
});

for (const [claim, spec, message] of [
  ['raises', { inBuild: 'raise ValueError("no compiler today")' }, /ValueError: no compiler today/],
  ['ends the process', { inBuild: 'os._exit(7)' }, /own_backend\.build_wheel` failed \(exit status 7\)/],
  ['is killed', { inBuild: 'os.kill(os.getpid(), 9)' }, /failed \(killed by SIGKILL\)/],
  ['gives no file', { inBuild: 'return "part-1.0-py3-none-any.whl"' }, /says that it built .*, which is not there/],
  ['gives no name', { inBuild: 'return None' }, /gave no name of a file from `build_wheel`: null/],
  ['leaves the folder', { inBuild: 'return "../part-1.0-py3-none-any.whl"' }, /gave no name of a file/],
  [
    'builds another project',
    { inBuild: 'global NAME\nNAME = "part2"' },
    /gave another project: `part2` instead of `part`/,
  ],
  [
    'builds another version',
    { inBuild: 'global VERSION, METADATA\nMETADATA = METADATA.replace("Version: 1.0", "Version: 3")\nVERSION = "3"' },
    /gave another version: `3` instead of `1\.0`/,
  ],
] as const)
  test(`a backend that ${claim} is an error that says so, and nothing is installed or left`, async (t) => {
    const made = scene(t, spec);

    const { status, stderr } = await made.run('pip', 'install', 'part @ ./project');

    assert.equal(status, 2, stderr);
    assert.match(stderr, message);
    assert.equal((await made.run('pip', 'list')).stdout, '');
    assert.deepEqual(readdirSync(join(made.folder, 'cache', 'tmp')), []);
  });

test('what a backend prints is kept: the end is shown when it fails, and the whole is where the error says', async (t) => {
  const made = scene(t, { inBuild: 'print("line one")\nraise SystemExit(3)' });

  const { stderr } = await made.run('pip', 'install', './project');

  const [, path = ''] = /The whole log: (\S+)/.exec(stderr) ?? [];
  assert.match(stderr, /line one/);
  assert.ok(existsSync(path), stderr);
  assert.match(readFileSync(path, 'utf8'), /line one/);
});
