import { InvalidArchiveError } from './archive-errors.ts';
import type { ByteSource } from './zip-directory.ts';

/** A piece of an archive that has not been fetched. */
export class MissingPieceError extends Error {
  readonly code = 'MISSING_PIECE';
  readonly position: number;
  readonly length: number;

  constructor(position: number, length: number) {
    super(`bytes ${position} to ${position + length} are not here`);
    this.position = position;
    this.length = length;
  }
}

/** An archive of which some pieces are in memory. */
export class SparseArchive implements ByteSource {
  readonly sizeBytes: number;
  readonly #pieces: { readonly position: number; readonly bytes: Buffer }[] = [];

  constructor(sizeBytes: number) {
    this.sizeBytes = sizeBytes;
  }

  add(position: number, bytes: Buffer): void {
    this.#pieces.push({ position, bytes });
  }

  /** @throws {MissingPieceError} when the bytes are not all in one piece. */
  read(position: number, length: number): Buffer {
    if (position < 0 || position + length > this.sizeBytes)
      throw new InvalidArchiveError('truncated', 'the archive is shorter than its directory says');
    const piece = this.#pieces.find(
      (one) => one.position <= position && one.position + one.bytes.length >= position + length,
    );
    if (piece === undefined) throw new MissingPieceError(position, length);
    return piece.bytes.subarray(position - piece.position, position - piece.position + length);
  }
}
