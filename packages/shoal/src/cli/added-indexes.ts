/** The indexes of `add`'s command line, as they are kept in the file. */
import { isAbsolute, relative } from 'node:path';
import { readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { hasErrorCode } from '@shoal/cache';
import type { AddedIndex } from '../project/edit-indexes.ts';
import { InputError } from './input-error.ts';
import type { OptionValues } from './option-values.ts';
import { absolutePath } from './session.ts';
import type { Session } from './session.ts';

interface IndexPlace {
  readonly session: Session;
  /** The folder of the file that is edited. */
  readonly root: string;
}

/** In order of priority, the default last; those of variables too, as in uv. @throws {InputError} for a folder that is not there. */
export function addedIndexes(values: OptionValues, place: IndexPlace): readonly AddedIndex[] {
  return [
    ...values.list('index').flatMap((text) => indexOf(text, false, place)),
    ...values.list('defaultIndex').flatMap((text) => indexOf(text, true, place)),
  ];
}

function indexOf(written: string, isDefault: boolean, place: IndexPlace): AddedIndex[] {
  const [, name, rest] = /^([A-Za-z0-9._-]+)=(.+)$/.exec(written) ?? [];
  const location = rest ?? written;
  if (/^[a-z][a-z0-9+.-]+:/i.test(location)) return [{ name, url: withoutCredentials(location), isDefault }];
  const path = absolutePath(place.session, location);
  if (isEmptyFolder(path)) {
    place.session.reporter.warning(`Index directory \`${pathToFileURL(path).href}\` is empty, skipping`);
    return [];
  }
  const url = isAbsolute(location) ? path : relative(place.root, path);
  return [{ name, url: url.replaceAll('\\', '/'), isDefault }];
}

/** Files that others read hold no passwords. */
function withoutCredentials(written: string): string {
  const url = URL.parse(written);
  if (url === null) return written;
  url.username = '';
  url.password = '';
  return url.href;
}

function isEmptyFolder(path: string): boolean {
  try {
    return readdirSync(path).length === 0;
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT', 'ENOTDIR')) throw error;
    throw new InputError(`Directory not found for index: ${pathToFileURL(path).href}`);
  }
}

/** Indexes that this command asks and the file does not keep. */
export function warnOfUnkeptIndexes({ reporter }: Session, values: OptionValues): void {
  const target = values.text('script') === undefined ? '`pyproject.toml` file' : 'script';
  for (const [key, option, instead] of [
    ['indexUrl', '--index-url', '--default-index'],
    ['extraIndexUrl', '--extra-index-url', '--index'],
  ] as const)
    if (values.list(key).length > 0)
      reporter.warning(
        `Indexes specified via \`${option}\` will not be persisted to the ${target}; use \`${instead}\` instead.`,
      );
}
