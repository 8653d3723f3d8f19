/** Email-style headers, as METADATA, PKG-INFO and WHEEL write them: `Name: value`, continued by lines that begin with a blank. */

export interface HeaderFields {
  /** Values by lower-case name, in the order of the lines. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** What follows the first empty line. */
  readonly body: string;
}

/** Split a text into its header fields and its body. Lines that are no field are passed over, as email readers do. */
export function parseHeaderFields(text: string): HeaderFields {
  const values = new Map<string, string[]>();
  let current: string[] | undefined;
  let position = text.startsWith('\uFEFF') ? 1 : 0;
  while (position < text.length) {
    const newline = text.indexOf('\n', position);
    const end = newline === -1 ? text.length : newline;
    const line = text.slice(position, text[end - 1] === '\r' ? end - 1 : end);
    position = end + 1;
    if (line === '') return { values, body: text.slice(position) };
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (current !== undefined) current[current.length - 1] += `\n${line.replace(/^(?: {7}\||\t| {8}| +)/, '')}`;
      continue;
    }
    current = addField(values, line) ?? current;
  }
  return { values, body: '' };
}

function addField(values: Map<string, string[]>, line: string): string[] | undefined {
  const border = line.indexOf(':');
  if (border < 1) return undefined;
  const name = line.slice(0, border).toLowerCase();
  const value = line.slice(border + 1).trim();
  const known = values.get(name);
  if (known !== undefined) {
    known.push(value);
    return known;
  }
  const fresh = [value];
  values.set(name, fresh);
  return fresh;
}
