/** `pip show`: a block of fields for each distribution, divided by `---`. */
import type { ShownDistribution } from '../../commands/pip-show.ts';

export function renderShown(distributions: readonly ShownDistribution[]): string {
  return distributions.map((one) => `${fieldsOf(one).join('\n')}\n`).join('---\n');
}

function fieldsOf({ name, version, location, editableFolder, relations, files }: ShownDistribution): string[] {
  const lines = [`Name: ${name}`, `Version: ${version}`, `Location: ${location}`];
  if (editableFolder !== undefined) lines.push(`Editable project location: ${editableFolder}`);
  if (relations !== undefined)
    lines.push(list('Requires', relations.requires), list('Required-by', relations.requiredBy));
  if (files !== undefined) lines.push('Files:', ...files.map((path) => `  ${path}`));
  return lines;
}

/** Without a space at the end of an empty list. */
function list(label: string, names: readonly string[]): string {
  return `${label}: ${names.join(', ')}`.trimEnd();
}
