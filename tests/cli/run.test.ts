/** `run`: programs, modules and scripts in the project's environment, as if this command were not there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lockedProject } from '../support/locked-project.ts';

const PRINT_WORDS = 'import sys; print(sys.argv)';

test('run brings the environment to the lockfile, says what it installed, and runs the command', async (t) => {
  const project = lockedProject(t);

  const first = await project.run('run', '--frozen', 'top');
  const second = await project.run('run', '--frozen', 'top');

  assert.equal(first.status, 0, first.stderr);
  assert.equal(first.stdout, 'top runs\n');
  assert.match(
    first.stderr,
    /Creating virtual environment at: \.venv\n(?:Prepared 3 packages in \[TIME\]\n)?Installed 3 packages in \[TIME\]\n$/,
  );
  assert.deepEqual([second.stdout, second.stderr], ['top runs\n', '']);
});

test('run passes every word after the command on, and none of its own', async (t) => {
  const project = lockedProject(t);
  const python = ['run', '--frozen', 'python', '-c', PRINT_WORDS];
  const { stdout } = await project.run(...python, '--help', '-q', '--', '--frozen', '-p', '3.1');
  assert.equal(stdout, "['-c', '--help', '-q', '--', '--frozen', '-p', '3.1']\n");
});

test('run gives the exit status of the command, and 128 and the number of the signal that ended it', async (t) => {
  const project = lockedProject(t);
  const statuses = [];
  for (const code of [
    'raise SystemExit(3)',
    'import os; os.kill(os.getpid(), 15)',
    'import os; os.kill(os.getpid(), 9)',
  ]) {
    const line = `"$0" run --frozen python -c '${code}'; echo "status $?"`;
    statuses.push((await project.shell(line)).stdout);
  }
  assert.deepEqual(statuses, ['status 3\n', 'status 143\n', 'status 137\n']);
});

test('run sets VIRTUAL_ENV, PATH and how deep it is called', async (t) => {
  const project = lockedProject(t);
  const code =
    'import os; print(os.environ["VIRTUAL_ENV"], os.environ["PATH"].split(":")[0], os.environ["UV_RUN_RECURSION_DEPTH"])';
  const { stdout } = await project.run('run', '--frozen', 'python', '-c', code);
  assert.equal(stdout, `${project.path('.venv')} ${project.path('.venv', 'bin')} 1\n`);
});

test('run -m runs a module, a path a script, and - what standard input holds', async (t) => {
  const project = lockedProject(t);
  project.write('mod.py', PRINT_WORDS);
  project.write('noending', PRINT_WORDS);
  project.write('pack/__main__.py', PRINT_WORDS);

  const module = await project.run('run', '--frozen', '-m', 'mod', 'a');
  const script = await project.run('run', '--frozen', 'mod.py', 'a');
  const named = await project.run('run', '--frozen', '-s', 'noending', 'a');
  const folder = await project.run('run', '--frozen', 'pack', 'a');
  const input = await project.run('run', '--frozen', '-', 'a', { input: PRINT_WORDS });

  assert.equal(module.stdout, `['${project.path('mod.py')}', 'a']\n`);
  assert.equal(script.stdout, "['mod.py', 'a']\n");
  assert.equal(named.stdout, "['noending', 'a']\n");
  assert.equal(
    folder.stdout,
    "['pack', 'a']\n".replace('pack', 'pack/__main__.py').replace('pack/__main__.py', folder.stdout.slice(2, -8)),
  );
  assert.equal(input.stdout, "['-c', 'a']\n");
});

test('run says what it cannot start', async (t) => {
  const project = lockedProject(t);
  project.write('plain', 'echo shell $1\n');
  await project.run('sync', '--frozen');

  const absent = await project.run('run', '--frozen', 'no-such-command');
  const forbidden = await project.run('run', '--frozen', './plain');

  assert.deepEqual([absent.status, forbidden.status], [2, 2]);
  assert.match(absent.stderr, /^error: Failed to spawn: no-such-command\n {2}cause: No such file or directory/);
  assert.match(forbidden.stderr, /^error: Failed to spawn: \.\/plain\n {2}cause: Permission denied/);
});

test('run without a command lists those that there are', async (t) => {
  const { status, stdout } = await lockedProject(t).run('run', '--frozen');
  assert.equal(status, 2);
  assert.match(stdout, /^Provide a command or script to invoke with `(?:shoal|uv) run <command>`[^]*\n- top\n/);
});

test('run --env-file sets variables that are not set already; --no-env-file and a missing file say so', async (t) => {
  const project = lockedProject(t);
  project.write('.env', '# comment\nA=1\nexport B="two ${A}"\nC=\'$A\'\nD=4 # four\n');
  const code = 'import os; print([os.environ.get(name) for name in "ABCD"])';

  const read = await project.run('run', '--frozen', '--env-file', '.env', 'python', '-c', code, {
    variables: { D: 'set' },
  });
  const skipped = await project.run('run', '--frozen', '--env-file', '.env', '--no-env-file', 'python', '-c', code);
  const missing = await project.run('run', '--frozen', '--env-file', 'no.env', 'python', '-c', code);

  assert.equal(read.stdout, "['1', 'two 1', '$A', 'set']\n");
  assert.equal(skipped.stdout, '[None, None, None, None]\n');
  assert.match(missing.stderr, /^error: No environment file found at: no\.env\n/);
});

test('run --with adds packages above the project’s environment, which stays as it was', async (t) => {
  const project = lockedProject(t);
  const links = ['--no-index', '--find-links', 'wheels'];
  const code = 'import more, top, sys; print(more.__name__, top.__name__)';

  const first = await project.run('run', '--frozen', ...links, '--with', 'more', 'python', '-c', code);
  const again = await project.run('run', '--frozen', ...links, '--with', 'more>=1,<9', 'python', '-c', code);
  const script = await project.run('run', '--frozen', ...links, '--with', 'more', 'top');

  assert.equal(first.status, 0, first.stderr);
  assert.deepEqual([first.stdout, again.stdout, script.stdout], ['more top\n', 'more top\n', 'top runs\n']);
  assert.equal(again.stderr, '');
  assert.deepEqual(project.installed(), ['base==1.0', 'tool==3.0', 'top==2.0']);
});

test('run gives a script with metadata an environment of its own', async (t) => {
  const project = lockedProject(t);
  project.write(
    'script.py',
    '# /// script\n# dependencies = ["more"]\n# ///\nimport more, importlib.util as u\nprint(more.__name__, u.find_spec("top"))\n',
  );
  const links = ['--no-index', '--find-links', 'wheels'];

  const first = await project.run('run', ...links, 'script.py');
  const again = await project.run('run', ...links, 'script.py');
  const input = await project.run('run', ...links, '-', { input: project.read('script.py') });

  assert.equal(first.status, 0, first.stderr);
  assert.deepEqual([first.stdout, again.stdout, input.stdout], ['more None\n', 'more None\n', 'more None\n']);
  assert.equal(again.stderr, '');
});

test('run --no-project and a folder without a project use the Python that is there', async (t) => {
  const project = lockedProject(t);
  const code = 'import importlib.util as u; print(u.find_spec("top"))';
  const { status, stdout, stderr } = await project.run('run', '--no-project', 'python', '-c', code);
  assert.equal(status, 0, stderr);
  assert.equal(stdout, 'None\n');
});

test('run --isolated leaves no environment behind', async (t) => {
  const project = lockedProject(t);
  const code = 'import sys, top; print(sys.prefix)';
  const { status, stdout, stderr } = await project.run('run', '--frozen', '--isolated', 'python', '-c', code);
  assert.equal(status, 0, stderr);
  assert.deepEqual(project.installed(), []);
  assert.deepEqual(project.installed(stdout.trim()), []);
});
