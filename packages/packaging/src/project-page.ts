/**
 * Pages of the Simple API: JSON (PEP 691, 700, 708, 740) and the links of HTML pages (PEP 503, 592, 629, 658, 714).
 *
 * @see https://packaging.python.org/en/latest/specifications/simple-repository-api/
 */
import { checkDigest } from './digest.ts';
import { PackagingError } from './errors.ts';

/** One file that a page lists. */
export interface ProjectFile {
  readonly filename: string;
  /** Absolute, without fragment. */
  readonly url: string;
  /** Algorithm -> hexadecimal digest; empty when the page names none. */
  readonly hashes: Readonly<Record<string, string>>;
  /** As written; `undefined` when any Python will do. */
  readonly requiresPython: string | undefined;
  /** The reason, `''` when none is given; `false` when it is not yanked. */
  readonly yanked: string | false;
  readonly sizeBytes: number | undefined;
  /** ISO 8601. */
  readonly uploadTime: string | undefined;
  /** Whether there is a sidecar with the metadata, and its hashes. */
  readonly coreMetadata: boolean | Readonly<Record<string, string>>;
}

/** A project's page. */
export interface ProjectPage {
  /** As the page spells it; empty when it does not say. */
  readonly name: string;
  readonly apiVersion: string;
  readonly files: readonly ProjectFile[];
  /** `active`, `archived`, `quarantined` or `deprecated` (PEP 792), with the index's reason. */
  readonly status: { readonly status: string; readonly reason: string | undefined } | undefined;
  /** PEP 708: other indexes that this project extends. */
  readonly tracks: readonly string[];
  /** PEP 708: other indexes that hold the same project. */
  readonly alternateLocations: readonly string[];
}

/** A link of an HTML page, as a tokenizer finds it; attribute names in lower case. */
export interface PageAnchor {
  readonly href: string;
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A page that cannot be read. */
export class InvalidProjectPageError extends PackagingError {
  constructor(reason: string, options?: ErrorOptions) {
    super('INVALID_PROJECT_PAGE', reason, options);
  }
}

/** The major version of the API that is understood (PEP 629). */
const SUPPORTED_MAJOR = 1;

type Fields = Readonly<Record<string, unknown>>;

/** Parse a JSON page that was read from `pageUrl`. @throws {InvalidProjectPageError} */
export function parseProjectPageJson(text: string, pageUrl: string): ProjectPage {
  const page = parseObject(text);
  const meta = isFields(page['meta']) ? page['meta'] : {};
  const apiVersion = checkApiVersion(textOf(meta['api-version']) ?? '1.0');
  if (!Array.isArray(page['files'])) throw new InvalidProjectPageError('The page has no `files`');
  const base = urlBase(pageUrl);
  return {
    name: textOf(page['name']) ?? '',
    apiVersion,
    files: page['files'].flatMap((file: unknown) => (isFields(file) ? (jsonFile(file, base) ?? []) : [])),
    status: statusOf(page['project-status']),
    tracks: textsOf(meta['tracks']),
    alternateLocations: textsOf(page['alternate-locations']),
  };
}

function parseObject(text: string): Fields {
  try {
    const parsed: unknown = JSON.parse(text);
    if (isFields(parsed)) return parsed;
  } catch (error) {
    if (error instanceof SyntaxError) throw new InvalidProjectPageError('The page is not JSON', { cause: error });
    throw error;
  }
  throw new InvalidProjectPageError('The page is not a JSON object');
}

/** @throws {InvalidProjectPageError} for a major version that is not understood (PEP 629). */
function checkApiVersion(version: string): string {
  if (Number(version.split('.')[0]) === SUPPORTED_MAJOR) return version;
  throw new InvalidProjectPageError(
    `The page follows version ${version} of the Simple API; this release understands ${SUPPORTED_MAJOR}.x`,
  );
}

function jsonFile(file: Fields, base: (href: string) => string): ProjectFile | undefined {
  const filename = textOf(file['filename']);
  const url = textOf(file['url']);
  if (filename === undefined || url === undefined) return undefined;
  const metadata = file['core-metadata'] ?? file['data-dist-info-metadata'] ?? file['dist-info-metadata'];
  return {
    filename,
    url: withoutFragment(base(url)),
    hashes: digestsOf(file['hashes']),
    requiresPython: textOf(file['requires-python']) || undefined,
    yanked: yankedOf(file['yanked']),
    sizeBytes: typeof file['size'] === 'number' ? file['size'] : undefined,
    uploadTime: textOf(file['upload-time']),
    coreMetadata: isFields(metadata) ? digestsOf(metadata) : metadata === true,
  };
}

function yankedOf(value: unknown): string | false {
  if (typeof value === 'string') return value;
  return value === true ? '' : false;
}

/** The page that links of an HTML page make. `baseHref` is the `href` of the page's `<base>`, if any. @throws {InvalidProjectPageError} */
export function projectPageOfAnchors(
  anchors: readonly PageAnchor[],
  page: { readonly pageUrl: string; readonly baseHref: string | undefined; readonly apiVersion?: string | undefined },
): ProjectPage {
  const apiVersion = checkApiVersion(page.apiVersion ?? '1.0');
  const base = urlBase(page.baseHref === undefined ? page.pageUrl : urlBase(page.pageUrl)(page.baseHref));
  const files = anchors.flatMap((anchor) => anchorFile(anchor, base) ?? []);
  return { name: '', apiVersion, files, status: undefined, tracks: [], alternateLocations: [] };
}

function anchorFile({ href, attributes }: PageAnchor, base: (href: string) => string): ProjectFile | undefined {
  const absolute = base(href.trim());
  const [url = '', fragment = ''] = absolute.split('#');
  const filename = filenameOf(url);
  if (filename === '') return undefined;
  const metadata = attributes['data-core-metadata'] ?? attributes['data-dist-info-metadata'];
  return {
    filename,
    url,
    hashes: digestOfFragment(fragment),
    requiresPython: attributes['data-requires-python'] || undefined,
    yanked: attributes['data-yanked'] ?? false,
    sizeBytes: undefined,
    uploadTime: undefined,
    coreMetadata: metadataClaim(metadata),
  };
}

/** `data-core-metadata="sha256=…"`, or `"true"`. */
function metadataClaim(text: string | undefined): boolean | Readonly<Record<string, string>> {
  if (text === undefined || text === 'false') return false;
  const digest = digestOfFragment(text);
  return Object.keys(digest).length === 0 ? true : digest;
}

const DIGEST = /(?:^|&)(md5|sha1|sha224|sha256|sha384|sha512|blake2b)=([^&]*)/g;

/** All digests of `sha256=…&md5=…`; other parts, such as `egg=…`, are passed over. */
function digestOfFragment(fragment: string): Record<string, string> {
  const digests: Record<string, string> = {};
  for (const [, algorithm, digest] of fragment.matchAll(DIGEST)) {
    if (algorithm === undefined || digest === undefined) continue;
    checkDigest(algorithm, digest);
    digests[algorithm] = digest.toLowerCase();
  }
  return digests;
}

/** The last segment of a URL's path, percent-decoded. */
function filenameOf(url: string): string {
  const path = url.split('?')[0] ?? '';
  const segment = path.slice(path.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return segment;
    throw error;
  }
}

function withoutFragment(url: string): string {
  const border = url.indexOf('#');
  return border === -1 ? url : url.slice(0, border);
}

/**
 * Resolves links against a page's URL. Absolute links, which nearly all are, are taken as they stand; the rest follows
 * RFC 3986 as far as links of pages need it: scheme-relative, path-absolute, and relative with dot segments.
 */
function urlBase(pageUrl: string): (href: string) => string {
  const [, origin = '', path = '/'] = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)([^?#]*)/i.exec(pageUrl) ?? [];
  const folder = path.slice(0, path.lastIndexOf('/') + 1) || '/';
  return (href) => {
    if (/^[a-z][a-z0-9+.-]*:/i.test(href)) return href;
    if (href.startsWith('//')) return origin.slice(0, origin.indexOf('//')) + href;
    return origin + removeDotSegments(href.startsWith('/') ? href : folder + href);
  };
}

/** RFC 3986 §5.2.4, for a path with an optional query and fragment. */
function removeDotSegments(reference: string): string {
  const end = reference.search(/[?#]/);
  const path = end === -1 ? reference : reference.slice(0, end);
  const kept: string[] = [];
  const segments = path.split('/');
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    if (segment === '..') {
      if (kept.length > 1) kept.pop();
      if (isLast) kept.push('');
    } else if (segment !== '.') kept.push(segment);
    else if (isLast) kept.push('');
  }
  return kept.join('/') + (end === -1 ? '' : reference.slice(end));
}

function digestsOf(value: unknown): Record<string, string> {
  const digests: Record<string, string> = {};
  if (!isFields(value)) return digests;
  for (const [algorithm, digest] of Object.entries(value))
    if (typeof digest === 'string') {
      checkDigest(algorithm, digest);
      digests[algorithm] = digest.toLowerCase();
    }
  return digests;
}

function statusOf(value: unknown): ProjectPage['status'] {
  if (typeof value === 'string') return { status: value, reason: undefined };
  const status = isFields(value) ? textOf(value['status']) : undefined;
  return status === undefined || !isFields(value) ? undefined : { status, reason: textOf(value['reason']) };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}
