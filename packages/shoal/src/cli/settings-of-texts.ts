/** Settings out of the texts of files; loaded only where there are such files. */
import { dirname } from 'node:path';
import { OperationalError } from '@shoal/cache';
import { parseVersion, specifierContains, tryParseSpecifierSet, tryParseVersion } from '@shoal/packaging';
import { readToolTable, readUvToml, SettingsError } from '../project/settings/settings-layer.ts';
import type { SettingsLayer } from '../project/settings/settings-layer.ts';
import type { SettingsText } from '../project/settings/find-settings.ts';
import { Settings } from '../project/settings/settings.ts';
import { discoverWorkspace } from '../project/workspace.ts';
import type { FoundTexts } from './load-settings.ts';
import type { Session } from './session.ts';

/** The release of uv whose settings these are. */
const UV_VERSION = parseVersion('0.13.9');

interface SettingsPlace {
  readonly session: Session;
  readonly isPip: boolean;
  /** Absolute: where the project is looked for. */
  readonly start: string;
}

/** @throws {SettingsError} */
export function settingsOfTexts(texts: FoundTexts, { session, isPip, start }: SettingsPlace): Settings {
  const project = projectLayer(texts.project, start, session);
  const others = texts.others.map(({ text, path }) => readUvToml(text, path));
  const layers = [...(project === undefined ? [] : [project]), ...others];
  for (const { warnings } of layers) for (const warning of warnings) session.reporter.warning(warning);
  for (const layer of layers) checkRequiredVersion(layer);
  return new Settings(layers, isPip);
}

/** Members of a workspace have the settings of its root. */
function projectLayer(texts: readonly SettingsText[], start: string, session: Session): SettingsLayer | undefined {
  const root = texts.length === 0 ? start : rootOf(start);
  for (const text of texts) {
    const folder = dirname(text.path);
    if (folder !== root && !root.startsWith(folder === '/' ? '/' : `${folder}/`)) continue;
    const layer = layerOf(text, session);
    if (layer === undefined) continue;
    if (text.kind === 'uv-toml') warnOfMasked(layer, texts, session);
    return layer;
  }
  return undefined;
}

function rootOf(start: string): string {
  try {
    return discoverWorkspace(start)?.root.folder ?? start;
  } catch (error) {
    // A project that cannot be read is an error of the commands that need it.
    if (error instanceof OperationalError) return start;
    throw error;
  }
}

/** A `pyproject.toml` that is no TOML is named and passed over, as what is asked for need not be about the project. */
function layerOf({ kind, text, path }: SettingsText, { reporter }: Session): SettingsLayer | undefined {
  if (kind === 'uv-toml') return readUvToml(text, path);
  try {
    return readToolTable(text, path);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const cause = error.cause instanceof Error ? `: ${error.cause.message.split('\n')[0]}` : '';
    reporter.warning(`Failed to parse \`${path}\` during settings discovery${cause}`);
    return undefined;
  }
}

/** What stands in `[tool.uv]` beside a `uv.toml` does not count, but for what is about the project itself. */
function warnOfMasked({ path }: SettingsLayer, texts: readonly SettingsText[], { reporter }: Session): void {
  const beside = texts.find((text) => text.kind === 'pyproject' && dirname(text.path) === dirname(path));
  const masked = beside === undefined ? undefined : maskedKeys(beside);
  if (masked === undefined || masked.length === 0) return;
  reporter.warning(
    `Found both a \`uv.toml\` file and a \`[tool.uv]\` section in an adjacent \`pyproject.toml\`. The following fields from \`[tool.uv]\` will be ignored in favor of the \`uv.toml\` file:\n${masked.map((key) => `- ${key}`).join('\n')}`,
  );
}

function maskedKeys({ text, path }: SettingsText): readonly string[] {
  try {
    const layer = readToolTable(text, path);
    return Object.keys(layer?.top ?? {}).filter((key) => !OF_PROJECT.has(key));
  } catch (error) {
    if (error instanceof SettingsError) return [];
    throw error;
  }
}

const OF_PROJECT: ReadonlySet<string> = new Set([
  'environments',
  'required-environments',
  'conflicts',
  'workspace',
  'sources',
  'managed',
  'package',
  'default-groups',
  'dependency-groups',
  'dev-dependencies',
  'build-backend',
  'scripts',
  'no-sources-package',
]);

function checkRequiredVersion({ top, path }: SettingsLayer): void {
  const written = top['required-version'];
  if (typeof written !== 'string') return;
  const text = tryParseVersion(written) === undefined ? written : `==${written}`;
  const required = tryParseSpecifierSet(text);
  if (required === undefined)
    throw new SettingsError(path, `\`required-version\` in \`${path}\` is no version specifier: \`${written}\``);
  if (required.specifiers.every((specifier) => specifierContains(specifier, UV_VERSION))) return;
  throw new SettingsError(
    path,
    `Required uv version \`${written}\` does not match the one that this release is compatible with, \`${UV_VERSION.text}\``,
    { hint: `Change \`required-version\` in \`${path}\`, or use the release of uv that it asks for` },
  );
}
