/**
 * The values of one command's options after flags, variables and configuration were merged. Reading a key that the command
 * does not declare is a defect and throws.
 */
import type { Settings } from '../project/settings/settings.ts';
import { UsageError } from './usage-error.ts';
import type { OptionSpec } from './option-spec.ts';

type RawValue = string | number | readonly string[];

/** Options that mean something else where a project is edited. */
const REPLACED: ReadonlySet<string> = new Set(['extra', 'group', 'dev', 'package']);

/** Typed access to merged option values. Absent text is `undefined`, absent lists are empty, absent switches are false. */
export class OptionValues {
  readonly #specs: ReadonlyMap<string, OptionSpec>;
  readonly #values: ReadonlyMap<string, RawValue>;
  readonly #given: ReadonlySet<string>;
  /** Of configuration files; `undefined` when there are none. */
  readonly settings: Settings | undefined;

  /** @param given keys that came from the command line itself rather than from a variable, in the order of their last place. */
  constructor(
    specs: ReadonlyMap<string, OptionSpec>,
    values: ReadonlyMap<string, RawValue>,
    given: ReadonlySet<string>,
    settings?: Settings,
  ) {
    this.#specs = specs;
    this.#values = values;
    this.#given = given;
    this.settings = settings;
  }

  /** Whether a switch is on. */
  flag(key: string): boolean {
    return this.count(key) > 0;
  }

  /** Whether a switch was set either way (`--x` or `--no-x`), or undefined when neither was. */
  toggle(on: string, off: string): boolean | undefined {
    if (this.flag(on)) return true;
    return this.flag(off) ? false : undefined;
  }

  /** How often a switch was given. */
  count(key: string): number {
    const value = this.#read(key);
    if (typeof value === 'number') return value;
    return value === undefined ? 0 : value.length;
  }

  text(key: string): string | undefined {
    const value = this.#read(key);
    if (value === undefined || typeof value === 'string') return value;
    return typeof value === 'number' ? String(value) : value.at(-1);
  }

  list(key: string): readonly string[] {
    const value = this.#read(key);
    if (value === undefined) return [];
    return typeof value === 'object' ? value : [String(value)];
  }

  /** A text that must be one of `choices`, which the parser has checked already. */
  choice<const Choice extends string>(key: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.text(key);
    return choices.find((choice) => choice === value);
  }

  /** A whole number of at least zero. @throws {UsageError} when the text is something else. */
  integer(key: string): number | undefined {
    const value = this.text(key);
    if (value === undefined) return undefined;
    if (!/^\d{1,9}$/.test(value)) {
      throw new UsageError(`invalid value '${value}' for '${this.shown(key)}': invalid digit found in string`);
    }
    return Number(value);
  }

  /** How usage errors name the option: `--depth <DEPTH>`. */
  shown(key: string): string {
    const spec = this.#specs.get(key);
    return `${spec?.long ?? key}${spec?.value === undefined ? '' : ` <${spec.value}>`}`;
  }

  /** Whether the option stood on the command line. */
  isGiven(key: string): boolean {
    return this.#given.has(key);
  }

  /** The one of `keys` that stood last on the command line; `undefined` when none did. */
  lastGiven(keys: readonly string[]): string | undefined {
    return [...this.#given].findLast((key) => keys.includes(key));
  }

  /** The same values, but for one text; `undefined` takes it away. */
  withText(key: string, text: string | undefined): OptionValues {
    const values = new Map(this.#values);
    if (text === undefined) values.delete(key);
    else values.set(key, text);
    return new OptionValues(this.#specs, values, this.#given, this.settings);
  }

  /** The same values, with what settings say where nothing else does. @param read tells what the settings say of an option. */
  withSettings(
    settings: Settings,
    read: (spec: OptionSpec, settings: Settings, current: RawValue | undefined) => RawValue | undefined,
  ): OptionValues {
    const values = new Map(this.#values);
    const on = [...this.#specs.values()].filter(({ key }) => this.#given.has(key)).map(({ long }) => long);
    for (const spec of this.#specs.values()) {
      if (spec.conflicts?.some((long) => on.includes(long)) === true) continue;
      const value = read(spec, settings, values.get(spec.key));
      if (value !== undefined) values.set(spec.key, value);
    }
    return new OptionValues(this.#specs, values, this.#given, settings);
  }

  /** The same values, but for the options of `specs`: these have the values of `chosen`, and what variables say of others. */
  withOthers(specs: readonly OptionSpec[], chosen: ReadonlyMap<string, RawValue>): OptionValues {
    const keys = new Set(specs.map(({ key }) => key));
    const kept = <Value>(map: ReadonlyMap<string, Value>): [string, Value][] =>
      [...map].filter(([key]) => !REPLACED.has(key) || !keys.has(key));
    return new OptionValues(
      new Map([...specs.map((spec): [string, OptionSpec] => [spec.key, spec]), ...kept(this.#specs)]),
      new Map([...kept(this.#values), ...chosen]),
      new Set([...this.#given].filter((key) => !REPLACED.has(key) || !keys.has(key))),
      this.settings,
    );
  }

  has(key: string): boolean {
    return this.#specs.has(key);
  }

  #read(key: string): RawValue | undefined {
    if (!this.#specs.has(key)) throw new TypeError(`the command declares no option with the key '${key}'`);
    return this.#values.get(key);
  }
}
