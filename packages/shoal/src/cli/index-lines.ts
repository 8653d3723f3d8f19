/** The option lines at the top of a compiled file: indexes, link pages, and which formats are allowed. */
import type { OpenedForRequirements } from './open-for-requirements.ts';
import type { OptionValues } from './option-values.ts';

/** One line each, in uv's order; none that was not asked for. Credentials are never written. */
export function indexLinesOf(values: OptionValues, { context, sources }: OpenedForRequirements): string[] {
  const { indexes, flat } = context.options.indexes;
  const lines: string[] = [];
  if (values.flag('emitIndexUrl')) {
    lines.push(...indexes.filter(({ isDefault }) => isDefault === true).map(({ url }) => `--index-url ${bare(url)}`));
    lines.push(
      ...indexes.filter(({ isDefault }) => isDefault !== true).map(({ url }) => `--extra-index-url ${bare(url)}`),
    );
  }
  if (values.flag('emitFindLinks')) lines.push(...flat.map(({ url }) => `--find-links ${url}`));
  if (!values.flag('emitBuildOptions')) return lines;
  if (values.flag('noBuild')) lines.push('--only-binary :all:');
  for (const name of [...values.list('noBinary'), ...sources.options.noBinary]) lines.push(`--no-binary ${name}`);
  for (const name of [...values.list('onlyBinary'), ...sources.options.onlyBinary]) lines.push(`--only-binary ${name}`);
  return lines;
}

function bare(url: string): string {
  return url.replace(/\/$/, '');
}
