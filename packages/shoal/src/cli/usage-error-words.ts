/** Commander's complaints in uv's words. */
import type { CommanderError } from 'commander';
import type { CommandDefinition, CommandEntry } from './command-table.ts';
import type { OptionSpec } from './option-spec.ts';
import { similarWords } from './similar-words.ts';
import { UsageError } from './usage-error.ts';
import { usageLine } from './usage-line.ts';

interface Complaint {
  readonly path: readonly CommandEntry[];
  readonly definition: CommandDefinition;
  readonly specs: readonly OptionSpec[];
  /** The arguments that were given, options apart. */
  readonly words: readonly string[];
}

/** The usage error that says what commander found. */
export function usageErrorOf(error: CommanderError, { path, definition, specs, words }: Complaint): UsageError {
  const usage = usageLine(path, definition);
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  switch (error.code) {
    case 'commander.unknownOption':
      return unknownOption(quoted, specs, usage);
    case 'commander.optionMissingArgument': {
      const spec = specs.find(({ long }) => quoted.includes(long));
      return new UsageError(
        `a value is required for '${spec?.long ?? quoted} <${spec?.value ?? 'VALUE'}>' but none was supplied`,
      );
    }
    case 'commander.missingArgument':
      return new UsageError(
        `the following required arguments were not provided:\n  ${missingArguments(definition)}`,
        undefined,
        usage,
      );
    case 'commander.excessArguments':
      return new UsageError(`unexpected argument '${words[definition.arguments.length]}' found`, undefined, usage);
    default:
      return new UsageError(error.message.replace(/^error: /, ''));
  }
}

function missingArguments(definition: CommandDefinition): string {
  return definition.arguments
    .filter(({ required }) => required)
    .map(({ name, many }) => `<${name}>${many ? '...' : ''}`)
    .join(' ');
}

/** A switch that was given a value, an option that was mistyped, or one that nobody knows. */
function unknownOption(written: string, specs: readonly OptionSpec[], usage: string): UsageError {
  const [flag = '', value] = written.split(/=(.*)/s);
  if (value !== undefined && specs.some(({ long, alias }) => long === flag || alias === flag))
    return new UsageError(`unexpected value '${value}' for '${flag}' found; no more were expected`, undefined, usage);
  return new UsageError(`unexpected argument '${flag}' found`, similarOption(flag, specs), usage);
}

function similarOption(flag: string, specs: readonly OptionSpec[]): string {
  const shown = specs.flatMap(({ long, hidden }) => (hidden === true ? [] : [long.slice(2)]));
  const near = flag.startsWith('--') ? similarWords(flag.slice(2), shown).at(-1) : undefined;
  return near === undefined
    ? `to pass '${flag}' as a value, use '-- ${flag}'`
    : `a similar argument exists: '--${near}'`;
}
