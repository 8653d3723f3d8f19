/**
 * Passes all tests: builds the executable and the Node entry, then runs unit tests, oracles, concurrency tests, and the tests
 * of the command line twice, against each of the two, and commands at random for five minutes. `npm test -- FILTER` runs the
 * test files whose path holds FILTER.
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const filters = process.argv.slice(2);
const executable = join(root, 'dist', 'shoal');
const SOAK = 'tests/soak/main.ts';
const nodeEntry = join(root, 'dist', 'node', 'shoal');

run('Build', [join(root, 'scripts', 'build.ts')], {});
runTests(
  'Unit tests and oracles',
  [
    'packages/*/src/**/*.test.ts',
    'tests/*.test.ts',
    'tests/oracle/**/*.test.ts',
    'tests/scenarios/**/*.test.ts',
    'tests/resolve/**/*.test.ts',
  ],
  {},
);
runTests('Concurrency', ['tests/concurrency/**/*.test.ts'], { SHOAL_BIN: executable });
runTests('Mounts and containers', ['tests/mounts/**/*.test.ts'], { SHOAL_BIN: executable });
runTests('Clients', ['tests/clients/**/*.test.ts'], { SHOAL_BIN: executable });
runTests('Command line, executable', ['tests/cli/**/*.test.ts'], { SHOAL_BIN: executable });
runTests('Command line, Node entry', ['tests/cli/**/*.test.ts'], { SHOAL_BIN: nodeEntry });
if (isWanted(SOAK))
  run('Random commands, kills and faults', [join(root, SOAK), '--minutes', '5'], { SHOAL_BIN: executable });

function isWanted(file: string): boolean {
  return filters.length === 0 || filters.some((filter) => file.includes(filter));
}

function runTests(title: string, patterns: readonly string[], variables: Readonly<Record<string, string>>): void {
  const files = patterns
    .flatMap((pattern) => globSync(pattern, { cwd: root }))
    .filter(isWanted)
    .sort();
  if (files.length > 0) run(title, ['--test', '--test-concurrency=2', '--test-timeout=900000', ...files], variables);
}

function run(title: string, words: readonly string[], variables: Readonly<Record<string, string>>): void {
  console.log(`\n== ${title}`);
  const { status } = spawnSync(
    process.execPath,
    ['--conditions=source', '--disable-warning=ExperimentalWarning', ...words],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...variables },
    },
  );
  if (status !== 0) process.exit(status ?? 1);
}
