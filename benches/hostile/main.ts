/**
 * `npm run bench:hostile [-- SCRIPT...]`: what shoal and the real uv make of kills, damage, deletions and each other. The scripts
 * behind the last column of docs/promises.md; the program is `SHOAL_BIN`, else `dist/shoal`.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { pythonTools } from '../../tests/support/python-tools.ts';
import { Contender, hostileIndex } from './contender.ts';
import { HOSTILE_SCRIPTS } from './hostile-scripts.ts';

const wanted = process.argv.slice(2);
const built = process.env['SHOAL_BIN'] ?? fileURLToPath(new URL('../../dist/shoal', import.meta.url));
const { uv } = await pythonTools();
await using index = await hostileIndex();
const place = mkdtempSync(join(tmpdir(), 'shoal-hostile-'));
// A copy: it may be built again meanwhile.
const shoal = join(place, 'shoal');
copyFileSync(built, shoal);

for (const [name, script] of Object.entries(HOSTILE_SCRIPTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const [title, program] of [
    ['uv', uv],
    ['shoal', shoal],
  ] as const) {
    const folder = join(place, `${name}-${title}`);
    mkdirSync(folder);
    console.log(`${name}, ${title}: ${await script(new Contender(title, program, { folder, index }))}`);
    rmSync(folder, { recursive: true, force: true });
  }
}
rmSync(place, { recursive: true, force: true });
