/**
 * `npm run soak -- --minutes N [--seed S] [--episode E] [--keep]`: commands of all kinds at once on one cache, killed, stopped,
 * robbed of their cache and their disk, at random from a printed seed, with a full check after each episode. The command under
 * test is `SHOAL_BIN`, else `dist/shoal`; a copy of it is used, so that it may be built again meanwhile.
 */
import { randomInt } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runEpisode } from './episode.ts';
import { SoakTotals } from './soak-totals.ts';

const MOST_FINDINGS = 10;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string' },
    episode: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
const built = process.env['SHOAL_BIN'] ?? fileURLToPath(new URL('../../dist/shoal', import.meta.url));
if (!existsSync(built)) throw new Error(`there is no ${built}: run \`npm run build\` first`);

const seed = Number(values.seed ?? randomInt(2 ** 31));
const place = mkdtempSync(join(tmpdir(), 'shoal-soak-'));
chmodSync(place, 0o755);
const program = join(place, 'shoal');
copyFileSync(built, program);
const totals = new SoakTotals();
const endMs = performance.now() + Number(values.minutes) * 60_000;
console.log(
  `soak: seed ${seed}, ${values.episode === undefined ? `${values.minutes} minutes` : `episode ${values.episode}`}`,
);

let findings = 0;
if (values.episode === undefined) {
  for (let number = 0; findings < MOST_FINDINGS && performance.now() < endMs; number += 1) await play(number);
} else await play(Number(values.episode));
console.log(`${findings === 0 ? 'No finding' : `FINDINGS in ${findings} episodes`}: ${totals.toString()}`);
if (findings === 0 && !values.keep) rmSync(place, { recursive: true, force: true });
process.exitCode = findings === 0 ? 0 : 1;

async function play(number: number): Promise<void> {
  const folder = join(place, `episode-${number}`);
  mkdirSync(folder);
  const end = await runEpisode({ seed, number, folder, program, totals });
  console.log(`episode ${number} (${end.kind}): ${end.findings.length} findings; so far ${totals.toString()}`);
  for (const finding of end.findings) console.log(`\nFINDING ${finding}\n`);
  if (end.findings.length > 0) {
    findings += 1;
    console.log(`to replay: npm run soak -- --seed ${seed} --episode ${number}; what it left: ${folder}`);
  } else if (!values.keep) rmSync(folder, { recursive: true, force: true });
}
