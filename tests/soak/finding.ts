/** Something that must never happen; whoever finds it ends the episode. */
export class Finding extends Error {
  override readonly name = 'Finding';
}

/** What a command said, without the steps before the last ones. */
export function lastLines(text: string, count = 25): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
