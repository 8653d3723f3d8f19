/** The full check of what an environment claims: every file of every RECORD is there, with its length and its hash. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseRecord } from '@shoal/packaging';

/** @returns the names and versions that are claimed, sorted: `alpha-1.0`. */
export function assertClaimsAreWhole(environment: string): readonly string[] {
  const claims = globSync(join(environment, 'lib', 'python*', 'site-packages', '*.dist-info'));
  for (const claim of claims) assertWholeClaim(claim);
  return claims.map((claim) => (claim.split('/').at(-1) ?? '').replace(/\.dist-info$/, '')).sort();
}

function assertWholeClaim(claim: string): void {
  const rows = parseRecord(readFileSync(join(claim, 'RECORD'), 'utf8'));
  assert.ok(rows.length > 0, `${claim} lists nothing`);
  for (const { path, hash, sizeBytes } of rows) {
    const file = join(dirname(claim), path);
    assert.ok(existsSync(file), `${claim} claims ${path}`);
    const content = readFileSync(file);
    if (sizeBytes !== undefined) assert.equal(content.length, sizeBytes, `length of ${file}`);
    if (hash?.algorithm !== 'sha256') continue;
    assert.equal(createHash('sha256').update(content).digest('base64url'), hash.digest, `hash of ${file}`);
  }
}
