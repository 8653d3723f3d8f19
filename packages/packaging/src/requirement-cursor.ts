/** A place in the text of a requirement, and the complaints about what is found there. */
import { InvalidRequirementError } from './errors.ts';

export class RequirementCursor {
  readonly text: string;
  position = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The next character, whole where it takes two code units; empty at the end. */
  get next(): string {
    const code = this.text.codePointAt(this.position);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  skipSpace(): void {
    this.take(/\s*/y);
  }

  /** Steps over what the sticky `pattern` matches here, and returns it; empty when it does not match. */
  take(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    const taken = pattern.exec(this.text)?.[0] ?? '';
    this.position += taken.length;
    return taken;
  }

  fault(reason: string, span: { position?: number; length?: number; cause?: unknown } = {}): InvalidRequirementError {
    const { position = this.position, length = 1, cause } = span;
    return new InvalidRequirementError(reason, { text: this.text, position, length, cause });
  }
}
