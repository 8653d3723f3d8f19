/** What `add` is asked to add: words of the command line and lines of requirements files, each with its name. */
import { emptySpecifierSet, parseMarker, PackagingError } from '@shoal/packaging';
import type { Marker, Requirement } from '@shoal/packaging';
import type { RequestedRequirement } from '../commands/add-requirements.ts';
import { fileKindOf } from '../project/file-kind.ts';
import type { RequirementSources } from '../project/requirement-sources.ts';
import type { AddedIndex } from '../project/edit-indexes.ts';
import type { SourceOptions } from '../project/source-of-requirement.ts';
import { InputError } from './input-error.ts';
import type { OptionValues } from './option-values.ts';
import { packageNames } from './package-names.ts';
import { UsageError } from './usage-error.ts';

const REFUSED = {
  pyproject: 'a `pyproject.toml`',
  setup: 'a `setup.py`',
  lock: 'a `pylock.toml`',
  script: 'a PEP 723 script',
} as const;

/** Files that are no lists of requirements. @throws {InputError} */
export function refuseOtherFiles(files: readonly string[]): void {
  for (const file of files) {
    const kind = fileKindOf(file);
    if (kind === 'requirements') continue;
    throw new InputError(`Adding requirements from ${REFUSED[kind]} is not supported in \`shoal add\``);
  }
}

/** @param nameOf tells what a URL or path without a name holds. */
export async function requestedRequirements(
  sources: RequirementSources,
  nameOf: (url: string) => Promise<Requirement['name']>,
): Promise<readonly RequestedRequirement[]> {
  const named = sources.requirements.map(({ requirement }) => ({
    requirement,
    isEditable: requirement.url !== undefined && sources.editables.has(requirement.url),
  }));
  const others = sources.unnamed.map(async ({ url, written, extras, marker }) => {
    const name = await nameOf(url);
    const requirement = { name, writtenName: name, extras, specifiers: emptySpecifierSet, url: written, marker };
    return { requirement, isEditable: sources.editables.has(url) };
  });
  return [...named, ...(await Promise.all(others))];
}

/** `--rev` and the like. */
export function sourceOptions(values: OptionValues, indexes: readonly AddedIndex[]): SourceOptions {
  const kind = (['rev', 'tag', 'branch'] as const).find((one) => values.text(one) !== undefined);
  const [only] = indexes;
  return {
    reference: kind === undefined ? undefined : { kind, name: values.text(kind) ?? '' },
    lfs: values.flag('lfs'),
    editable: values.isGiven('editable') ? values.flag('editable') : undefined,
    index: indexes.length === 1 ? only?.name : undefined,
  };
}

/** `--marker`. @throws {UsageError} */
export function markerOption(values: OptionValues): Marker | undefined {
  const written = values.text('marker');
  if (written === undefined) return undefined;
  try {
    return parseMarker(written);
  } catch (error) {
    if (!(error instanceof PackagingError)) throw error;
    throw new UsageError(`invalid value '${written}' for '${values.shown('marker')}': ${error.message}`);
  }
}

/** `--extra`. */
export function extrasOption(values: OptionValues): readonly Requirement['name'][] {
  return [...packageNames(values.list('extra'), values.shown('extra'))];
}
