/** What popular projects say of their dependencies; `tests/oracle/data/README.md` tells where it comes from. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export interface PopularProject {
  readonly name: string;
  readonly version: string;
  readonly requiresPython: string | null;
  readonly requiresDist: readonly string[];
}

export function popularProjects(): readonly PopularProject[] {
  const file = new URL('../oracle/data/popular-projects.jsonl.gz', import.meta.url);
  return gunzipSync(readFileSync(file))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as PopularProject);
}
