/** The examples of README.md run, and give what their comments say. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const readme = readFileSync(join(folder, '..', 'README.md'), 'utf8');
const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');

test('the examples of README.md give what their comments say', async (t) => {
  // Below the package, so that its own name is found.
  const scratch = mkdtempSync(join(folder, '..', '.readme-'));
  t.after(() => rmSync(scratch, { recursive: true }));
  assert.ok(examples.length >= 4);
  for (const [index, example] of examples.entries()) {
    const path = join(scratch, `example-${index}.ts`);
    writeFileSync(path, checked(example));
    const { answers } = (await import(pathToFileURL(path).href)) as { answers: [unknown, unknown][] };
    assert.ok(answers.length > 0);
    for (const [given, promised] of answers) assert.deepEqual(given, promised);
  }
});

/** `expression; // => value` becomes a pair of both. */
function checked(example: string): string {
  return `export const answers: unknown[][] = [];\n${example.replaceAll(/^(.*); \/\/ => (.*)$/gm, 'answers.push([$1, $2]);')}`;
}
