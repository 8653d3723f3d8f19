/** The wheels that the benchmarks install: the twelve projects of a public report and what they need, downloaded once per machine. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { anyPython } from '../tests/support/python-tools.ts';

const run = promisify(execFile);

/** The pins, one a line. */
const TWELVE_PINS: string = fileURLToPath(new URL('twelve-projects.txt', import.meta.url));
/** The twelve names as people write them. */
export const TWELVE_PROJECTS: readonly string[] = [
  'boto3',
  'fastapi',
  'numba',
  'pandas',
  'polars',
  'protobuf',
  'pyarrow',
  'pydantic',
  'requests',
  'urllib3',
  'scikit-learn',
  'jupyter',
];

/** A folder with every wheel of `TWELVE_PINS`. `SHOAL_BENCH_WHEELS` names one that is there already. */
export async function benchWheels(): Promise<string> {
  const given = process.env['SHOAL_BENCH_WHEELS'];
  if (given !== undefined && existsSync(given)) return given;
  const home = join(tmpdir(), 'shoal-bench-wheels');
  if (existsSync(home) && readdirSync(home).length > 100) return home;
  const workshop = await mkdtemp(`${home}.`);
  console.log('downloading the wheels of the benchmark, once');
  await run(
    anyPython(),
    ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary', ':all:', '--dest', workshop, '-r', TWELVE_PINS],
    { maxBuffer: 1 << 26 },
  );
  await rm(home, { recursive: true, force: true });
  await rename(workshop, home);
  return home;
}
