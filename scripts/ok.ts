/** The gate: format, lint, types, layers, unused code, tests. `npm run ok -- --fast` leaves the tests out. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tool = (name: string): string => join(root, 'node_modules', '.bin', name);
const isFast = process.argv.includes('--fast');

const checks: readonly (readonly [string, readonly string[]])[] = [
  ['Format', [tool('oxfmt'), '--check']],
  ['Lint', [tool('oxlint'), '--type-aware', '--deny-warnings']],
  ['Types', [tool('tsc'), '-p', 'tsconfig.json']],
  ['Types of the pure package', [tool('tsc'), '-p', 'packages/packaging/tsconfig.json', '--noEmit']],
  ['Unused code', [tool('knip')]],
  ['Layers', ['--test', 'tests/layers.test.ts']],
  ...(isFast ? [] : [['Tests', ['scripts/test.ts']] as const]),
];

for (const [title, words] of checks) {
  const [first = '', ...rest] = words;
  const isOwnScript = first.startsWith('--') || first.endsWith('.ts');
  const commandLine = isOwnScript
    ? ['--conditions=source', '--disable-warning=ExperimentalWarning', first, ...rest]
    : [first, ...rest];
  console.log(`\n== ${title}`);
  const { status } = spawnSync(process.execPath, commandLine, { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    console.error(`\n${title}: failed`);
    process.exit(status ?? 1);
  }
}
