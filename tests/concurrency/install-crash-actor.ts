/** One process that changes an environment and kills itself at the step whose number it is given. */
import { join } from 'node:path';
import { applyPlan } from '../../packages/shoal/src/install/apply-plan.ts';
import { recoverEnvironment } from '../../packages/shoal/src/install/transaction.ts';
import { bareEnvironmentAt, describeWheelTree, installedIn } from '../support/wheel-tree.ts';
import { INSTALL_CASES, wheelSpec } from './install-crash-cases.ts';

const [caseName = '', root = '', trees = '', killAt = '', action = 'apply'] = process.argv.slice(2);
let step = 0;
const onEvent = (event: { readonly type: string }): void => {
  if (event.type !== 'step') return;
  if (step === Number(killAt)) process.kill(process.pid, 'SIGKILL');
  step += 1;
};

const environment = bareEnvironmentAt(root);
if (action === 'recover') recoverEnvironment(environment, { onEvent });
else {
  const found = INSTALL_CASES.find(({ name }) => name === caseName);
  if (found === undefined) throw new Error(`no case is called ${caseName}`);
  const installed = installedIn(environment);
  await applyPlan({
    environment,
    installed,
    remove: installed.filter(({ name }) => found.remove.includes(name)),
    add: found.add.map((wheel) => describeWheelTree(join(trees, wheel), wheelSpec(wheel)).addition),
    installer: 'shoal',
    onEvent,
  });
}
process.stdout.write(String(step));
