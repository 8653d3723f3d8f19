/** Every `install` and `compile` scenario, against what the real uv did. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatVersion } from '@shoal/packaging';
import { NoSolutionError } from '../../packages/shoal/src/resolve/no-solution-error.ts';
import type { Resolution } from '../../packages/shoal/src/resolve/resolution.ts';
import { readScenarios, resolveScenario, type Scenario } from './scenario.ts';

const scenarios = [...readScenarios('install'), ...readScenarios('compile')];
const recorded = scenarios.filter((scenario) => scenario.golden !== null);

for (const scenario of recorded.filter(({ golden }) => golden?.satisfiable === true)) {
  test(`resolve() gives the versions of uv in ${scenario.mode} scenario ${scenario.name}`, async () => {
    const resolution = await resolveScenario(scenario);

    assert.deepEqual(versionsOf(resolution), scenario.golden?.packages);
  });
}

for (const scenario of recorded.filter(({ golden }) => golden?.satisfiable === false)) {
  test(`resolve() finds no solution, as uv, in ${scenario.mode} scenario ${scenario.name}`, async () => {
    await assert.rejects(resolveScenario(scenario), NoSolutionError);
  });
}

test('resolve() covers the recorded scenarios, of which these need a build', async () => {
  const satisfiable = recorded.filter(({ golden }) => golden?.satisfiable === true);
  const built: string[] = [];
  for (const scenario of satisfiable) if (await needsBuild(scenario)) built.push(scenario.name);

  assert.deepEqual([satisfiable.length, recorded.length - satisfiable.length], [43, 32]);
  assert.deepEqual(built.toSorted(), [
    'incompatible-python-compatible-override-unavailable-no-wheels',
    'no-wheels-with-matching-platform',
  ]);
});

async function needsBuild(scenario: Scenario): Promise<boolean> {
  const { nodes } = await resolveScenario(scenario);
  return nodes.some(({ source }) => source.kind === 'registry' && source.needsBuild);
}

function versionsOf({ nodes }: Resolution): Readonly<Record<string, string>> {
  return Object.fromEntries(nodes.map(({ name, version }) => [name, formatVersion(version)]));
}
