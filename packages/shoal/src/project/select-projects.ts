import { normalizeName } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';

/** Names for `--no-binary` and the like: `:all:` is everything, `:none:` takes back what came before. @throws {InvalidNameError} */
export function selectProjects(names: readonly string[]): 'all' | ReadonlySet<NormalizedName> {
  let selection: 'all' | Set<NormalizedName> = new Set();
  for (const name of names) {
    if (name === ':all:') selection = 'all';
    else if (name === ':none:') selection = new Set();
    else if (selection !== 'all') selection.add(normalizeName(name));
  }
  return selection;
}
