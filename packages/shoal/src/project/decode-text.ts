/** Bytes of a requirements file as text: by byte order mark, else by a `coding:` comment (PEP 263), else UTF-8. */

const MARKS: readonly (readonly [readonly number[], string])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

/** As Python spells it; the platform's decoder takes most of these for another encoding, or for none. */
const LATIN_1 = /^(?:latin[-_]?1|l1|iso[-_]?8859[-_]?1|8859|cp819)$/i;

/** @throws {RangeError} for an encoding that is not known; {TypeError} with the code ERR_ENCODING_INVALID_ENCODED_DATA for bytes that do not fit it. */
export function decodeText(content: Uint8Array): string {
  const marked = MARKS.find(([mark]) => mark.every((byte, index) => content[index] === byte));
  const encoding = marked?.[1] ?? declaredEncoding(content) ?? 'utf-8';
  if (LATIN_1.test(encoding)) return Buffer.from(content).toString('latin1');
  return new TextDecoder(encoding as ConstructorParameters<typeof TextDecoder>[0], { fatal: true }).decode(content);
}

/** `# -*- coding: latin-1 -*-` on one of the first two lines. */
function declaredEncoding(content: Uint8Array): string | undefined {
  const head = Buffer.from(content.subarray(0, 512)).toString('latin1');
  const line = head
    .split(/\r\n|\n|\r/)
    .slice(0, 2)
    .find((one) => /^\s*#.*coding[:=]/.test(one));
  return line === undefined ? undefined : /coding[:=]\s*([-\w.]+)/.exec(line)?.[1];
}
