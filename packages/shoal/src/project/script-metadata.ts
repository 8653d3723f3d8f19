/**
 * Inline script metadata: the `# /// script` block of a Python file.
 *
 * @see https://peps.python.org/pep-0723/
 */
import { RequirementsFileError } from './requirement-errors.ts';

const OPENING = /^# \/\/\/ script[ \t]*$/;
const CLOSING = /^# \/\/\/[ \t]*$/;

/** Whether `text` opens a block of script metadata. */
export function hasScriptMetadata(text: string): boolean {
  return text.includes('# /// script') && text.split(/\r\n|\n|\r/).some((line) => OPENING.test(line));
}

/**
 * The TOML of the block; `undefined` when there is none.
 *
 * @param shown How messages name the file.
 * @throws {RequirementsFileError} for a block without an end, and for a second block.
 */
export function readScriptMetadata(text: string, shown: string): string | undefined {
  const lines = text.split(/\r\n|\n|\r/);
  const start = lines.findIndex((line) => OPENING.test(line));
  if (start === -1) return undefined;
  const block = commentsFrom(lines, start + 1);
  const end = block.findLastIndex((line) => CLOSING.test(line));
  if (end === -1)
    throw new RequirementsFileError(
      shown,
      `An opening tag (\`# /// script\`) was found in \`${shown}\` (line ${start + 1}) without a closing tag (\`# ///\`)`,
      { hint: 'Every line between the two, empty ones included, starts with `#`' },
    );
  if (lines.slice(start + end + 2).some((line) => OPENING.test(line)))
    throw new RequirementsFileError(shown, `\`${shown}\` has more than one \`# /// script\` block`, {
      hint: 'Join them into one',
    });
  // Empty lines in front, so that parsers name the lines of the file.
  return '\n'.repeat(start + 1) + block.slice(0, end).map(withoutHash).join('\n');
}

function commentsFrom(lines: readonly string[], start: number): readonly string[] {
  const end = lines.findIndex((line, index) => index >= start && line !== '#' && !line.startsWith('# '));
  return lines.slice(start, end === -1 ? undefined : end);
}

function withoutHash(line: string): string {
  return line.replace(/^# ?/, '');
}
