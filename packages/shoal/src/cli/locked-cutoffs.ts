/** `--exclude-newer` as a lockfile records it: a span stays a span. */
import { normalizeName } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import type { LockedCutoff } from '../lock/lockfile.ts';
import type { ExcludeNewer } from '../resolve/resolve-input.ts';
import type { OptionValues } from './option-values.ts';

export interface LockedCutoffs {
  readonly everywhere: LockedCutoff | undefined;
  readonly perPackage: ReadonlyMap<NormalizedName, LockedCutoff | false>;
}

/** @param instants The same values, as instants of now. */
export function lockedCutoffs(values: OptionValues, instants: ExcludeNewer | undefined): LockedCutoffs {
  const everywhere = values.text('excludeNewer');
  const perPackage = values.list('excludeNewerPackage').map((text) => {
    const [name = '', ...rest] = text.split('=');
    const normalized = normalizeName(name.trim());
    const instant = instants?.perProject.get(normalized);
    return [normalized, instant === false ? false : cutoffOf(rest.join('='), instant)] as const;
  });
  return {
    everywhere: everywhere === undefined ? undefined : cutoffOf(everywhere, instants?.default),
    perPackage: new Map(perPackage.toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function cutoffOf(written: string, instant: string | undefined): LockedCutoff {
  const span = spanOf(written);
  return span === undefined ? { kind: 'instant', text: instant ?? written } : { kind: 'span', text: span };
}

/** `3 weeks` is `P3W`. */
function spanOf(written: string): string | undefined {
  if (/^P/i.test(written)) return written.toUpperCase();
  const [, amount, unit] = /^(\d+)\s*(hour|day|week)s?(?:\s+ago)?$/i.exec(written) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  const letter = unit.charAt(0).toUpperCase();
  return letter === 'H' ? `PT${amount}H` : `P${amount}${letter}`;
}
