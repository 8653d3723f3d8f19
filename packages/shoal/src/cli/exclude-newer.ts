/** `--exclude-newer`: an instant, a date, or a span back from now. */
import { normalizeName } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import type { ExcludeNewer } from '../resolve/resolve-input.ts';
import type { OptionValues } from './option-values.ts';
import { UsageError } from './usage-error.ts';

/** @returns `undefined` when nothing is excluded. @throws {UsageError} */
export function excludeNewerOf(values: OptionValues, now: Date): ExcludeNewer | undefined {
  const everywhere = values.text('excludeNewer');
  const packages = values.list('excludeNewerPackage');
  if (everywhere === undefined && packages.length === 0) return undefined;
  const perProject = new Map<NormalizedName, string | false>(packages.map((text) => splitPackage(text, now)));
  return { ...(everywhere === undefined ? {} : { default: parseInstant(everywhere, now) }), perProject };
}

function splitPackage(text: string, now: Date): [NormalizedName, string | false] {
  const [, name, value] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new UsageError(
      `invalid value '${text}' for '--exclude-newer-package <PACKAGE=DATE>': expected \`name=date\``,
    );
  return [normalizeName(name.trim()), value === 'false' ? false : parseInstant(value, now)];
}

const UNIT_MS: Readonly<Record<string, number>> = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 };

/**
 * An ISO 8601 instant for what was written: a timestamp with zone, a date (then everything of that day counts, in the local
 * zone), `P30D`, or `30 days`.
 */
function parseInstant(text: string, now: Date): string {
  const date = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (date !== null) {
    const [year, month, day] = date.slice(1).map(Number) as [number, number, number];
    if (new Date(Date.UTC(year, month - 1, day)).toISOString().startsWith(text))
      return instantOf(new Date(year, month - 1, day + 1).getTime());
  }
  if (
    /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/i.test(text) &&
    !Number.isNaN(Date.parse(text))
  )
    return instantOf(Date.parse(text));
  const span = spanMs(text);
  if (span !== undefined) return instantOf(now.getTime() - span);
  throw new UsageError(
    `invalid value '${text}' for '--exclude-newer <EXCLUDE_NEWER>': \`${text}\` could not be parsed as a valid exclude-newer value (expected a date like \`2024-01-01\`, a timestamp like \`2024-01-01T00:00:00Z\`, or a duration like \`3 days\` or \`P3D\`)`,
  );
}

/** Without milliseconds where there are none, as it is shown in hints. */
function instantOf(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('.000Z', 'Z');
}

function spanMs(text: string): number | undefined {
  const iso = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(\d+)H)?$/i.exec(text);
  if (iso !== null && text.length > 1)
    return (
      Number(iso[1] ?? 0) * (UNIT_MS['week'] ?? 0) +
      Number(iso[2] ?? 0) * (UNIT_MS['day'] ?? 0) +
      Number(iso[3] ?? 0) * (UNIT_MS['hour'] ?? 0)
    );
  const words = /^(\d+)\s*(hour|day|week)s?(?:\s+ago)?$/i.exec(text);
  return words === null ? undefined : Number(words[1]) * (UNIT_MS[(words[2] ?? '').toLowerCase()] ?? 0);
}
