/**
 * Builds the source distributions of a list with shoal and with pip, and prints a table of what differs: `npm run test:builds`, or
 * `npm run test:builds -- WORD...` for those whose line holds a word. Needs a C compiler, Rust, and the headers of cairo.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareBuild } from '../support/build-comparison.ts';
import type { BuildComparison } from '../support/build-comparison.ts';
import { anyPython } from '../support/python-tools.ts';

const LIST = join(import.meta.dirname, 'data', 'source-distributions.txt');
const words = process.argv.slice(2);

function listed(): readonly { readonly builder: string; readonly requirement: string }[] {
  let builder = '';
  return readFileSync(LIST, 'utf8')
    .split('\n')
    .flatMap((line) => {
      builder = /^\[(.*)\]$/.exec(line)?.[1] ?? builder;
      const isWanted = words.length === 0 || words.some((word) => `${builder} ${line}`.includes(word));
      return line.includes('==') && isWanted ? [{ builder, requirement: line.trim() }] : [];
    });
}

function verdict({ files, differing, failures }: BuildComparison): string {
  const failed = Object.entries(failures).map(([who, text]) => `${who} fails:\n${text}`);
  if (failed.length > 0) return failed.join('\n');
  return differing.length === 0 ? `${files} files, the same` : `${files} files, differing: ${differing.join(' ')}`;
}

const folder = mkdtempSync(join(tmpdir(), 'shoal-builds-'));
try {
  const python = join(folder, 'env', 'bin', 'python');
  execFileSync(anyPython(), ['-m', 'venv', join(folder, 'env')]);
  let same = 0;
  const all = listed();
  for (const { builder, requirement } of all) {
    const comparison = compareBuild(requirement, { folder, python });
    if (comparison.files > 0 && comparison.differing.length === 0) same += 1;
    console.log(`${builder}\t${requirement}\t${verdict(comparison)}`);
  }
  console.log(`${same} of ${all.length} are the same`);
  process.exitCode = same === all.length ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
