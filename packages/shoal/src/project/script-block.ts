/**
 * The metadata block of a script, taken out to be edited and put back: what stands before and after it stays byte for byte.
 *
 * @see https://peps.python.org/pep-0723/
 */
import { readScriptMetadata } from './script-metadata.ts';

export interface ScriptBlock {
  readonly before: string;
  /** The TOML of the block. */
  readonly toml: string;
  readonly after: string;
  /** The file's. */
  readonly newline: string;
}

/**
 * The block of a script; `undefined` when it has none.
 *
 * @param shown How messages name the file.
 * @throws {RequirementsFileError} for a block without an end, and for a second block.
 */
export function splitScript(text: string, shown: string): ScriptBlock | undefined {
  if (readScriptMetadata(text, shown) === undefined) return undefined;
  const lines = text.split(/(?<=\n)/);
  const bare = lines.map((line) => line.replace(/\r?\n$/, ''));
  const start = bare.findIndex((line) => /^# \/\/\/ script[ \t]*$/.test(line));
  const stop = bare.findIndex((line, index) => index > start && line !== '#' && !line.startsWith('# '));
  const end = bare.slice(0, stop === -1 ? undefined : stop).findLastIndex((line) => /^# \/\/\/[ \t]*$/.test(line));
  return {
    before: lines.slice(0, start).join(''),
    toml: bare
      .slice(start + 1, end)
      .map((line) => `${line.replace(/^# ?/, '')}\n`)
      .join(''),
    after: lines.slice(end + 1).join(''),
    newline: newlineOf(text),
  };
}

/** A script without a block as one with an empty list of dependencies, to be edited. */
export function newScriptBlock(text: string, requiresPython: string): ScriptBlock {
  const { shebang, rest } = splitShebang(text);
  // A comment right below would be taken for a part of the block.
  const after = /^#(?:[ \r\n]|$)/.test(rest) ? `\n${rest}` : rest;
  const newline = newlineOf(text);
  const before = shebang === '' ? '' : `${shebang}${newline}`;
  return { before, toml: metadataOf(requiresPython), after, newline };
}

/** The text of the script with another block. */
export function joinScript({ before, toml, after, newline }: ScriptBlock): string {
  return `${before}${blockText(toml).replaceAll('\n', newline)}${after}`;
}

/**
 * The text of a new script, or of one that gets its first block.
 *
 * @param existing What the file holds; `undefined` when there is none.
 */
export function newScriptText(
  name: string,
  {
    requiresPython,
    existing,
    bare,
  }: { readonly requiresPython: string; readonly existing: string | undefined; readonly bare: boolean },
): string {
  const block = blockText(metadataOf(requiresPython));
  if (existing !== undefined) {
    const { shebang, rest } = splitShebang(existing);
    return `${shebang === '' ? '' : `${shebang}\n#\n`}${block}\n${rest}`;
  }
  if (bare) return block;
  return `${block}

def main() -> None:
    print("Hello from ${name}!")


if __name__ == "__main__":
    main()
`;
}

/** The first line, when it names an interpreter. */
export function splitShebang(text: string): { readonly shebang: string; readonly rest: string } {
  const [, shebang, rest] = /^(#![^\r\n]*)(?:\r\n|\r|\n)?([\s\S]*)$/.exec(text) ?? [];
  return shebang === undefined || rest === undefined ? { shebang: '', rest: text } : { shebang, rest };
}

function metadataOf(requiresPython: string): string {
  return `requires-python = "${requiresPython}"\ndependencies = []\n`;
}

function newlineOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function blockText(toml: string): string {
  const lines = toml.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return `# /// script\n${lines.map((line) => (line === '' ? '#\n' : `# ${line}\n`)).join('')}# ///\n`;
}
