/** Help texts, laid out and grouped as uv lays out its own. */
import type { CommandDefinition, CommandEntry } from './command-table.ts';
import { cacheOptions, globalOptions } from './options/global-options.ts';
import type { OptionGroup, OptionSpec } from './option-spec.ts';
import type { Style } from './style.ts';
import { shownArgument, usageArguments } from './usage-line.ts';

interface HelpInput {
  readonly path: readonly CommandEntry[];
  readonly definition: CommandDefinition | undefined;
  readonly long: boolean;
  readonly columns: number;
  readonly style: Style;
}

const HELP_OPTION: OptionSpec = {
  key: 'help',
  short: '-h',
  long: '--help',
  description: 'Display the concise help for this command',
};
const VERSION_OPTION: OptionSpec = {
  key: 'version',
  short: '-V',
  long: '--version',
  description: 'Display the shoal version',
};

/** The documentation of a command, or of a group of commands. */
export function renderHelp(input: HelpInput): string {
  const { path, definition } = input;
  const entry = path.at(-1);
  const parts = [
    entry?.summary ?? '',
    '',
    usageRow(input),
    ...(definition === undefined ? commandList(input) : argumentList(input, definition)),
  ];
  const groups = [...(definition?.groups ?? [cacheOptions]), globalOptions];
  for (const group of groups) parts.push(...optionGroup(input, group, group === globalOptions));
  const name = path.map((one) => one.name).join(' ');
  parts.push(
    '',
    definition === undefined
      ? 'Use `shoal help <command>` for more information on a specific command.'
      : `Use \`${name.replace('shoal', 'shoal help')}\` for more details.`,
  );
  return `${parts.join('\n')}\n`;
}

function usageRow({ path, definition, style }: HelpInput): string {
  const name = path.map((entry) => entry.name).join(' ');
  return `${style.title('Usage:')} ${style.name(name)} ${usageArguments(definition)}`;
}

function commandList({ path, style, columns }: HelpInput): string[] {
  const children = (path.at(-1)?.children ?? []).filter(({ hidden }) => hidden !== true);
  const width = Math.max(...children.map(({ name }) => name.length)) + 2;
  return [
    '',
    style.title('Commands:'),
    ...children.map(({ name, summary }) => `  ${style.name(name.padEnd(width))}${wrap(summary, columns, width + 2)}`),
  ];
}

function argumentList({ style, columns }: HelpInput, definition: CommandDefinition): string[] {
  if (definition.arguments.length === 0) return [];
  const rows = definition.arguments.map(
    (argument) => `  ${style.value(shownArgument(argument))}\n          ${wrap(argument.description, columns, 10)}`,
  );
  return ['', style.title('Arguments:'), ...rows];
}

function optionGroup(input: HelpInput, group: OptionGroup, isGlobal: boolean): string[] {
  const extra = isGlobal ? [HELP_OPTION, ...(input.path.length === 1 ? [VERSION_OPTION] : [])] : [];
  const options = [...group.options, ...extra].filter(({ hidden }) => hidden !== true);
  if (options.length === 0) return [];
  return ['', input.style.title(`${group.title}:`), ...options.map((spec) => optionRow(input, spec))];
}

function optionRow({ style, columns, long }: HelpInput, spec: OptionSpec): string {
  const short = spec.short === undefined ? '    ' : `${spec.short}, `;
  const value = spec.value === undefined ? '' : ` <${spec.value}>`;
  const notes = [
    spec.variable === undefined ? '' : ` [env: SHOAL_${spec.variable}=]`,
    spec.choices === undefined ? '' : ` [possible values: ${spec.choices.join(', ')}]`,
  ].join('');
  const gap = long ? '\n' : '';
  return `  ${style.name(short)}${style.name(spec.long)}${style.value(value)}\n          ${wrap(spec.description + notes, columns, 10)}${gap}`;
}

function wrap(text: string, columns: number, indent: number): string {
  const width = Math.max(30, Math.min(columns, 100) - indent);
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join(`\n${' '.repeat(indent)}`);
}
