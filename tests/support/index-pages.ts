/** Project pages of the test index, as JSON (PEP 691, 700, 714) and as HTML (PEP 503, 592, 658). */

export interface PageFile {
  readonly filename: string;
  readonly sha256: string | undefined;
  readonly sizeBytes: number;
  readonly requiresPython: string | undefined;
  readonly yanked: string | boolean;
  readonly uploadTime: string | undefined;
  /** SHA-256 of the sidecar, `undefined` when none is offered. */
  readonly metadataSha256: string | undefined;
}

/** The page as `application/vnd.pypi.simple.v1+json`; file URLs are relative to the server's root. */
export function formatJsonPage(name: string, files: readonly PageFile[]): string {
  return JSON.stringify({
    meta: { 'api-version': '1.1' },
    name,
    versions: [],
    files: files.map((file) => ({
      filename: file.filename,
      url: `/files/${encodeURIComponent(file.filename)}`,
      hashes: file.sha256 === undefined ? {} : { sha256: file.sha256 },
      size: file.sizeBytes,
      ...(file.requiresPython === undefined ? {} : { 'requires-python': file.requiresPython }),
      yanked: file.yanked,
      ...(file.uploadTime === undefined ? {} : { 'upload-time': file.uploadTime }),
      'core-metadata': file.metadataSha256 === undefined ? false : { sha256: file.metadataSha256 },
    })),
  });
}

/** The page as `text/html`. */
export function formatHtmlPage(title: string, files: readonly PageFile[]): string {
  const links = files.map((file) => {
    const attributes = [
      `href="/files/${encodeURIComponent(file.filename)}${file.sha256 === undefined ? '' : `#sha256=${file.sha256}`}"`,
      ...(file.requiresPython === undefined ? [] : [`data-requires-python="${escapeHtml(file.requiresPython)}"`]),
      ...(file.yanked === false ? [] : [`data-yanked="${file.yanked === true ? '' : escapeHtml(file.yanked)}"`]),
      ...(file.metadataSha256 === undefined ? [] : [`data-core-metadata="sha256=${file.metadataSha256}"`]),
    ];
    return `<a ${attributes.join(' ')}>${escapeHtml(file.filename)}</a><br>`;
  });
  return `<!DOCTYPE html><html><head><meta name="pypi:repository-version" content="1.0"><title>${escapeHtml(title)}</title></head><body>\n${links.join('\n')}\n</body></html>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
