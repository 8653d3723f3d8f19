/**
 * The errors of this package. Each says what is wrong with one text; the caller
 * knows, and adds, which file or flag the text came from.
 */

/** A text that does not follow the packaging standards. `code` is public API. */
export class PackagingError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** A project, extra or group name that is not a name (PEP 508). */
export class InvalidNameError extends PackagingError {
  constructor(text: string) {
    super(
      'INVALID_NAME',
      `Not a valid package or extra name: "${text}". Names must start and end with a letter or digit and may only contain -, _, ., and alphanumeric characters.`,
    );
  }
}

/** A version that does not follow PEP 440. */
export class InvalidVersionError extends PackagingError {
  constructor(message: string) {
    super('INVALID_VERSION', message);
  }
}

/** A version specifier, or a set of them, that does not follow PEP 440. */
export class InvalidSpecifierError extends PackagingError {
  /** UTF-16 offset in the parsed text where the part at fault begins, and its length. */
  readonly position: number;
  readonly length: number;
  /** The complaint without the echo of the text. */
  readonly reason: string;

  constructor(reason: string, fault: { text: string; position: number; length: number }) {
    super('INVALID_SPECIFIER', renderFault(`Failed to parse version: ${reason}:`, fault));
    this.reason = reason;
    this.position = fault.position;
    this.length = fault.length;
  }
}

/** An environment marker that does not follow PEP 508. */
export class InvalidMarkerError extends PackagingError {
  /** UTF-16 offset in the parsed text where the part at fault begins, and its length. */
  readonly position: number;
  readonly length: number;
  /** The complaint without the echo of the text. */
  readonly reason: string;

  constructor(reason: string, fault: { text: string; position: number; length: number }) {
    super('INVALID_MARKER', renderFault(reason, fault));
    this.reason = reason;
    this.position = fault.position;
    this.length = fault.length;
  }
}

/** A requirement that does not follow PEP 508. The message shows the text with carets below the part at fault. */
export class InvalidRequirementError extends PackagingError {
  readonly text: string;
  /** UTF-16 offset in `text` where the part at fault begins, and its length. */
  readonly position: number;
  readonly length: number;
  /** The complaint without the echo of the text. */
  readonly reason: string;

  constructor(reason: string, fault: { text: string; position: number; length: number; cause?: unknown }) {
    super('INVALID_REQUIREMENT', renderFault(reason, fault), fault.cause === undefined ? {} : { cause: fault.cause });
    this.reason = reason;
    this.text = fault.text;
    this.position = fault.position;
    this.length = fault.length;
  }
}

/** The complaint, the text, and a line of carets below the part at fault. */
export function renderFault(reason: string, fault: { text: string; position: number; length: number }): string {
  const indent = ' '.repeat(columnsOf(fault.text.slice(0, fault.position)));
  const marked = fault.text.slice(fault.position, fault.position + fault.length);
  return `${reason}\n${fault.text}\n${indent}${'^'.repeat(Math.max(columnsOf(marked), 1))}`;
}

/** How many columns of a terminal the text takes: wide East Asian characters and emoji take two. */
function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text)
    columns +=
      /[\u1100-\u115f\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\u{1f300}-\u{1faff}]/u.test(
        character,
      )
        ? 2
        : 1;
  return columns;
}
