/**
 * One process that changes an environment and kills itself at the step whose number it is given, whose name it says first.
 * `fail`: the file system loses a staged name when it is needed, so that what was done must be undone.
 */
import { readFileSync, rmSync, writeSync } from 'node:fs';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { applyPlan } from '../../packages/shoal/src/install/apply-plan.ts';
import type { InstallEvent } from '../../packages/shoal/src/install/install-event.ts';
import { recoverEnvironment } from '../../packages/shoal/src/install/transaction.ts';
import { bareEnvironmentAt, describeWheelTree, installedIn } from '../support/wheel-tree.ts';
import { INSTALL_CASES, wheelSpec } from './install-crash-cases.ts';

const [caseName = '', root = '', trees = '', killAt = '', action = 'apply'] = process.argv.slice(2);
let step = 0;
const onEvent = (event: InstallEvent): void => {
  if (event.type !== 'step') return;
  if (step === Number(killAt)) {
    writeSync(1, event.name);
    process.kill(process.pid, 'SIGKILL');
  }
  step += 1;
  if (action === 'fail' && event.name === 'apply') loseStagedName(Number(event.detail));
};

/** The first name that would be exchanged is gone from the stage. */
function loseStagedName(index: number): void {
  const work = join(root, '.shoal');
  const journal = JSON.parse(readFileSync(join(work, 'journal'), 'utf8')) as {
    readonly anchors: readonly { readonly area: string }[];
    readonly rows: readonly (readonly [kind: string, anchor: number, path: string])[];
  };
  const swap = journal.rows.findIndex(([kind]) => kind === 'swap');
  const [, anchor = 0, path = ''] = journal.rows[index] ?? [];
  if (index !== swap) return;
  rmSync(join(work, journal.anchors[anchor]?.area ?? '', 'stage', path), { recursive: true });
}

const environment = bareEnvironmentAt(root);
if (action === 'recover') recoverEnvironment(environment, { onEvent });
else {
  const found = INSTALL_CASES.find(({ name }) => name === caseName);
  if (found === undefined) throw new Error(`no case is called ${caseName}`);
  const installed = installedIn(environment);
  const change = applyPlan({
    environment,
    installed,
    remove: installed.filter(({ name }) => found.remove.includes(name)),
    add: found.add.map((wheel) => describeWheelTree(join(trees, wheel), wheelSpec(wheel)).addition),
    installer: 'shoal',
    onEvent,
  });
  if (action === 'fail') await assert.rejects(change, { undone: true });
  else await change;
}
process.stdout.write(String(step));
