/** The three formats of `pip list`. */
import type { ListedDistribution } from '../../commands/pip-list.ts';
import type { Style } from '../style.ts';

interface Column {
  readonly header: string;
  readonly cell: (one: ListedDistribution) => string;
}

/** Columns with a header; nothing at all for an empty list. */
export function renderColumns(
  distributions: readonly ListedDistribution[],
  options: { readonly outdated: boolean },
): string {
  if (distributions.length === 0) return '';
  const columns = columnsFor(distributions, options.outdated);
  const widths = columns.map(({ header, cell }) =>
    Math.max(header.length, ...distributions.map((one) => widthOf(cell(one)))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => cell + ' '.repeat(Math.max(0, (widths[at] ?? 0) - widthOf(cell))))
      .join(' ')
      .trimEnd();
  const rows = [
    columns.map(({ header }) => header),
    widths.map((width) => '-'.repeat(width)),
    ...distributions.map((one) => columns.map(({ cell }) => cell(one))),
  ];
  return `${rows.map(line).join('\n')}\n`;
}

function columnsFor(distributions: readonly ListedDistribution[], outdated: boolean): readonly Column[] {
  const columns: Column[] = [
    { header: 'Package', cell: ({ name }) => name },
    { header: 'Version', cell: ({ version }) => version },
  ];
  if (outdated)
    columns.push(
      { header: 'Latest', cell: ({ latest }) => latest?.version ?? '' },
      { header: 'Type', cell: ({ latest }) => latest?.kind ?? '' },
    );
  if (distributions.some(({ editableFolder }) => editableFolder !== undefined))
    columns.push({ header: 'Editable project location', cell: ({ editableFolder }) => editableFolder ?? '' });
  return columns;
}

/** Columns of a terminal: wide characters of East Asian scripts take two, combining ones none. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text)
    width += /\p{M}/u.test(character)
      ? 0
      : /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1F64F}\u{1F900}-\u{1F9FF}\u{20000}-\u{3FFFD}]/u.test(
            character,
          )
        ? 2
        : 1;
  return width;
}

/** One `name==version` for each. */
export function renderPins(distributions: readonly ListedDistribution[], style: Style): string {
  return distributions.map(({ name, version }) => `${style.bold(name)}==${version}\n`).join('');
}

/** One line of JSON: a list of objects with the keys that pip uses. */
export function renderListJson(distributions: readonly ListedDistribution[]): string {
  const rows = distributions.map(({ name, version, latest, editableFolder }) => ({
    name,
    version,
    ...(latest === undefined ? {} : { latest_version: latest.version, latest_filetype: latest.kind }),
    ...(editableFolder === undefined ? {} : { editable_project_location: editableFolder }),
  }));
  return `${JSON.stringify(rows)}\n`;
}
