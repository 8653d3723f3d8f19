/** What `pip uninstall` removed or would remove, in the order in which it comes. */
import type { EnvironmentChange } from '../../commands/install-phases.ts';
import type { Style } from '../style.ts';

/** ` - six==1.17.0`, with the URL that it came from when no index gave it. */
export function renderRemovals(removed: readonly EnvironmentChange[], style: Style): string[] {
  return removed.map(
    ({ name, version, from }) =>
      ` ${style.removed('-')} ${style.bold(name)}${style.dim(`==${version}${from === undefined ? '' : ` (from ${from})`}`)}`,
  );
}
