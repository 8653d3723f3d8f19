import { OperationalError } from '@shoal/cache';

/** What is wrong with an archive, in one word that programs can rely on. */
export type ArchiveFault =
  | 'not-a-zip'
  | 'truncated'
  | 'unsafe-path'
  | 'duplicate'
  | 'link'
  | 'encrypted'
  | 'method'
  | 'mismatch'
  | 'wrong-crc'
  | 'wrong-size'
  | 'too-large'
  | 'overlap';

/** An archive is broken or hostile. Nothing of it is kept. */
export class InvalidArchiveError extends OperationalError {
  override readonly code = 'INVALID_ARCHIVE';
  readonly fault: ArchiveFault;
  /** The message without the entry's name. */
  readonly problem: string;
  /** The entry at fault, when it is one entry. */
  readonly entry: string | undefined;

  /** @param problem What is wrong; the message begins with the entry's name. */
  constructor(fault: ArchiveFault, problem: string, entry?: string) {
    super(entry === undefined ? problem : `\`${printable(entry)}\`: ${problem}`);
    this.fault = fault;
    this.problem = problem;
    this.entry = entry;
  }
}

/** A wheel's own files contradict each other, its name, or the standard. */
export class InvalidWheelError extends OperationalError {
  override readonly code = 'INVALID_WHEEL';
}

/** An archive could not be unpacked; the cause says why, the message which. */
export class UnpackError extends OperationalError {
  override readonly code = 'UNPACK_FAILED';
  readonly filename: string;

  constructor(filename: string, cause: unknown) {
    super(`Failed to extract archive: \`${filename}\``, {
      cause,
      hint: 'The file is broken where it was made or published; another version or index may have a sound one',
    });
    this.filename = filename;
  }
}

/** Names in hostile archives hold control characters; messages do not. */
function printable(text: string): string {
  return JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll('\\\\', '\\');
}
