/** Which options a command line names, so that only those need be made known to the parser. */
import type { OptionSpec } from './option-spec.ts';

/**
 * The specs that `words` spell out in full. All of `specs` when any word looks like an option and is none of their exact
 * spellings: a bundle of short ones, a typing error, a value that begins with a dash.
 */
export function optionsInWords(specs: readonly OptionSpec[], words: readonly string[]): readonly OptionSpec[] {
  const spelled = spellingsIn(words);
  const named = specs.filter((spec) => spellingsOf(spec).some((spelling) => spelled.has(spelling)));
  const known = new Set(named.flatMap(spellingsOf));
  return [...spelled].every((spelling) => known.has(spelling)) ? named : specs;
}

/** `--name` of `--name=value`; what stands after `--` is an argument. */
function spellingsIn(words: readonly string[]): ReadonlySet<string> {
  const end = words.indexOf('--');
  const before = end === -1 ? words : words.slice(0, end);
  return new Set(
    before.filter((word) => word.startsWith('-') && word !== '-').map((word) => word.replace(/^(--[^=]+)=.*$/su, '$1')),
  );
}

function spellingsOf({ short, long, alias, negations = [] }: OptionSpec): readonly string[] {
  return [long, ...negations, ...(short === undefined ? [] : [short]), ...(alias === undefined ? [] : [alias])];
}
