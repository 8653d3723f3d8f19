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

const ACTION = { added: 'installed', removed: 'uninstalled', reinstalled: 'reinstalled' } as const;

/** By name; what was removed before what replaced it. */
function sorted(changes: readonly Change[]): readonly Change[] {
  return [...changes].sort(
    (a, b) => compareText(a.name, b.name) || ORDER[a.kind] - ORDER[b.kind] || compareText(a.version, b.version),
  );
}

/** Each change as data, by name. */
export function describeChanges(changes: readonly Change[]): readonly unknown[] {
  return sorted(changes).map(({ name, version, kind }) => ({ name, version, action: ACTION[kind] }));
}

/** The changes as uv writes them with `--output-format json`. */
export function renderChangesJson(changes: readonly Change[], isDryRun: boolean): string {
  const report = {
    schema: { version: 'preview' },
    changes: describeChanges(changes),
    dry_run: isDryRun,
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/** One line for each change, by name. */
export function renderChanges(changes: readonly Change[], style: Style): string[] {
  return sorted(changes).map((change) => {
    const sign = style[change.kind === 'reinstalled' ? 'changed' : change.kind](SIGN[change.kind]);
    const from = change.from === undefined ? '' : style.dim(` (from ${change.from})`);
    return ` ${sign} ${style.bold(change.name)}${style.dim(`==${change.version}`)}${from}`;
  });
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
