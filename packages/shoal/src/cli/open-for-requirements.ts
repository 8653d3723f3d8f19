/** The context of a command that takes requirements: sources are read first, since requirements files may name indexes. */
import type { NormalizedName } from '@shoal/packaging';
import { readRequirementSources } from '../project/requirement-sources.ts';
import type { RequirementSources } from '../project/requirement-sources.ts';
import { createHttpClient } from '../fetch/http-client.ts';
import { HttpStatusError } from '../fetch/http-errors.ts';
import { NO_INDEX_SOURCES } from './index-locations.ts';
import { networkSettings } from './network-settings.ts';
import { openContext } from './open-context.ts';
import type { OpenedContext } from './open-context.ts';
import type { OptionValues } from './option-values.ts';
import { withProjectLimits } from './project-limits.ts';
import { packageNames } from './package-names.ts';
import type { Session } from './session.ts';

export interface OpenedForRequirements extends OpenedContext {
  readonly sources: RequirementSources;
}

/** What the arguments of a command are: requirements, or files that hold them. */
export interface NamedSources {
  readonly words: readonly string[];
  readonly files: readonly string[];
  /** `--editable`, `--extra` and `--group` of the command are about something else than what is read. */
  readonly isAlone?: boolean;
}

/** Read what arguments and options name, then open the context with the indexes that all of them ask for. */
export async function openForRequirements(
  session: Session,
  values: OptionValues,
  { words, files }: NamedSources,
): Promise<OpenedForRequirements> {
  const sources = withProjectLimits(await readSources(session, values, { words, files }), values.settings);
  const opened = openContext(session, values, { ...NO_INDEX_SOURCES, fromFiles: sources.options });
  return { ...opened, sources };
}

/** The same without opening anything; says what is to be said of the sources. */
export async function readSources(
  session: Session,
  values: OptionValues,
  { words, files, isAlone = false }: NamedSources,
): Promise<RequirementSources> {
  const list = (key: string): readonly string[] => (values.has(key) ? values.list(key) : []);
  const own = (key: string): readonly string[] => (isAlone ? [] : list(key));
  const sources = await readRequirementSources(
    {
      words,
      editables: own('editable'),
      files,
      constraintFiles: list('constraints'),
      buildConstraintFiles: list('buildConstraints'),
      overrideFiles: list('overrides'),
      excludeFiles: list('excludes'),
      extras: values.has('allExtras') && values.flag('allExtras') ? 'all' : own('extra'),
      groups: own('group'),
      ignoredSources: ignoredSources(values),
    },
    {
      folder: session.workingFolder,
      variables: session.variables,
      readStandardInput: session.readStandardInput,
      fetchText: (url) => fetchText(session, values, url),
    },
  );
  if (values.has('prerelease') && values.text('prerelease') === 'if-necessary-or-explicit')
    session.reporter.warning(
      'The `if-necessary-or-explicit` pre-release mode is deprecated and will be removed in a future release. Use `if-necessary` instead.',
    );
  for (const warning of sources.warnings) session.reporter.warning(warning);
  return sources;
}

export function ignoredSources(values: OptionValues): 'all' | ReadonlySet<NormalizedName> {
  if (!values.has('noSources') || values.flag('noSources')) return 'all';
  return packageNames(values.list('noSourcesPackage'), '--no-sources-package <NO_SOURCES_PACKAGE>');
}

export async function fetchText(session: Session, values: OptionValues, url: string): Promise<Uint8Array> {
  const http = createHttpClient(networkSettings({ session, values, indexes: [] }));
  try {
    const { status, content } = await http.read({ url, signal: session.signal });
    if (status !== 200) throw new HttpStatusError(status, url);
    return content;
  } finally {
    await http.close();
  }
}
