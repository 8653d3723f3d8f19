/** What may stand next on a command line: names of commands, options, or the values that an option takes. */
import { childNamed, rootCommand } from './command-table.ts';
import type { CommandEntry } from './command-table.ts';
import { cacheOptions, globalOptions } from './options/global-options.ts';
import type { OptionSpec } from './option-spec.ts';

export interface Candidate {
  readonly text: string;
  readonly description: string;
}

export interface Completions {
  readonly candidates: readonly Candidate[];
  /** Whether the shell should offer file names. */
  readonly completesFiles: boolean;
}

/** @param words the words after the program's name; the last one is being typed and may be empty. */
export async function completionsOf(words: readonly string[]): Promise<Completions> {
  const typed = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const entry = entryOf(before);
  const specs = await optionsOf(entry);
  const pending = specs.find(
    (spec) => spec.value !== undefined && [spec.short, spec.long, spec.alias].includes(before.at(-1) ?? ''),
  );
  if (pending !== undefined) return valuesOf(pending, typed, '');
  const assigned = /^(--[a-z-]+)=(.*)$/.exec(typed);
  const named = specs.find(({ long }) => long === assigned?.[1]);
  if (named !== undefined) return valuesOf(named, assigned?.[2] ?? '', `${named.long}=`);
  if (typed.startsWith('-'))
    return {
      candidates: specs
        .filter(({ hidden }) => hidden !== true)
        .map(optionCandidate)
        .filter(({ text }) => text.startsWith(typed)),
      completesFiles: false,
    };
  const children = (entry.children ?? []).filter(({ name, hidden }) => hidden !== true && name.startsWith(typed));
  return {
    candidates: children.map(({ name, summary }) => ({ text: name, description: summary })),
    completesFiles: entry.children === undefined,
  };
}

function entryOf(words: readonly string[]): CommandEntry {
  let entry = rootCommand;
  for (const word of words) entry = childNamed(entry, word) ?? entry;
  return entry;
}

async function optionsOf(entry: CommandEntry): Promise<readonly OptionSpec[]> {
  const definition = await entry.load?.();
  return [...(definition?.groups ?? [cacheOptions]), globalOptions].flatMap(({ options }) => options);
}

function valuesOf(spec: OptionSpec, typed: string, prefix: string): Completions {
  const choices = (spec.choices ?? []).filter((choice) => choice.startsWith(typed));
  return {
    candidates: choices.map((choice) => ({ text: prefix + choice, description: '' })),
    completesFiles: spec.choices === undefined,
  };
}

function optionCandidate({ long, description }: OptionSpec): Candidate {
  return { text: long, description };
}
