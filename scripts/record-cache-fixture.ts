/**
 * Packs a cache folder and one wheel into the JSON that tests of mixed releases unpack again:
 * `node scripts/record-cache-fixture.ts ROOT WHEEL >tests/concurrency/fixtures/cache-first-format.json`.
 *
 * Run it with a cache that the release in question has made. Facts about interpreters, locks and markers are left out:
 * they belong to a machine.
 */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const KEPT = /^(?:trees|blobs|metadata|files|builds)-v\d+\//u;

const [root = '', wheel = ''] = process.argv.slice(2);
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => KEPT.test(path) && lstatSync(join(root, path)).isFile())
  .sort()
  .map((path) => [path, readFileSync(join(root, path)).toString('base64')]);
const fixture = {
  wheel: { filename: basename(wheel), content: readFileSync(wheel).toString('base64') },
  files: Object.fromEntries(files) as Record<string, string>,
};
process.stdout.write(`${JSON.stringify(fixture, undefined, 2)}\n`);
