/** Limits for what archives unpack to, so that unpacking ends with a bounded disk use. */

/** More entries than any known distribution by a factor of five. */
export const MAX_ENTRIES = 250_000;
/** Unpacked bytes of one archive: at least this many are allowed, whatever its size. */
export const MAX_UNPACKED_BYTES: number = 4 * 1024 ** 3;
/** Beyond `MAX_UNPACKED_BYTES`: unpacked bytes for each byte of the archive. Deflate can reach 1032. */
export const MAX_EXPANSION = 100;
/** Bytes of a path; longer ones cannot be made on common systems. */
export const MAX_PATH_BYTES = 4096;
