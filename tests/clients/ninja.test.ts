/**
 * ninja that installs many editable projects into one environment at once, each rule a process of its own. `SHOAL_NINJA_ROUNDS`
 * asks for more than the rounds of every day; each round has a new environment and a new cache.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { anyPython } from '../support/python-tools.ts';
import { shoalCommand } from '../support/shoal-command.ts';
import { writeSourceProject } from '../support/source-project.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ROUNDS = Number(process.env['SHOAL_NINJA_ROUNDS'] ?? 1);
const RULES = 20;
/** As many are built by setuptools, the others by a backend of their own that is quick. */
const WITH_SETUPTOOLS = 2;
const DEPENDENCY = 'iniconfig==2.0.0';

function writeProject(folder: string, number: number): string {
  const name = `part${number}`;
  const place = writeSourceProject(join(folder, name), { name, requires: ['iniconfig'] });
  if (number >= WITH_SETUPTOOLS) return place;
  writeFileSync(
    join(place, 'pyproject.toml'),
    `[build-system]\nrequires = ["setuptools>=64"]\nbuild-backend = "setuptools.build_meta"\n\n[project]\nname = "${name}"\nversion = "1.0"\ndependencies = ["iniconfig"]\n\n[tool.setuptools]\npackages = ["${name}"]\n`,
  );
  return place;
}

function ninjaFile(projects: readonly string[], environment: string, cache: string): string {
  const words = [...shoalCommand(), 'pip', 'install', '-p', environment, '--cache-dir', cache, '-c', 'constraints.txt'];
  const edges = projects.map((project, number) => `build installed-${number}: install\n  project = ${project}\n`);
  return `rule install\n  command = ${words.join(' ')} -e $project\n${edges.join('')}`;
}

test(`ninja -j ${RULES}: as many editable installs into one environment at once all succeed (${ROUNDS} rounds)`, (t) => {
  const folder = temporaryFolder(t);
  const tools = join(folder, 'tools');
  const [program = '', ...words] = shoalCommand();
  execFileSync(anyPython(), ['-m', 'venv', '--without-pip', tools]);
  execFileSync(program, [...words, 'pip', 'install', '-q', '-p', tools, '--no-cache', 'ninja']);

  for (let round = 0; round < ROUNDS; round += 1) {
    const work = join(folder, `round-${round}`);
    const environment = join(work, 'env');
    mkdirSync(work);
    execFileSync(anyPython(), ['-m', 'venv', '--without-pip', environment]);
    writeFileSync(join(work, 'constraints.txt'), `${DEPENDENCY}\n`);
    const projects = Array.from({ length: RULES }, (_, number) => writeProject(work, number));
    writeFileSync(join(work, 'build.ninja'), ninjaFile(projects, environment, join(work, 'cache')));

    execFileSync(join(tools, 'bin', 'ninja'), ['-C', work, '-j', String(RULES)], { encoding: 'utf8' });

    const imports = projects.map((_, number) => `import part${number}; assert part${number}.__version__ == '1.0'`);
    execFileSync(join(environment, 'bin', 'python'), ['-c', ['import iniconfig', ...imports].join('\n')], {
      cwd: folder,
    });
    const check = execFileSync(program, [...words, 'pip', 'list', '-p', environment], { encoding: 'utf8' });
    assert.equal(check.split('\n').filter((line) => /^part\d+ +1\.0/.test(line)).length, RULES, check);
    assert.match(check, /^iniconfig +2\.0\.0$/m);
    rmSync(work, { recursive: true });
  }
});
