/** The lines that say what became of an environment: ` + six==1.17.0`, ` - six==1.16.0`, ` ~ six==1.17.0`. */
import type { Style } from '../style.ts';

/** One distribution that came or went. `from` is the URL or path of a distribution that no index gave. */
export interface Change {
  readonly kind: 'added' | 'removed' | 'reinstalled';
  readonly name: string;
  readonly version: string;
  readonly from: string | undefined;
}

const SIGN = { added: '+', removed: '-', reinstalled: '~' } as const;
const ORDER = { removed: 0, added: 1, reinstalled: 2 } as const;

/** One line for each change, by name; what was removed before what replaced it. */
export function renderChanges(changes: readonly Change[], style: Style): string[] {
  const sorted = [...changes].sort(
    (a, b) => compareText(a.name, b.name) || ORDER[a.kind] - ORDER[b.kind] || compareText(a.version, b.version),
  );
  return sorted.map((change) => {
    const sign = style[change.kind === 'reinstalled' ? 'changed' : change.kind](SIGN[change.kind]);
    const from = change.from === undefined ? '' : style.dim(` (from ${change.from})`);
    return ` ${sign} ${style.bold(change.name)}${style.dim(`==${change.version}`)}${from}`;
  });
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
