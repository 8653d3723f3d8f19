/**
 * From the words of the command line to one command, its merged option values and its arguments.
 *
 * The path of sub-commands is found first; then commander parses the rest with that command's options alone, so that global
 * options may stand before or after the command's name.
 */
import { Command, CommanderError, Option } from 'commander';
import { childNamed, rootCommand, unavailableCommands } from './command-table.ts';
import type { CommandDefinition, CommandEntry } from './command-table.ts';
import { cacheOptions, globalOptions } from './options/global-options.ts';
import type { OptionGroup, OptionSpec } from './option-spec.ts';
import { optionsInWords } from './options-in-words.ts';
import { OptionValues } from './option-values.ts';
import { RefusedOptionError } from './refused-option-error.ts';
import { usageErrorOf } from './usage-error-words.ts';
import { similarWords } from './similar-words.ts';
import { UsageError } from './usage-error.ts';
import { usageLine } from './usage-line.ts';
import { valueOfVariable } from './variable-values.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

/** One understood command line. `help` means that only the command's documentation is wanted. */
export interface Invocation {
  readonly path: readonly CommandEntry[];
  readonly rest: readonly string[];
  readonly help: 'none' | 'short' | 'long';
}

export interface ParsedCommand {
  readonly definition: CommandDefinition;
  readonly values: OptionValues;
  readonly words: readonly string[];
  /** What is to be said of the options that were given. */
  readonly warnings: readonly string[];
}

/** Find the command that `words` (argv without the program) name. @throws {UsageError} for a word that names no command. */
export function findCommand(words: readonly string[]): Invocation {
  const path: CommandEntry[] = [rootCommand];
  const rest: string[] = [];
  let index = 0;
  for (; index < words.length && path.at(-1)?.children !== undefined; index += 1) {
    const word = words[index] ?? '';
    if (word === '--') break;
    if (word.startsWith('-')) {
      rest.push(word);
      if (takesValue(word)) rest.push(valueAfter(words, (index += 1)));
      continue;
    }
    path.push(childOf(path, word));
  }
  rest.push(...words.slice(index));
  return { path, rest, help: path.at(-1)?.passesOn === true ? 'none' : helpWanted(rest) };
}

function childOf(path: readonly CommandEntry[], word: string): CommandEntry {
  const parent = path.at(-1) ?? rootCommand;
  const child = childNamed(parent, word);
  if (child !== undefined) return child;
  const written = [...path.slice(1).map(({ name }) => name), word].join(' ');
  if (unavailableCommands.includes(written))
    throw new UsageError(
      `\`shoal ${written}\` is not available in this release`,
      'run `shoal help` for the commands that are',
    );
  const near = similarWords(
    word,
    (parent.children ?? []).flatMap(({ name, hidden }) => (hidden === true ? [] : [name])),
  );
  const [only] = near;
  const tip =
    near.length > 1
      ? `some similar subcommands exist: ${near.map((name) => `'${name}'`).join(', ')}`
      : only && `a similar subcommand exists: '${only}'`;
  throw new UsageError(`unrecognized subcommand '${word}'`, tip, usageLine(path, undefined));
}

/** What help the command's own words ask for, when another program's follow. */
export function helpBeforeProgram(definition: CommandDefinition, rest: readonly string[]): Invocation['help'] {
  return helpWanted(splitAtProgram(rest, specsOf(definition)).own);
}

function helpWanted(rest: readonly string[]): Invocation['help'] {
  const end = rest.indexOf('--');
  const flags = end === -1 ? rest : rest.slice(0, end);
  if (flags.includes('--help')) return 'long';
  return flags.includes('-h') ? 'short' : 'none';
}

const leadingValueFlags: ReadonlySet<string> = new Set(
  [...globalOptions.options, ...cacheOptions.options]
    .filter(({ value }) => value !== undefined)
    .flatMap(({ short, long }) => [short ?? long, long]),
);

function valueAfter(words: readonly string[], index: number): string {
  const value = words[index];
  if (value !== undefined) return value;
  throw new UsageError(`a value is required for '${words[index - 1]}' but none was supplied`);
}

function takesValue(word: string): boolean {
  return leadingValueFlags.has(word);
}

/** Every group of options that a command understands, its own first. */
function allGroups(definition: CommandDefinition): readonly OptionGroup[] {
  const own = new Set(definition.groups.flatMap(({ options }) => options.map(({ long }) => long)));
  return [
    ...definition.groups,
    { ...globalOptions, options: globalOptions.options.filter(({ long }) => !own.has(long)) },
  ];
}

/** Parse the words after the command's name. @throws {UsageError} {RefusedOptionError} */
export function parseArguments(
  invocation: Invocation,
  definition: CommandDefinition,
  variables: Variables,
): ParsedCommand {
  const specs = specsOf(definition);
  const { own, program } =
    definition.passesOn === true ? splitAtProgram(invocation.rest, specs) : { own: invocation.rest, program: [] };
  const collected = new Map<string, string[]>();
  const command = commanderCommand(definition, optionsInWords(specs, own), collected);
  try {
    command.parse([...own], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError)
      throw usageErrorOf(error, { path: invocation.path, definition, specs, words: command.args });
    throw error;
  }
  const given = specs.filter(({ key }) => isOn(collected.get(key)));
  const refused = given.find(({ refusal }) => refusal !== undefined)?.refusal;
  if (refused !== undefined) throw new RefusedOptionError(refused);
  refuseConflicts(given, collected);
  const values = mergeVariables(specs, collected, variables);
  const warnings = given.flatMap(({ warning }) => warning ?? []);
  return { definition, values, words: [...command.args, ...program], warnings };
}

function specsOf(definition: CommandDefinition): readonly OptionSpec[] {
  return allGroups(definition).flatMap(({ options }) => options);
}

/** The words up to the first one that is neither an option nor an option's value, and those from there on; `--` parts them as well. */
function splitAtProgram(
  words: readonly string[],
  specs: readonly OptionSpec[],
): { readonly own: readonly string[]; readonly program: readonly string[] } {
  const taking = new Set(
    specs.flatMap(({ value, long, short, alias }) => (value === undefined ? [] : [long, short, alias])),
  );
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word === '--') return { own: words.slice(0, index), program: words.slice(index + 1) };
    if (!word.startsWith('-') || word === '-') return { own: words.slice(0, index), program: words.slice(index) };
    const spelling = word.startsWith('--') ? word : `-${word.at(-1)}`;
    const isBundle = !word.startsWith('--') && word.length > 2 && taking.has(word.slice(0, 2));
    if (taking.has(spelling) && !isBundle) index += 1;
  }
  return { own: words, program: [] };
}

function commanderCommand(
  definition: CommandDefinition,
  specs: readonly OptionSpec[],
  collected: Map<string, string[]>,
): Command {
  const command = new Command()
    .exitOverride()
    .helpOption(false)
    .configureOutput({ writeErr: () => {}, writeOut: () => {} })
    .allowExcessArguments(true);
  for (const spec of specs) addOption(command, spec, collected);
  for (const { name, required, many } of definition.arguments) {
    const shown = many ? `${name}...` : name;
    command.argument(required ? `<${shown}>` : `[${shown}]`);
  }
  if (!definition.arguments.some(({ many }) => many)) command.allowExcessArguments(false);
  return command;
}

function addOption(command: Command, spec: OptionSpec, collected: Map<string, string[]>): void {
  const value = spec.value === undefined ? '' : ` <${spec.value}>`;
  const spellings = [
    spec.short === undefined ? spec.long : `${spec.short}, ${spec.long}`,
    ...(spec.alias === undefined ? [] : [spec.alias]),
  ];
  for (const spelling of spellings) {
    const option = new Option(`${spelling}${value}`);
    // Commander turns `--no-x` into the negation of `x`; here each spelling is an option of its own.
    option.negate = false;
    option.attributeName = () => option.name();
    command.addOption(option);
    command.on(`option:${option.name()}`, (text: string | null) => collect(collected, spec, text ?? undefined));
  }
  for (const negation of spec.negations ?? []) {
    const option = new Option(negation);
    option.negate = false;
    option.attributeName = () => option.name();
    command.addOption(option);
    // Present and empty: it was given, so that no variable may switch it on again.
    command.on(`option:${option.name()}`, () => collected.set(spec.key, []));
  }
}

/** Given, and not taken back by its negation. */
function isOn(collected: readonly string[] | undefined): boolean {
  return collected !== undefined && collected.length > 0;
}

function collect(collected: Map<string, string[]>, spec: OptionSpec, text: string | undefined): void {
  const checked = spec.value === undefined ? 'true' : checkedChoice(spec, text ?? '');
  const before = collected.get(spec.key) ?? [];
  // Taken out first: the keys stand in the order in which they were given last.
  collected.delete(spec.key);
  collected.set(spec.key, [...before, checked]);
}

function checkedChoice(spec: OptionSpec, text: string): string {
  if (spec.choices === undefined || spec.choices.includes(text)) return text;
  const alias = spec.choiceAliases?.[text];
  if (alias !== undefined) return alias;
  throw new UsageError(
    `invalid value '${text}' for '${spec.long} <${spec.value}>'\n  [possible values: ${spec.choices.join(', ')}]`,
  );
}

function refuseConflicts(given: readonly OptionSpec[], collected: ReadonlyMap<string, readonly string[]>): void {
  for (const spec of given) {
    const other = given.find(({ long }) => spec.conflicts?.includes(long) === true);
    if (other !== undefined)
      throw new UsageError(`the argument '${written(spec)}' cannot be used with '${written(other)}'`);
    if (spec.repeat !== true && spec.value !== undefined && (collected.get(spec.key)?.length ?? 0) > 1) {
      throw new UsageError(`the argument '${written(spec)}' cannot be used multiple times`);
    }
  }
}

function written(spec: OptionSpec): string {
  return spec.value === undefined ? spec.long : `${spec.long} <${spec.value}>`;
}

function mergeVariables(
  specs: readonly OptionSpec[],
  collected: ReadonlyMap<string, readonly string[]>,
  variables: Variables,
): OptionValues {
  const merged = new Map<string, string | number | readonly string[]>();
  for (const spec of specs) {
    const given = collected.get(spec.key);
    const value = given === undefined ? valueOfVariable(spec, variables, collected) : mergedValue(spec, given);
    if (value !== undefined) merged.set(spec.key, value);
  }
  return new OptionValues(new Map(specs.map((spec) => [spec.key, spec])), merged, new Set(collected.keys()));
}

function mergedValue(spec: OptionSpec, given: readonly string[]): number | string | readonly string[] | undefined {
  if (spec.value === undefined) return given.length;
  return spec.repeat === true ? given : given.at(-1);
}
