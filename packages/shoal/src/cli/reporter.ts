/**
 * The only place that writes to the terminal. Standard output is for data, standard error for everything else; `-q` silences
 * what is not an error, `-v` adds the steps that the workflows announce.
 */
import { createStyle, wantsColor } from './style.ts';
import type { ColorFacts, Style } from './style.ts';

/** A stream as the reporter needs it. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Where a reporter writes. A runtime makes its streams when they are first read, which a silent command never does. */
export interface OutputStreams {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

interface ReporterOptions {
  readonly streams: OutputStreams;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly quiet: number;
  readonly verbose: number;
  readonly color: 'auto' | 'always' | 'never';
}

/** Writes lines for people and data for programs. */
export class Reporter {
  readonly verbose: number;
  readonly quiet: number;
  readonly #streams: OutputStreams;
  readonly #color: Omit<ColorFacts, 'isTerminal'>;
  #style: Style | undefined;
  #outStyle: Style | undefined;
  readonly #warned: Set<string> = new Set();
  /** Called before a line is printed, so that a progress display can step aside. */
  onBeforeLine: () => void = () => {};

  constructor({ streams, variables, quiet, verbose, color }: ReporterOptions) {
    this.#streams = streams;
    this.quiet = quiet;
    this.verbose = verbose;
    this.#color = { choice: color, variables };
  }

  get style(): Style {
    return (this.#style ??= this.#styleOf(this.#streams.stderr));
  }

  get outStyle(): Style {
    return (this.#outStyle ??= this.#styleOf(this.#streams.stdout));
  }

  #styleOf({ isTTY }: OutputStream): Style {
    return createStyle(wantsColor({ ...this.#color, isTerminal: isTTY === true }));
  }

  /** Data: goes to standard output as it is, whatever the verbosity, unless `-qq`. */
  data(text: string): void {
    if (this.quiet > 1 || text === '') return;
    this.onBeforeLine();
    this.#streams.stdout.write(text);
  }

  /** One line for people. */
  line(text: string): void {
    if (this.quiet > 0) return;
    this.#write(`${text}\n`);
  }

  /** A warning, once for the same text. */
  warning(text: string): void {
    if (this.quiet > 0 || this.#warned.has(text)) return;
    this.#warned.add(text);
    this.#write(`${this.style.warning('warning')}${this.style.bold(':')} ${text}\n`);
  }

  /** A step of the work, shown with `-v`. */
  debug(text: string): void {
    if (this.verbose > 0) this.#write(`${this.style.dim('DEBUG')} ${text}\n`);
  }

  /** An error and what is known of its causes; shown even with `-q`, but not with `-qq`. */
  error(
    message: string,
    details: { readonly causes?: readonly string[]; readonly hint?: string | undefined } = {},
  ): void {
    if (this.quiet > 1) return;
    const lines = [`${this.style.error('error')}${this.style.bold(':')} ${message}`];
    for (const cause of details.causes ?? [])
      lines.push(
        `  ${this.style.error('cause')}${this.style.bold(':')} ${cause.replaceAll(/\n(?=.)/g, '\n         ')}`,
      );
    if (details.hint !== undefined) lines.push('', `${this.style.hint('hint')}${this.style.bold(':')} ${details.hint}`);
    this.#write(`${lines.join('\n')}\n`);
  }

  /** Text as it is, to standard error, whatever the verbosity: what `onBeforeLine` listeners and progress displays write. */
  raw(text: string): void {
    this.#streams.stderr.write(text);
  }

  /** Whether moving text makes sense: a terminal with room for it, not silenced, and not one that cannot move its cursor. */
  canAnimate(variables: Readonly<Record<string, string | undefined>>): boolean {
    if (this.quiet > 0 || variables['TERM'] === 'dumb') return false;
    return this.#streams.stderr.isTTY === true && this.columns >= 20;
  }

  get columns(): number {
    return this.#streams.stderr.columns ?? 0;
  }

  /** Whatever is said, and however it came about: no password of a URL is shown. */
  #write(text: string): void {
    this.onBeforeLine();
    this.#streams.stderr.write(withoutPasswords(text));
  }
}

function withoutPasswords(text: string): string {
  return text.replaceAll(/(:\/\/[^\s/?#@:`']*):[^\s/?#@`']*@/g, '$1:****@');
}
