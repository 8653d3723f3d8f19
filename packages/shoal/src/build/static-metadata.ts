/**
 * Metadata that needs no build: of a source distribution whose PKG-INFO promises it (PEP 643), or of a project whose
 * `[project]` table has all that resolving needs and says that nothing of it is dynamic (PEP 621).
 */
import {
  formatRequirement,
  normalizeName,
  PackagingError,
  parseCoreMetadata,
  parseMarker,
  parseRequirement,
  parseVersion,
  andMarkers,
} from '@shoal/packaging';
import { parse, TomlError } from 'smol-toml';

/** Fields that decide what is installed: as `Dynamic` of PKG-INFO spells them, in lower case. */
const DECIDING = ['requires-dist', 'requires-python', 'provides-extra', 'version', 'name'];

/** PKG-INFO's own text, when it may be trusted (metadata 2.2 or later, no deciding field dynamic). @param text of PKG-INFO */
export function staticPkgInfo(text: string): string | undefined {
  try {
    const { metadataVersion, dynamic } = parseCoreMetadata(text);
    const [major = 0, minor = 0] = metadataVersion.split('.').map(Number);
    const isPromising = major > 2 || (major === 2 && minor >= 2);
    return isPromising && !dynamic.some((field) => DECIDING.includes(field.toLowerCase())) ? text : undefined;
  } catch (error) {
    // A build tells what is wrong with it.
    if (error instanceof PackagingError) return undefined;
    throw error;
  }
}

type Table = Readonly<Record<string, unknown>>;

/** Core metadata as text, made of `[project]`; `undefined` when only a build can tell. */
export function staticProject(text: string): string | undefined {
  try {
    const project: unknown = parse(text)['project'];
    return isTable(project) ? metadataOf(project) : undefined;
  } catch (error) {
    if (error instanceof PackagingError || error instanceof TomlError) return undefined;
    throw error;
  }
}

function metadataOf(project: Table): string | undefined {
  const { name, version, dependencies = [], dynamic = [] } = project;
  const python = project['requires-python'];
  const extras = project['optional-dependencies'] ?? {};
  if (typeof name !== 'string' || typeof version !== 'string' || !isTexts(dependencies) || !isTable(extras))
    return undefined;
  if (python !== undefined && typeof python !== 'string') return undefined;
  const deciding = ['version', 'dependencies', 'optional-dependencies', 'requires-python'];
  if (!isTexts(dynamic) || dynamic.some((field) => deciding.includes(field))) return undefined;
  parseVersion(version);
  const lines = ['Metadata-Version: 2.4', `Name: ${name}`, `Version: ${version}`];
  if (python !== undefined) lines.push(`Requires-Python: ${python}`);
  for (const one of dependencies) lines.push(`Requires-Dist: ${formatRequirement(parseRequirement(one))}`);
  for (const [extra, list] of Object.entries(extras)) {
    if (!isTexts(list)) return undefined;
    lines.push(
      `Provides-Extra: ${normalizeName(extra)}`,
      ...list.map((one) => `Requires-Dist: ${underExtra(one, extra)}`),
    );
  }
  return `${lines.join('\n')}\n`;
}

function underExtra(text: string, extra: string): string {
  const requirement = parseRequirement(text);
  const condition = parseMarker(`extra == '${normalizeName(extra)}'`);
  const marker = requirement.marker === undefined ? condition : andMarkers(requirement.marker, condition);
  return formatRequirement({ ...requirement, marker });
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
