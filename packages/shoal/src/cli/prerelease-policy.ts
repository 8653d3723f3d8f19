/** `--prerelease`, `--pre` and `--prerelease-package`. */
import { normalizeName, tryNormalizeName } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import type { FileOptions } from '../project/requirement-collector.ts';
import type { PrereleaseMode } from '../resolve/resolve-input.ts';
import type { OptionValues } from './option-values.ts';
import { UsageError } from './usage-error.ts';

const MODES: readonly PrereleaseMode[] = ['disallow', 'allow', 'if-necessary', 'explicit', 'if-necessary-or-explicit'];

export interface PrereleasePolicy {
  readonly prerelease: PrereleaseMode;
  readonly prereleaseOf: ReadonlyMap<NormalizedName, PrereleaseMode>;
}

/** @throws {UsageError} for what is no `name=mode`. */
export function prereleasePolicy(values: OptionValues, fromFiles: Pick<FileOptions, 'pre'>): PrereleasePolicy {
  if (!values.has('prerelease')) return { prerelease: 'if-necessary', prereleaseOf: new Map() };
  const isAllowed = values.flag('pre') || fromFiles.pre;
  return {
    prerelease: isAllowed ? 'allow' : (values.choice('prerelease', MODES) ?? 'if-necessary'),
    prereleaseOf: new Map(values.list('prereleasePackage').map(modeOfPackage)),
  };
}

function modeOfPackage(text: string): [NormalizedName, PrereleaseMode] {
  const [, name = '', written = ''] = /^([^=]*)=(.*)$/.exec(text) ?? [];
  const mode = MODES.find((one) => one === written);
  if (mode !== undefined && tryNormalizeName(name) !== undefined) return [normalizeName(name), mode];
  throw new UsageError(
    `invalid value '${text}' for '--prerelease-package <PRERELEASE_PACKAGE>': expected \`PACKAGE=MODE\`, where MODE is one of ${MODES.slice(0, 4).join(', ')}`,
  );
}
