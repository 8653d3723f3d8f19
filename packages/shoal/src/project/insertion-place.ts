/** Where a new requirement goes in a list: a list that is sorted, by any of four orders that people use, stays so. */

/** Name and specifiers, to be compared one after the other. */
type Key = readonly [string, string];

const ORDERS: readonly ((text: string) => Key)[] = [
  (text) => splitSpecifiers(text.toLowerCase()),
  splitSpecifiers,
  (text) => [text.toLowerCase(), ''],
  (text) => [text, ''],
];

/**
 * The index before which `text` goes.
 *
 * @param entries The list; `undefined` for what is no string: such entries at the end stay at the end.
 */
export function insertionPlace(entries: readonly (string | undefined)[], text: string): number {
  const strings = entries.filter((entry) => entry !== undefined);
  // uv tries the two orders by name first, then the two by the whole text.
  const order = ORDERS.find((keyOf) => strings.every((one, index) => isInOrder(keyOf, strings[index - 1], one)));
  const next =
    order === undefined
      ? -1
      : entries.findIndex((entry) => entry !== undefined && compareKeys(order(entry), order(text)) > 0);
  if (next !== -1) return next;
  const last = entries.findLastIndex((entry) => entry !== undefined);
  return last === -1 ? entries.length : last + 1;
}

function isInOrder(keyOf: (text: string) => Key, before: string | undefined, one: string): boolean {
  return before === undefined || compareKeys(keyOf(before), keyOf(one)) <= 0;
}

/** `flask[dotenv]>=1.0` is `flask[dotenv]` and `>=1.0`. */
function splitSpecifiers(text: string): Key {
  const at = text.search(/[><=~!@]/);
  return at === -1 ? [text.trim(), ''] : [text.slice(0, at).trim(), text.slice(at).trim()];
}

function compareKeys([name, specifiers]: Key, [otherName, otherSpecifiers]: Key): number {
  return compareTexts(name, otherName) || compareTexts(specifiers, otherSpecifiers);
}

function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
