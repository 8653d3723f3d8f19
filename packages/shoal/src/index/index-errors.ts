import { OperationalError } from '@shoal/cache';

/** An index answered with something that is no project page. */
export class InvalidPageError extends OperationalError {
  override readonly code = 'INVALID_PAGE';

  constructor(url: string, cause: unknown) {
    super(`Received some unexpected page from ${url}`, {
      cause,
      hint: 'Is this the URL of a package index? It often ends with `/simple`',
    });
  }
}

/** The type of an answer is neither JSON nor HTML. */
export class UnsupportedContentTypeError extends OperationalError {
  override readonly code = 'UNSUPPORTED_CONTENT_TYPE';

  constructor(url: string, contentType: string) {
    super(`Unsupported \`Content-Type\` "${contentType}" for ${url}. Expected JSON or HTML.`);
  }
}

/** A `--find-links` folder cannot be listed. */
export class FindLinksError extends OperationalError {
  override readonly code = 'FIND_LINKS';

  constructor(path: string, cause: unknown) {
    super(`Failed to read \`--find-links\` directory: ${path}`, { cause });
  }
}

/** The sidecar of a wheel is not the one that the index promised. */
export class MetadataHashError extends OperationalError {
  override readonly code = 'METADATA_HASH_MISMATCH';

  constructor(url: string, expected: string, computed: string) {
    super(`Hash mismatch for package metadata at \`${url}\`\n\nExpected:\n  ${expected}\n\nComputed:\n  ${computed}`);
  }
}
