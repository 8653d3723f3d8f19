/** The indexes that options, variables, requirements files and configuration name, in order of priority. */
import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { redactUrl } from '../fetch/redact-url.ts';
import type { IndexSettings } from '../index/index-settings.ts';
import type { IndexLocation } from '../project/distribution-file.ts';
import type { IndexSetting } from '../project/settings/settings-layer.ts';
import type { LinkPlace } from '../project/requirement-collector.ts';
import { packagesOfOption } from './package-names.ts';
import type { OptionValues } from './option-values.ts';
import { absolutePath } from './session.ts';
import type { Session } from './session.ts';
import { UsageError } from './usage-error.ts';

/** The index that is asked when nothing else is said, as everybody knows it. */
const DEFAULT_INDEX_URL = 'https://pypi.org/simple';

/** An index as it was written, credentials included. */
export interface WrittenIndex {
  readonly url: string;
  readonly name?: string | undefined;
  readonly explicit?: boolean | undefined;
  readonly isDefault?: boolean | undefined;
  /** It is asked because nobody said anything else. */
  readonly isBuiltIn?: boolean | undefined;
  /** `flat` for `format = "flat"` of a configured index. */
  readonly kind?: 'simple' | 'flat' | undefined;
}

export interface IndexSources {
  /** From requirements files: they come after the options of the command line. */
  readonly fromFiles: {
    readonly indexUrl: string | undefined;
    readonly extraIndexUrls: readonly string[];
    readonly findLinks: readonly LinkPlace[];
    readonly noIndex: boolean;
  };
  /** Of a script's own metadata: before those of configuration files. */
  readonly ofScript?: { readonly indexes: readonly WrittenIndex[]; readonly links: readonly string[] } | undefined;
}

export interface FoundIndexes {
  readonly settings: IndexSettings;
  /** For the credentials in their URLs, and to be shown. */
  readonly written: readonly WrittenIndex[];
  readonly links: readonly LinkPlace[];
}

export const NO_INDEX_SOURCES: IndexSources = {
  fromFiles: { indexUrl: undefined, extraIndexUrls: [], findLinks: [], noIndex: false },
};

/** @throws {UsageError} for a URL that is none. */
export function findIndexes(session: Session, values: OptionValues, sources: IndexSources): FoundIndexes {
  const { fromFiles } = sources;
  checkLocations(session, values, fromFiles);
  const { settings } = values;
  const configured = [...(sources.ofScript?.indexes ?? []), ...(settings?.indexes() ?? []).map(writtenIndex)];
  const extra: readonly WrittenIndex[] = [
    ...values.list('index').map(splitName),
    ...values.list('extraIndexUrl').map((url) => ({ url })),
    ...configured.filter(({ isDefault }) => isDefault !== true),
    ...(settings?.places('extra-index-url') ?? []).map((url) => ({ url })),
    ...fromFiles.extraIndexUrls.map((url) => ({ url })),
  ];
  const written = unique([...extra, defaultIndex(values, configured, fromFiles)]);
  const links = [
    ...values.list('findLinks').map(asWritten),
    ...fromFiles.findLinks,
    ...(sources.ofScript?.links ?? []).map(asWritten),
    ...(settings?.places('find-links') ?? []).map(asWritten),
  ];
  return {
    written,
    links,
    settings: {
      indexes: written.map((index) => locationOf(session, index)),
      flat: links.map(({ location }) => locationOf(session, { url: location, kind: 'flat' })),
      noIndex: values.flag('noIndex') || fromFiles.noIndex || settings?.flag('no-index') === true,
      strategy:
        values.choice('indexStrategy', ['first-index', 'unsafe-first-match', 'unsafe-best-match']) ?? 'first-index',
      refresh: refreshOf(values),
    },
  };
}

/** The last resort: of the command line, of configuration, of requirements files, else the one that everybody knows. */
function defaultIndex(
  values: OptionValues,
  configured: readonly WrittenIndex[],
  fromFiles: IndexSources['fromFiles'],
): WrittenIndex {
  const given = values.text('defaultIndex') ?? values.text('indexUrl');
  if (given !== undefined) return { ...splitName(given), isDefault: true };
  const named = configured.find(({ isDefault }) => isDefault === true);
  if (named !== undefined) return named;
  const url = values.settings?.places('index-url')[0] ?? fromFiles.indexUrl;
  if (url !== undefined) return { ...splitName(url), isDefault: true };
  return { url: DEFAULT_INDEX_URL, isDefault: true, isBuiltIn: true };
}

function writtenIndex({ name, url, explicit, isDefault, format }: IndexSetting): WrittenIndex {
  return {
    url,
    ...(name === undefined ? {} : { name }),
    ...(explicit ? { explicit } : {}),
    ...(isDefault ? { isDefault } : {}),
    ...(format === 'flat' ? { kind: format } : {}),
  };
}

/** All that is written is looked at, also where something else takes its place. @throws {UsageError} */
function checkLocations(session: Session, values: OptionValues, fromFiles: IndexSources['fromFiles']): void {
  for (const key of ['index', 'defaultIndex', 'indexUrl', 'extraIndexUrl'])
    for (const text of values.list(key)) absoluteUrl(session, splitName(text), `'${values.shown(key)}'`);
  for (const url of values.list('findLinks'))
    absoluteUrl(session, { url, kind: 'flat' }, `'${values.shown('findLinks')}'`);
  const inFile = (option: string): string => `\`${option}\` of a requirements file`;
  for (const url of [fromFiles.indexUrl ?? []].flat()) absoluteUrl(session, { url }, inFile('--index-url'));
  for (const url of fromFiles.extraIndexUrls) absoluteUrl(session, { url }, inFile('--extra-index-url'));
  for (const { location } of fromFiles.findLinks)
    absoluteUrl(session, { url: location, kind: 'flat' }, inFile('--find-links'));
}

/** `--refresh`, and what implies it: `--upgrade`, `--reinstall` and their forms for one package. */
function refreshOf(values: OptionValues): IndexSettings['refresh'] {
  const on = (key: string): boolean => values.has(key) && values.flag(key);
  if (on('refresh') || on('upgrade') || on('reinstall')) return 'all';
  const names = (['refresh', 'upgrade', 'reinstall'] as const).flatMap((word) => [...packagesOfOption(values, word)]);
  return names.length === 0 ? 'none' : new Set(names);
}

function asWritten(written: string): LinkPlace {
  return { location: written, written };
}

/** `name=https://…`, as `--index` allows. */
function splitName(text: string): WrittenIndex {
  const found = /^([A-Za-z0-9._-]+)=(.+)$/.exec(text);
  return found?.[1] === undefined || found[2] === undefined ? { url: text } : { name: found[1], url: found[2] };
}

function unique(indexes: readonly WrittenIndex[]): WrittenIndex[] {
  const seen = new Set<string>();
  return indexes.filter(({ url }) => {
    const key = url.replace(/\/+$/, '');
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function locationOf(session: Session, index: WrittenIndex): IndexLocation {
  const url = absoluteUrl(session, index, 'an index');
  url.username = '';
  url.password = '';
  const { name, explicit, isDefault } = index;
  return {
    url: url.href,
    kind: index.kind ?? 'simple',
    ...(name === undefined ? {} : { name }),
    ...(explicit === undefined ? {} : { explicit }),
    ...(isDefault === undefined ? {} : { isDefault }),
  };
}

/** A URL as it stands, or the `file:` URL of a path. */
function absoluteUrl(session: Session, { url: written, kind }: WrittenIndex, shown: string): URL {
  if (/^[a-z][a-z0-9+.-]+:/i.test(written)) {
    const url = URL.parse(written);
    if (url !== null && ['http:', 'https:', 'file:'].includes(url.protocol)) return url;
    throw new UsageError(
      `invalid value '${redactUrl(written)}' for ${shown}: expected \`http:\`, \`https:\`, \`file:\` or a path`,
    );
  }
  const path = absolutePath(session, written);
  // Folders of files are named by whoever lists them.
  if (kind !== 'flat' && statSync(path, { throwIfNoEntry: false }) === undefined)
    throw new UsageError(
      `invalid value '${redactUrl(written)}' for ${shown}: it is neither a URL nor an existing path`,
    );
  return pathToFileURL(path);
}
