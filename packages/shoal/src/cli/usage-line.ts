/** How a command is called, on one line: `shoal venv [OPTIONS] [PATH]`. */
import type { CommandDefinition, CommandEntry } from './command-table.ts';
import type { ArgumentSpec } from './option-spec.ts';

/** @param definition absent for a group of commands. */
export function usageArguments(definition: CommandDefinition | undefined): string {
  return definition === undefined
    ? '[OPTIONS] <COMMAND>'
    : ['[OPTIONS]', ...definition.arguments.map(shownArgument)].join(' ');
}

export function usageLine(path: readonly CommandEntry[], definition: CommandDefinition | undefined): string {
  return `${path.map(({ name }) => name).join(' ')} ${usageArguments(definition)}`;
}

/** `<PACKAGE>...` when it is required, `[PATH]` when it is not. */
export function shownArgument({ name, required, many }: ArgumentSpec): string {
  const dots = many ? '...' : '';
  return required ? `<${name}>${dots}` : `[${name}]${dots}`;
}
