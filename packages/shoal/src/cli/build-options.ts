/** The options of building, as the workflows want them. */
import { tryNormalizeName } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import type { ConfigSettings } from '../build/build-distribution.ts';
import type { BuildPolicy } from '../commands/build-policy.ts';
import type { RequirementSources } from '../project/requirement-sources.ts';
import type { OptionValues } from './option-values.ts';
import type { Session } from './session.ts';
import { UsageError } from './usage-error.ts';

/** @throws {UsageError} for settings that are no pairs and names that are none. */
export function buildPolicy(
  values: OptionValues,
  {
    session,
    sources,
  }: {
    readonly session: Pick<Session, 'variables'>;
    readonly sources: Pick<RequirementSources, 'buildConstraints'>;
  },
): BuildPolicy {
  const list = (key: string): readonly string[] => (values.has(key) ? values.list(key) : []);
  const isOpen = values.has('noBuildIsolation') && values.flag('noBuildIsolation');
  return {
    withoutIsolation: isOpen ? 'all' : new Set(list('noBuildIsolationPackage').map(nameOf)),
    constraints: sources.buildConstraints,
    configSettings: settingsOf(list('configSetting')),
    configSettingsOf: settingsByPackage(list('configSettingsPackage')),
    variables: session.variables,
  };
}

function nameOf(text: string): NormalizedName {
  const name = tryNormalizeName(text);
  if (name !== undefined) return name;
  throw new UsageError(`invalid value '${text}' for '--no-build-isolation-package': not a valid package name`);
}

/** A key that is given twice has both values, as PEP 517 front ends do it. */
function settingsOf(pairs: readonly string[]): ConfigSettings {
  const settings: Record<string, string | string[]> = {};
  for (const pair of pairs) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (key === undefined || value === undefined)
      throw new UsageError(`invalid value '${pair}' for '--config-setting <CONFIG_SETTING>': expected \`KEY=VALUE\``);
    const known = settings[key];
    settings[key] = known === undefined ? value : [...(typeof known === 'string' ? [known] : known), value];
  }
  return settings;
}

function settingsByPackage(entries: readonly string[]): ReadonlyMap<NormalizedName, ConfigSettings> {
  const pairs = new Map<NormalizedName, string[]>();
  for (const entry of entries) {
    const [, package_ = '', pair = ''] = /^([^:=]+):(.*)$/s.exec(entry) ?? [];
    const name = tryNormalizeName(package_);
    if (name === undefined)
      throw new UsageError(
        `invalid value '${entry}' for '--config-settings-package <CONFIG_SETTINGS_PACKAGE>': expected \`PACKAGE:KEY=VALUE\``,
      );
    pairs.set(name, [...(pairs.get(name) ?? []), pair]);
  }
  return new Map([...pairs].map(([name, list]) => [name, settingsOf(list)]));
}
