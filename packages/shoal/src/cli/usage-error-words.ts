/** Commander's complaints in uv's words. */
import type { CommanderError } from 'commander';
import type { CommandDefinition } from './command-table.ts';
import type { OptionSpec } from './option-spec.ts';
import { UsageError } from './usage-error.ts';

/** The usage error that says what commander found. */
export function usageErrorOf(
  error: CommanderError,
  definition: CommandDefinition,
  specs: readonly OptionSpec[],
): UsageError {
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  switch (error.code) {
    case 'commander.unknownOption':
      return new UsageError(`unexpected argument '${quoted}' found`, similarOption(quoted, specs));
    case 'commander.optionMissingArgument': {
      const spec = specs.find(({ long }) => quoted.includes(long));
      return new UsageError(
        `a value is required for '${spec?.long ?? quoted} <${spec?.value ?? 'VALUE'}>' but none was supplied`,
      );
    }
    case 'commander.missingArgument':
      return new UsageError(`the following required arguments were not provided:\n  ${missingArguments(definition)}`);
    case 'commander.excessArguments':
      return new UsageError('unexpected argument found: this command takes no more arguments');
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

function similarOption(flag: string, specs: readonly OptionSpec[]): string {
  const wanted = flag.replace(/=.*$/, '');
  const near = specs.find(
    ({ long, hidden }) => hidden !== true && wanted.length > 4 && (long.startsWith(wanted) || wanted.startsWith(long)),
  );
  return near === undefined
    ? `to pass '${flag}' as a value, use '-- ${flag}'`
    : `a similar argument exists: '${near.long}'`;
}
