/** One run of the command line: parse, prepare the session, run the command, turn what was thrown into words and a status. */
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { describeError } from './describe-error.ts';
import type { OptionValues } from './option-values.ts';
import { cacheOptions, globalOptions } from './options/global-options.ts';
import { findCommand, helpBeforeProgram, parseArguments } from './parse-command-line.ts';
import type { Invocation, ParsedCommand } from './parse-command-line.ts';
import { valuesWithSettings } from './load-settings.ts';
import { Reporter } from './reporter.ts';
import type { OutputStream } from './reporter.ts';
import { isFolder, projectFolder } from './session.ts';
import type { Session, Variables } from './session.ts';
import { createStyle, wantsColor } from './style.ts';
import { UsageError } from './usage-error.ts';
import { usageLine } from './usage-line.ts';

/** The parts of a process that a run needs; a test may hand in others. */
export interface HostProcess {
  readonly env: Variables;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly stdin: AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean };
  cwd(): string;
  on(event: 'SIGINT' | 'SIGTERM' | 'SIGHUP', listener: () => void): unknown;
  off(event: 'SIGINT' | 'SIGTERM' | 'SIGHUP', listener: () => void): unknown;
}

const STATUS_OF_SIGNAL = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Run the command that `words` name. @returns the exit status. */
export async function runCommandLine(words: readonly string[], host: HostProcess): Promise<number> {
  let reporter = new Reporter({ streams: host, variables: host.env, quiet: 0, verbose: 0, color: 'auto' });
  const interruption = watchSignals(host);
  try {
    const found = findCommand(words);
    if (found.rest.some((word) => word === '--version' || word === '-V') && found.path.length === 1)
      return await showVersion(host);
    const definition = await found.path.at(-1)?.load?.();
    const help = definition?.passesOn === true ? helpBeforeProgram(definition, found.rest) : found.help;
    const invocation = { ...found, help };
    if (invocation.help !== 'none' || definition === undefined) return await showHelp(invocation, host);
    const parsed = parseArguments(invocation, definition, host.env);
    reporter = reporterOf(parsed, host);
    for (const warning of parsed.warnings) reporter.warning(warning);
    const session = sessionOf({ parsed, host, reporter, words, interruption });
    const values =
      definition.settings === undefined
        ? await valuesWithSettings(session, parsed.values, invocation.path[1]?.name === 'pip')
        : parsed.values;
    return await definition.run({ values, words: parsed.words, rest: words }, session);
  } catch (error) {
    const status = interruption.status();
    if (status !== undefined) return status;
    return describeError(error, reporter);
  } finally {
    interruption.stop();
  }
}

function reporterOf({ values }: ParsedCommand, host: HostProcess): Reporter {
  return new Reporter({
    streams: host,
    variables: host.env,
    quiet: values.count('quiet'),
    verbose: values.count('verbose'),
    color: values.flag('noColor') ? 'never' : (values.choice('color', ['auto', 'always', 'never']) ?? 'auto'),
  });
}

interface SessionParts {
  readonly parsed: ParsedCommand;
  readonly host: HostProcess;
  readonly reporter: Reporter;
  readonly words: readonly string[];
  readonly interruption: Pick<Interruption, 'signal' | 'stop'>;
}

/** Where the command works. @throws {UsageError} for a `--directory` that is not there. */
function workingFolderOf(values: OptionValues, host: HostProcess): string {
  const written = values.text('directory');
  if (written === undefined) return host.cwd();
  const folder = resolve(host.cwd(), written);
  if (isFolder(folder)) return folder;
  throw new UsageError(`the directory '${written}' of '--directory <DIRECTORY>' does not exist`);
}

function sessionOf({ parsed, host, reporter, words, interruption }: SessionParts): Session {
  const session: Session = {
    variables: host.env,
    workingFolder: workingFolderOf(parsed.values, host),
    homeFolder: host.env['HOME'] ?? homedir(),
    reporter,
    commandLine: ['shoal', ...words.map(withoutSecrets)].join(' '),
    signal: interruption.signal,
    letSignalsPass: () => interruption.stop(),
    readStandardInput: () => readAll(host.stdin),
    get isOutputTerminal() {
      return host.stdout.isTTY === true;
    },
    get isInteractive() {
      return host.stdin.isTTY === true && host.stderr.isTTY === true;
    },
  };
  // Checked for every command, as a folder that is not there never is what was meant.
  projectFolder(session, parsed.values);
  return session;
}

/** What others are shown of a command must not carry passwords: `https://user:secret@host` loses what stands before the `@`. */
function withoutSecrets(word: string): string {
  return word.replace(/:\/\/[^/@\s]*@/, '://****@');
}

async function readAll(stream: AsyncIterable<Uint8Array | string>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function showVersion(host: HostProcess): Promise<number> {
  const { versionLine } = await import('./version.ts');
  host.stdout.write(`${versionLine(process.argv0, host.env['SHOAL_CALLED_AS'] ?? process.argv[1])}\n`);
  return 0;
}

/** A group was named without a command. */
function withoutCommand({ path, rest }: Invocation): UsageError {
  const usage = usageLine(path, undefined);
  const unknown = rest.find(
    (word) =>
      word.startsWith('-') &&
      ![...globalOptions.options, ...cacheOptions.options].some(({ long, short }) => word === long || word === short),
  );
  if (unknown !== undefined) return new UsageError(`unexpected argument '${unknown}' found`, undefined, usage);
  const children = (path.at(-1)?.children ?? []).filter(({ hidden }) => hidden !== true);
  const names = children.flatMap(({ name, aliases = [] }) => [name, ...aliases]).join(', ');
  const group = path.map(({ name }) => name).join(' ');
  return new UsageError(
    `'${group}' requires a subcommand but one was not provided\n  [subcommands: ${names}]`,
    undefined,
    usage,
  );
}

/** The documentation, on standard output. @throws {UsageError} when nobody asked for it: a group was named without a command. */
async function showHelp(invocation: Invocation, host: HostProcess): Promise<number> {
  if (invocation.help === 'none') throw withoutCommand(invocation);
  const { renderHelp } = await import('./render-help.ts');
  const { stdout } = host;
  const style = createStyle(wantsColor({ choice: 'auto', isTerminal: stdout.isTTY === true, variables: host.env }));
  const definition = await invocation.path.at(-1)?.load?.();
  const { path, help } = invocation;
  stdout.write(renderHelp({ path, definition, long: help === 'long', columns: stdout.columns ?? 100, style }));
  return 0;
}

interface Interruption {
  readonly signal: AbortSignal;
  /** The exit status that the first received signal asks for. */
  status(): number | undefined;
  stop(): void;
}

/** The first signal asks the work to end; a second one finds no listener and ends the process at once. */
function watchSignals(host: HostProcess): Interruption {
  const controller = new AbortController();
  let received: keyof typeof STATUS_OF_SIGNAL | undefined;
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const listeners = names.map((name) => ({
    name,
    listener: () => {
      received ??= name;
      stop();
      controller.abort();
    },
  }));
  const stop = (): void => {
    for (const { name, listener } of listeners) host.off(name, listener);
  };
  for (const { name, listener } of listeners) host.on(name, listener);
  return {
    signal: controller.signal,
    status: () => (received === undefined ? undefined : STATUS_OF_SIGNAL[received]),
    stop,
  };
}
