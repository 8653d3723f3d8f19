/** `pip freeze` as lines of a requirements file. */
import type { FrozenRequirement } from '../../commands/pip-freeze.ts';
import type { Style } from '../style.ts';

/** One line for each; a line like the one before it is left out. */
export function renderFrozen(requirements: readonly FrozenRequirement[], style: Style): string {
  const lines = requirements.map((one) => lineOf(one, style));
  return lines
    .filter((line, at) => line !== lines[at - 1])
    .map((line) => `${line}\n`)
    .join('');
}

function lineOf(one: FrozenRequirement, style: Style): string {
  if (one.kind === 'editable') return `-e ${one.location}`;
  return one.kind === 'url' ? `${style.bold(one.name)} @ ${one.url}` : `${style.bold(one.name)}==${one.version}`;
}
