import type { BrotliDecompress, Gunzip, Inflate } from 'node:zlib';

/** `body` with its content encoding undone; bodies without one pass through untouched. @throws when the encoding is unknown or the data is damaged. */
export function decodeBody(body: AsyncIterable<Uint8Array>, encoding: string | undefined): AsyncIterable<Uint8Array> {
  const name = encoding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity') return body;
  return decoded(body, name);
}

async function* decoded(body: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<Uint8Array> {
  const { Readable } = await import('node:stream');
  const source = Readable.from(body, { objectMode: false });
  const decoder = await createDecoder(encoding);
  source.on('error', (error) => decoder.destroy(error));
  source.pipe(decoder);
  try {
    yield* decoder;
  } finally {
    source.destroy();
  }
}

async function createDecoder(encoding: string): Promise<BrotliDecompress | Gunzip | Inflate> {
  const zlib = await import('node:zlib');
  if (encoding === 'gzip' || encoding === 'x-gzip') return zlib.createGunzip();
  if (encoding === 'deflate') return zlib.createInflate();
  if (encoding === 'br') return zlib.createBrotliDecompress();
  throw new Error(`unknown content encoding ${encoding}`);
}
