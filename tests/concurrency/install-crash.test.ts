/**
 * "A kill at any instruction loses nothing": a process that changes an environment is killed at each step that it announces.
 * Whatever is then claimed to be installed is whole, and the next command brings the environment to the old or the new state.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { applyPlan } from '../../packages/shoal/src/install/apply-plan.ts';
import { recoverEnvironment } from '../../packages/shoal/src/install/transaction.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import {
  bareEnvironmentAt,
  installedIn,
  makeBareEnvironment,
  makeWheelTree,
  snapshotTree,
} from '../support/wheel-tree.ts';
import { stepsKilledIn } from './crash-steps.ts';
import { ALL_WHEELS, INSTALL_CASES, STARTING_WHEELS, wheelSpec } from './install-crash-cases.ts';

const ACTOR = join(import.meta.dirname, 'install-crash-actor.ts');
const NEVER = '-1';

interface Setting {
  readonly start: string;
  readonly folder: string;
}

interface Actor {
  readonly case: string;
  readonly root: string;
  readonly folder: string;
  readonly killAt: string;
  readonly action?: 'apply' | 'recover' | 'fail';
  /** Gets the name of the step. */
  readonly killed?: Set<string>;
}

/** @returns how many steps were announced; `undefined` when the process was killed. */
function runActor({ case: name, root, folder, killAt, action = 'apply', killed }: Actor): Promise<number | undefined> {
  const trees = join(folder, 'trees');
  const child = spawn(process.execPath, ['--conditions=source', ACTOR, name, root, trees, killAt, action], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') {
        killed?.add(output);
        resolve(undefined);
      } else if (code === 0) resolve(Number(output));
      else reject(new Error(`the actor ended with ${code ?? signal}`));
    });
  });
}

/** An environment with `alpha` and `beta`, and files that no distribution owns. */
async function makeSetting(folder: string): Promise<Setting> {
  const start = join(folder, 'start');
  const environment = makeBareEnvironment(start);
  const wheels = new Map(
    ALL_WHEELS.map((wheel) => [wheel, makeWheelTree(join(folder, 'trees', wheel), wheelSpec(wheel))]),
  );
  const add = STARTING_WHEELS.flatMap((wheel) => wheels.get(wheel) ?? []);
  await applyPlan({ environment, installed: [], remove: [], add, installer: 'shoal' });
  writeFileSync(join(environment.scheme.purelib, 'space', 'mine.txt'), 'the user’s own');
  await mkdir(join(environment.scheme.purelib, 'alpha', '__pycache__'));
  writeFileSync(join(environment.scheme.purelib, 'alpha', '__pycache__', 'gone.cpython-312.pyc'), 'bytecode');
  return { start, folder };
}

function copyOf(setting: Setting, name: string): string {
  const root = join(setting.folder, name);
  cpSync(setting.start, root, { recursive: true, preserveTimestamps: true });
  return root;
}

/** Each distribution that has a `.dist-info` has all files of its RECORD, but for those that are being replaced, as the journal tells. */
function assertClaimsAreWhole(root: string, replaced: readonly string[]): void {
  const isUnderWay = existsSync(join(root, '.shoal', 'journal'));
  for (const { path, sitePackages, name } of installedIn(bareEnvironmentAt(root))) {
    if (isUnderWay && replaced.includes(name)) continue;
    for (const row of readFileSync(join(path, 'RECORD'), 'utf8').trimEnd().split('\n')) {
      const file = row.slice(0, row.indexOf(','));
      assert.ok(existsSync(join(sitePackages, file)), `${path} claims ${file}`);
    }
  }
}

function replacedIn(name: string): readonly string[] {
  const { remove = [], add = [] } = INSTALL_CASES.find((one) => one.name === name) ?? {};
  return remove.filter((removed) => add.some((wheel) => wheelSpec(wheel).name === removed));
}

interface Outcomes {
  readonly old: number;
  readonly new: number;
}

/** Kill at each step in turn, two processes at a time. */
async function killEverywhere(setting: Setting, name: string): Promise<Outcomes> {
  const whole = copyOf(setting, `${name}-whole`);
  const steps = await runActor({ case: name, root: whole, folder: setting.folder, killAt: NEVER });
  assert.ok(steps !== undefined && steps > 5);
  const after = snapshotTree(whole);
  const before = snapshotTree(setting.start);
  const outcomes = { old: 0, new: 0 };
  const remaining = Array.from({ length: steps }, (_, step) => step);
  const worker = async (): Promise<void> => {
    for (let step = remaining.shift(); step !== undefined; step = remaining.shift()) {
      const root = copyOf(setting, `${name}-${step}`);
      assert.equal(await runActor({ case: name, root, folder: setting.folder, killAt: String(step) }), undefined);
      assertClaimsAreWhole(root, replacedIn(name));
      recoverEnvironment(bareEnvironmentAt(root));
      const found = snapshotTree(root);
      const isNew = JSON.stringify(found) === JSON.stringify(after);
      if (!isNew) assert.deepEqual(found, before, `${name}, killed at step ${step}`);
      outcomes[isNew ? 'new' : 'old'] += 1;
    }
  };
  await Promise.all([worker(), worker()]);
  return outcomes;
}

suite('a change of an environment, killed at each announced step', () => {
  for (const { name } of INSTALL_CASES) {
    test(`applyPlan() leaves the old state or the new one, when it is killed in: ${name}`, async (t) => {
      const setting = await makeSetting(temporaryFolder(t));

      const outcomes = await killEverywhere(setting, name);

      assert.ok(outcomes.old >= 3, 'killed before the journal');
      assert.ok(outcomes.new >= 4, 'killed after the journal');
    });
  }

  test('recoverEnvironment() can itself be killed at each step', async (t) => {
    const setting = await makeSetting(temporaryFolder(t));
    const whole = copyOf(setting, 'whole');
    const steps = (await runActor({ case: 'replace', root: whole, folder: setting.folder, killAt: NEVER })) ?? 0;
    const after = snapshotTree(whole);
    const middle = String(steps - 9);

    const killed = new Set<string>();
    let next = 0;
    let isWholeRun = false;
    const worker = async (): Promise<void> => {
      while (!isWholeRun) {
        const step = next++;
        const root = copyOf(setting, `recovered-${step}`);
        const actor = { case: 'replace', root, folder: setting.folder };
        await runActor({ ...actor, killAt: middle });
        if ((await runActor({ ...actor, killAt: String(step), action: 'recover', killed })) !== undefined)
          isWholeRun = true;
        assertClaimsAreWhole(root, replacedIn('replace'));
        recoverEnvironment(bareEnvironmentAt(root));
        assert.deepEqual(snapshotTree(root), after);
      }
    };
    await Promise.all([worker(), worker()]);

    assert.ok(next > 8, 'recovering announces its steps');
    const early = copyOf(setting, 'early');
    await runActor({ case: 'replace', root: early, folder: setting.folder, killAt: '2' });
    const again = {
      case: 'replace',
      root: early,
      folder: setting.folder,
      killAt: '0',
      action: 'recover',
      killed,
    } as const;
    await runActor(again);
    recoverEnvironment(bareEnvironmentAt(early));
    assert.deepEqual(snapshotTree(early), snapshotTree(setting.start));
    assert.deepEqual(
      stepsKilledIn('recover').filter((step) => !killed.has(step)),
      [],
    );
  });

  test('a change that is being undone can be killed at each step, and the old state comes back', async (t) => {
    const setting = await makeSetting(temporaryFolder(t));
    const before = snapshotTree(setting.start);
    const whole = copyOf(setting, 'whole');
    await runActor({ case: 'replace', root: whole, folder: setting.folder, killAt: NEVER });
    const after = snapshotTree(whole);
    const killed = new Set<string>();

    for (let step = 0, isWholeRun = false; !isWholeRun; step += 1) {
      const root = copyOf(setting, `undone-${step}`);
      const actor = {
        case: 'replace',
        root,
        folder: setting.folder,
        killAt: String(step),
        action: 'fail',
        killed,
      } as const;
      isWholeRun = (await runActor(actor)) !== undefined;
      assertClaimsAreWhole(root, replacedIn('replace'));
      recoverEnvironment(bareEnvironmentAt(root));
      // Killed before anything was refused, it is finished like any other.
      const isUndone = isWholeRun || killed.has('undo');
      const isNew = !isUndone && JSON.stringify(snapshotTree(root)) === JSON.stringify(after);
      if (!isNew) assert.deepEqual(snapshotTree(root), before, `killed at step ${step}`);
    }

    assert.deepEqual(
      stepsKilledIn('undo').filter((step) => !killed.has(step)),
      [],
    );
  });
});
