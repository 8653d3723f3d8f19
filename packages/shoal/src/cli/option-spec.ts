/**
 * What one command-line option is: its spelling, its meaning, the variable that stands in for it, and how its text is checked.
 *
 * Options are data, so that help, completions, the variables' table and the parser all read the same list.
 */

/** One option. `variable` is the part after `SHOAL_` (and `UV_`, which is read where `SHOAL_` is unset). */
export interface OptionSpec {
  /** Key of the value, camelCase: `linkMode`. */
  readonly key: string;
  /** Short flag without a value, such as `-p`. */
  readonly short?: string;
  /** Long flag, such as `--python`. */
  readonly long: string;
  /** Second long spelling with the same meaning, not shown in help. */
  readonly alias?: string;
  /** Name of the value in help, such as `PATH`; absent for a switch. */
  readonly value?: string;
  /** Switches count how often they are given; values are collected in order. */
  readonly repeat?: boolean;
  /** Variable-borne lists are split at this; absent means the whole text is one value. */
  readonly separator?: ' ' | ',';
  readonly description: string;
  readonly variable?: string;
  readonly choices?: readonly string[];
  /** Other spellings of choices, understood and not shown: `reflink` for `clone`. */
  readonly choiceAliases?: Readonly<Record<string, string>>;
  /** Long flags that must not be given together with this one. */
  readonly conflicts?: readonly string[];
  readonly hidden?: boolean;
  /** Switches that take this one back (`--no-system`), not shown in help. Of those given, the last one counts. */
  readonly negations?: readonly string[];
  /** Understood, and refused wherever it is given: uv has it, this release has not. */
  readonly refusal?: OptionRefusal;
  /** Accepted with this warning, because it changes nothing or has a better spelling. */
  readonly warning?: string;
}

/** Why an option is refused, and what to do instead. */
export interface OptionRefusal {
  readonly message: string;
  readonly hint?: string;
}

/** A titled list of options, as help shows them. */
export interface OptionGroup {
  readonly title: string;
  readonly options: readonly OptionSpec[];
}

/** One positional argument. */
export interface ArgumentSpec {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly many: boolean;
}
