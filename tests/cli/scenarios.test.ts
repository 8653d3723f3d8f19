/** Every recorded `install` and `compile` scenario (tests/scenarios/data) through the command line, on an index over HTTP. Two of them build. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { normalizeName } from '@shoal/packaging';
import { findPython } from '../support/python-tools.ts';
import { runShoal, type CommandRun } from '../support/run-command.ts';
import { startLocalIndex } from '../support/local-index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { distributionsOf } from '../support/universe-distributions.ts';
import { readScenarios, type Scenario } from '../scenarios/scenario.ts';

const scenarios = [...readScenarios('install'), ...readScenarios('compile')];
const satisfiable = scenarios.filter(({ golden }) => golden?.satisfiable === true);
const unsatisfiable = scenarios.filter(({ golden }) => golden?.satisfiable === false);

for (const scenario of satisfiable) {
  test(`pip ${scenario.mode} gives the versions of uv in scenario ${scenario.name}`, async (t) => {
    const result = await runScenario(t, scenario);

    assert.equal(result?.run.status ?? 0, 0, result?.run.stderr);
    assert.deepEqual(result?.packages ?? scenario.golden?.packages, scenario.golden?.packages);
  });
}

for (const scenario of unsatisfiable) {
  test(`pip ${scenario.mode} finds no solution, as uv, in scenario ${scenario.name}`, async (t) => {
    const result = await runScenario(t, scenario);

    assert.equal(result?.run.status ?? 1, 1);
    assert.match(result?.run.stderr ?? 'No solution found', /No solution found/);
    assert.deepEqual(result?.packages ?? {}, {});
  });
}

for (const scenario of scenarios.filter(({ golden }) => golden === null)) {
  test(`scenario ${scenario.name} has no recorded answer`, { skip: `it needs Python ${scenario.python}` }, () => {});
}

test('the scenarios cover what was recorded', () => {
  const count = (list: readonly Scenario[], mode: string): number =>
    list.filter((scenario) => scenario.mode === mode).length;

  assert.deepEqual([count(satisfiable, 'install'), count(unsatisfiable, 'install')], [42, 31]);
  assert.deepEqual([count(satisfiable, 'compile'), count(unsatisfiable, 'compile')], [1, 1]);
});

interface ScenarioResult {
  readonly run: CommandRun;
  readonly packages: Readonly<Record<string, string>>;
}

/** @returns `undefined`, and skips the test, where the machine has no such Python. */
async function runScenario(t: TestContext, scenario: Scenario): Promise<ScenarioResult | undefined> {
  const python = findPython(scenario.python);
  if (python === undefined) {
    t.skip(`there is no Python ${scenario.python} on this machine`);
    return undefined;
  }
  await using index = await startLocalIndex({ distributions: distributionsOf(scenario.packages) });
  const cwd = temporaryFolder(t);
  // A cache of its own: a later index may get the port of an earlier one.
  const options = [...optionsOf(scenario), '--index-url', index.url, '--cache-dir', join(cwd, 'cache')];
  if (scenario.mode === 'compile') {
    const words = ['pip', 'compile', '-', '-p', python, '--no-header', '--no-annotate', ...options];
    const run = await runShoal(words, { cwd, input: scenario.root.requires.join('\n') });
    return { run, packages: pinsOf(run.stdout) };
  }
  const sitePackages = makeEnvironment(join(cwd, '.venv'), python);
  const run = await runShoal(['pip', 'install', ...options, ...scenario.root.requires], { cwd });
  return { run, packages: installedIn(sitePackages) };
}

function optionsOf({ options }: Scenario): readonly string[] {
  return [
    ...(options.prereleases ? ['--prerelease=allow'] : []),
    ...options.no_build.flatMap((name) => ['--only-binary', name]),
    ...options.no_binary.flatMap((name) => ['--no-binary', name]),
    ...(options.python_platform === null ? [] : [`--python-platform=${options.python_platform}`]),
    ...(options.python === null ? [] : ['--python-version', options.python]),
  ];
}

/** An environment without anything in it, made by hand: there are many scenarios. @returns its site-packages. */
function makeEnvironment(root: string, python: string): string {
  const base = realpathSync(python);
  const [name = ''] = /python3\.\d+/.exec(basename(base)) ?? [];
  const sitePackages = join(root, 'lib', name, 'site-packages');
  mkdirSync(sitePackages, { recursive: true });
  mkdirSync(join(root, 'bin'));
  symlinkSync(base, join(root, 'bin', 'python'));
  writeFileSync(join(root, 'pyvenv.cfg'), `home = ${dirname(base)}\ninclude-system-site-packages = false\n`);
  return sitePackages;
}

function installedIn(sitePackages: string): Readonly<Record<string, string>> {
  const installed = readdirSync(sitePackages).flatMap((entry) => {
    const [, name, version] = /^(.+)-(.+)\.dist-info$/.exec(entry) ?? [];
    return name === undefined || version === undefined ? [] : [[normalizeName(name), version] as const];
  });
  return Object.fromEntries(installed);
}

function pinsOf(text: string): Readonly<Record<string, string>> {
  const lines = text.split('\n').filter((line) => line !== '');
  return Object.fromEntries(lines.map((line) => line.split('==')));
}
