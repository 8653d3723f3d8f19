/** Colours: decided once for a stream, then plain functions from text to text. */
import type { styleText as StyleText } from 'node:util';

/** How kinds of text are shown. Without colour every function gives its text back. */
export interface Style {
  readonly isColored: boolean;
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly hint: (text: string) => string;
  readonly title: (text: string) => string;
  readonly name: (text: string) => string;
  readonly value: (text: string) => string;
  readonly added: (text: string) => string;
  readonly removed: (text: string) => string;
  readonly changed: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly italic: (text: string) => string;
}

export interface ColorFacts {
  readonly choice: 'auto' | 'always' | 'never';
  readonly isTerminal: boolean;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Whether to colour: `--color` decides, else NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, and whether the stream is a terminal. */
export function wantsColor({ choice, isTerminal, variables }: ColorFacts): boolean {
  if (choice !== 'auto') return choice === 'always';
  if (isSet(variables['NO_COLOR'])) return false;
  if (isSet(variables['FORCE_COLOR']) || isSet(variables['CLICOLOR_FORCE'])) return true;
  return isTerminal && variables['TERM'] !== 'dumb';
}

function isSet(text: string | undefined): boolean {
  return text !== undefined && text !== '';
}

type Format = Parameters<typeof StyleText>[0];

function plain(text: string): string {
  return text;
}

/** `node:util` is loaded for colours alone: it costs some milliseconds, and most output has none. */
function painter(formats: readonly Format[]): (text: string) => string {
  return (text) => {
    const { styleText } = process.getBuiltinModule('node:util');
    return formats.reduce((painted, format) => styleText(format, painted, { validateStream: false }), text);
  };
}

/** The style of a stream that is coloured or not. */
export function createStyle(isColored: boolean): Style {
  const paint = (...formats: Format[]): ((text: string) => string) => (isColored ? painter(formats) : plain);
  return {
    isColored,
    error: paint('bold', 'red'),
    warning: paint('bold', 'yellow'),
    hint: paint('bold', 'cyan'),
    title: paint('bold', 'green'),
    name: paint('bold', 'cyan'),
    value: paint('cyan'),
    added: paint('green'),
    removed: paint('red'),
    changed: paint('yellow'),
    bold: paint('bold'),
    dim: paint('dim'),
    italic: paint('italic'),
  };
}
