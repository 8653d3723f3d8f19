/** The option lines at the top of a compiled file: indexes, link pages, and which formats are allowed. */
import type { OpenedForRequirements } from './open-for-requirements.ts';
import type { OptionValues } from './option-values.ts';

/** One line each, in uv's order; none that was not asked for. Places stand as they were written, but without credentials. */
export function indexLinesOf(values: OptionValues, { places, sources }: OpenedForRequirements): string[] {
  const lines: string[] = [];
  if (values.flag('emitIndexUrl')) {
    const defaults = places.indexes.filter(({ isDefault }) => isDefault === true);
    const others = places.indexes.filter(({ isDefault, explicit }) => isDefault !== true && explicit !== true);
    lines.push(...defaults.map(({ url }) => `--index-url ${withoutCredentials(url)}`));
    lines.push(...others.map(({ url }) => `--extra-index-url ${withoutCredentials(url)}`));
  }
  if (values.flag('emitFindLinks'))
    lines.push(...places.links.map((location) => `--find-links ${withoutCredentials(location)}`));
  if (!values.flag('emitBuildOptions')) return lines;
  lines.push(...selected('--no-binary', [...values.list('noBinary'), ...sources.options.noBinary]));
  const onlyBinary = [...values.list('onlyBinary'), ...sources.options.onlyBinary];
  return [...lines, ...selected('--only-binary', values.flag('noBuild') ? [':all:'] : onlyBinary)];
}

function selected(option: string, names: readonly string[]): string[] {
  const shown = names.includes(':all:') ? [':all:'] : names.filter((name) => name !== ':none:');
  return [...new Set(shown)].map((name) => `${option} ${name}`);
}

function withoutCredentials(location: string): string {
  return location.replace(/:\/\/[^/@\s]*@/, '://');
}
