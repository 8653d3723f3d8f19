/** What settings say of an option that is neither given nor set by a variable; lists are joined with what is. */
import type { Settings } from '../project/settings/settings.ts';
import { InputError } from './input-error.ts';
import type { OptionSpec } from './option-spec.ts';

type Value = string | number | readonly string[];

/** Read elsewhere, since their order or their place in the file counts. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'index',
  'defaultIndex',
  'indexUrl',
  'extraIndexUrl',
  'findLinks',
  'noIndex',
  'cacheDir',
  'keyringProvider',
  'torchBackend',
  'preview',
  'previewFeatures',
]);

/** Settings that are called something else than the option. */
const NAMES: Readonly<Record<string, string>> = {
  bounds: 'add-bounds',
  configSetting: 'config-settings',
};

/** @throws {InputError} for a value that is none of the choices. */
export function settingOfOption(spec: OptionSpec, settings: Settings, current: Value | undefined): Value | undefined {
  if (ELSEWHERE.has(spec.key)) return undefined;
  const name = NAMES[spec.key] ?? spec.long.replace(/^--/, '');
  if (spec.repeat === true && spec.value !== undefined) return joined(listOf(spec, name, settings), current);
  if (current !== undefined) return undefined;
  if (spec.key === 'noVerifyHashes') return settings.flag('verify-hashes') === false ? 1 : undefined;
  if (spec.value === undefined) return settings.flag(name) === true ? 1 : undefined;
  const text = settings.text(name);
  return text === undefined ? undefined : choice(spec, name, text);
}

/** Packages that `no-build-package` and the like name; the commands of `pip` have one list for all. */
function listOf(spec: OptionSpec, name: string, settings: Settings): readonly string[] {
  switch (spec.key) {
    case 'configSetting':
      return [...settings.pairs(name)].flatMap(([key, values]) => values.map((value) => `${key}=${value}`));
    case 'configSettingsPackage':
      return settings.nestedPairs(name);
    case 'prereleasePackage':
    case 'excludeNewerPackage':
      return [...settings.pairs(name)].map(([key, [value = '']]) => `${key}=${value}`);
    case 'noBinary':
      return [
        ...settings.texts(name),
        ...(settings.flag(name) === true ? [':all:'] : []),
        ...settings.texts('no-binary-package'),
      ];
    case 'onlyBinary':
      return [...settings.texts(name), ...settings.texts('no-build-package')];
    default:
      return settings.texts(name);
  }
}

function joined(list: readonly string[], current: Value | undefined): Value | undefined {
  if (list.length === 0) return undefined;
  return Array.isArray(current) ? [...current.map(String), ...list] : list;
}

function choice(spec: OptionSpec, name: string, text: string): string {
  const known = spec.choiceAliases?.[text] ?? text;
  if (spec.choices === undefined || spec.choices.includes(known)) return known;
  throw new InputError(
    `invalid value '${text}' for the setting \`${name}\`\n  [possible values: ${spec.choices.join(', ')}]`,
  );
}
