/** An answer of an index made into files, by its content type: JSON (PEP 691) or HTML (PEP 503). */
import { parseProjectPageJson, PackagingError, projectPageOfAnchors, type ProjectFile } from '@shoal/packaging';
import { InvalidPageError, UnsupportedContentTypeError } from './index-errors.ts';

/** As pip and uv ask: JSON preferred, HTML accepted. */
export const PAGE_ACCEPT =
  'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01';

interface Anchor {
  readonly href: string;
  text: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The files of a page. @param pageUrl After redirects. @throws {InvalidPageError} {UnsupportedContentTypeError} */
export async function parsePage(
  content: Buffer,
  contentType: string,
  pageUrl: string,
): Promise<readonly ProjectFile[]> {
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  try {
    if (type === 'application/vnd.pypi.simple.v1+json' || type === 'application/json')
      return parseProjectPageJson(content.toString('utf8'), pageUrl).files;
    if (type === 'text/html' || type === 'application/vnd.pypi.simple.v1+html' || type === 'application/xhtml+xml')
      return await parseHtml(content.toString('utf8'), pageUrl);
  } catch (error) {
    if (error instanceof PackagingError || error instanceof SyntaxError) throw new InvalidPageError(pageUrl, error);
    throw error;
  }
  throw new UnsupportedContentTypeError(pageUrl, contentType);
}

/** The files that the links of an HTML page name. */
export async function parseHtml(html: string, pageUrl: string): Promise<readonly ProjectFile[]> {
  const { Parser } = await import('htmlparser2');
  const anchors: Anchor[] = [];
  let baseHref: string | undefined;
  let apiVersion: string | undefined;
  let open: Anchor | undefined;
  const parser = new Parser({
    onopentag(tag, attributes) {
      if (tag === 'base') baseHref ??= attributes['href'];
      if (tag === 'meta' && attributes['name'] === 'pypi:repository-version') apiVersion ??= attributes['content'];
      if (tag !== 'a' || attributes['href'] === undefined) return;
      open = { href: attributes['href'], text: '', attributes };
      anchors.push(open);
    },
    ontext(text) {
      if (open !== undefined) open.text += text;
    },
    onclosetag(tag) {
      if (tag === 'a') open = undefined;
    },
  });
  parser.end(html);
  return projectPageOfAnchors(anchors, { pageUrl, baseHref, apiVersion }).files;
}
