/** Every recorded `lock` scenario (tests/scenarios/data) through the command line: the file is uv's, byte for byte, and stays so. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { findPython } from '../support/python-tools.ts';
import { runShoal, type CommandRun } from '../support/run-command.ts';
import { startLocalIndex } from '../support/local-index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { distributionsOf } from '../support/universe-distributions.ts';
import { readScenarios, type Scenario } from '../scenarios/scenario.ts';

const scenarios = readScenarios('lock');

for (const scenario of scenarios) {
  const { golden, name } = scenario;
  const expected = golden?.lock?.text;
  if (expected !== undefined)
    test(`lock writes the file of uv in scenario ${name}, and then finds nothing to do`, async (t) => {
      await withScenario(t, scenario, async (lock, lockfile) => {
        const first = await lock();
        const text = lockfile();
        const again = await lock('--check');

        assert.equal(first.status, 0, first.stderr);
        assert.equal(text, expected);
        assert.equal(again.status, 0, again.stderr);
      });
    });
  else if (golden !== null)
    test(`lock finds no solution, as uv, in scenario ${name}`, async (t) => {
      await withScenario(t, scenario, async (lock) => {
        const { status, stderr } = await lock();

        assert.equal(status, 1);
        assert.match(stderr, /No solution found/);
      });
    });
}

test('the scenarios cover what was recorded', () => {
  const satisfiable = scenarios.filter(({ golden }) => golden?.satisfiable === true);
  assert.deepEqual([satisfiable.length, scenarios.length - satisfiable.length], [23, 3]);
});

/** The project of a scenario, its index, and `lock` in it. Skips where the machine has no such Python. */
async function withScenario(
  t: TestContext,
  scenario: Scenario,
  act: (lock: (...words: string[]) => Promise<CommandRun>, lockfile: () => string) => Promise<void>,
): Promise<void> {
  const python = findPython(scenario.python);
  if (python === undefined) return t.skip(`there is no Python ${scenario.python} on this machine`);
  await using index = await startLocalIndex({ distributions: distributionsOf(scenario.packages) });
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, 'pyproject.toml'), pyproject(scenario));
  const place = ['--default-index', index.url, '--cache-dir', join(cwd, 'cache'), '-p', python];
  const lock = async (...words: string[]): Promise<CommandRun> =>
    await runShoal(['lock', ...words, ...place, ...optionsOf(scenario)], { cwd });
  const lockfile = (): string =>
    readFileSync(join(cwd, 'uv.lock'), 'utf8')
      .replaceAll(index.root, 'http://index/')
      .replaceAll(/, (?:hash|upload-time) = "[^"]*"|, size = \d+/g, '');
  await act(lock, lockfile);
}

function pyproject({ root, options }: Scenario): string {
  const python = root.requires_python === null ? '' : `requires-python = ${JSON.stringify(root.requires_python)}\n`;
  const project = `[project]\nname = "project"\nversion = "0.1.0"\n${python}dependencies = ${JSON.stringify(root.requires)}\n`;
  const environments = options.required_environments;
  return environments.length === 0
    ? project
    : `${project}[tool.uv]\nrequired-environments = ${JSON.stringify(environments)}\n`;
}

function optionsOf({ options }: Scenario): readonly string[] {
  return [
    ...(options.prereleases ? ['--prerelease=allow'] : []),
    ...options.no_build.flatMap((name) => ['--no-build-package', name]),
    ...options.no_binary.flatMap((name) => ['--no-binary-package', name]),
  ];
}
