/** Lines of a requirements file as pip joins them: a backslash at the end continues a line, ` #` begins a comment. */

export interface LogicalLine {
  readonly text: string;
  /** The line that it begins on, from 1. */
  readonly number: number;
  /** Where its text begins on that line, from 1. */
  readonly column: number;
}

/** All lines that say something. */
export function logicalLines(text: string): LogicalLine[] {
  const lines: LogicalLine[] = [];
  let parts: string[] = [];
  let start = 1;
  const flush = (): void => {
    const whole = withoutComment(parts.join(''));
    const trimmed = whole.trim();
    if (trimmed !== '')
      lines.push({ text: trimmed, number: start, column: whole.length - whole.trimStart().length + 1 });
    parts = [];
  };
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    if (parts.length === 0) start = index + 1;
    // A line of comment alone never continues; one that begins later swallows what the backslash joins to it, as in pip.
    const isComment = /^\s*#/.test(raw);
    if (isComment && parts.length > 0) continue;
    if (!isComment && raw.endsWith('\\')) parts.push(raw.slice(0, -1));
    else {
      parts.push(raw);
      flush();
    }
  }
  flush();
  return lines;
}

function withoutComment(line: string): string {
  return line.replace(/(^|\s)#.*$/, '$1');
}
