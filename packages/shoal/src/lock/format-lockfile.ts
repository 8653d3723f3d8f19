/** The bytes of `uv.lock`, in the layout of uv: 4-space arrays with trailing commas, one inline table a line. */
import { formatRequirements, formatScoped } from './format-requirement.ts';
import { inlineTable, textOf, TomlWriter } from './toml-writer.ts';
import type {
  DefaultGroups,
  LockedCutoff,
  LockedDependency,
  LockedManifest,
  LockedOptions,
  LockedPackage,
  LockedRequirement,
  LockedSdist,
  LockedSource,
  LockedWheel,
  Lockfile,
} from './lockfile.ts';
import { LOCK_VERSION } from './lockfile.ts';

/** What stands for the instant of a cutoff that is a span. */
const NO_INSTANT = '0001-01-01T00:00:00Z';
const NO_INSTANT_COMMENT =
  ' # This has no effect and is included for backwards compatibility when using relative exclude-newer values.';

/** @returns the text of the file. */
export function formatLockfile(lockfile: Lockfile): string {
  const writer = new TomlWriter();
  writer.entry('version', String(LOCK_VERSION));
  if (lockfile.revision > 0) writer.entry('revision', String(lockfile.revision));
  writer.text('requires-python', lockfile.requiresPython);
  writer.lines('resolution-markers', lockfile.resolutionMarkers.map(textOf));
  writer.lines('supported-markers', lockfile.supportedMarkers.map(textOf));
  writer.lines('required-markers', lockfile.requiredMarkers.map(textOf));
  writeConflicts(writer, lockfile);
  writeOptions(writer, lockfile.options);
  writeManifest(writer, lockfile.manifest);
  for (const locked of lockfile.packages) writePackage(writer, locked);
  return writer.toString();
}

function writeConflicts(writer: TomlWriter, { conflicts }: Lockfile): void {
  if (conflicts.length === 0) return;
  const sets = conflicts.map((set) => {
    const items = set.map(
      (item) =>
        `    ${inlineTable([
          ['package', textOf(item.package)],
          ['extra', item.extra && textOf(item.extra)],
          ['group', item.group && textOf(item.group)],
        ])},\n`,
    );
    return `[\n${items.join('')}]`;
  });
  writer.entry('conflicts', `[${sets.join(', ')}]`);
}

function writeOptions(writer: TomlWriter, options: LockedOptions): void {
  const { resolutionMode, prereleaseMode, prereleasePackage, forkStrategy, excludeNewer, excludeNewerPackage } =
    options;
  const values = [resolutionMode, prereleaseMode, forkStrategy, excludeNewer];
  if (values.every((value) => value === undefined) && prereleasePackage.size + excludeNewerPackage.size === 0) return;
  writer.table('options');
  writer.text('resolution-mode', resolutionMode);
  writer.text('prerelease-mode', prereleaseMode);
  writer.text('fork-strategy', forkStrategy);
  if (excludeNewer?.kind === 'instant') writer.text('exclude-newer', excludeNewer.text);
  else if (excludeNewer !== undefined) {
    writer.entry('exclude-newer', textOf(NO_INSTANT) + NO_INSTANT_COMMENT);
    writer.text('exclude-newer-span', excludeNewer.text);
  }
  if (prereleasePackage.size > 0) writer.table('options.prerelease-package');
  for (const [name, mode] of prereleasePackage) writer.text(name, mode);
  if (excludeNewerPackage.size > 0) writer.table('options.exclude-newer-package');
  for (const [name, cutoff] of excludeNewerPackage) writer.entry(name, cutoffOf(cutoff));
}

function cutoffOf(cutoff: LockedCutoff | false): string {
  if (cutoff === false) return 'false';
  if (cutoff.kind === 'instant') return textOf(cutoff.text);
  return inlineTable([
    ['timestamp', textOf(NO_INSTANT)],
    ['span', textOf(cutoff.text)],
  ]);
}

function writeManifest(writer: TomlWriter, manifest: LockedManifest): void {
  const { members, requirements, constraints, overrides, excludes, buildConstraints, dependencyMetadata } = manifest;
  const lists = [members, requirements, constraints, overrides, excludes, buildConstraints];
  if (manifest.defaultGroups !== undefined || lists.some(({ length }) => length > 0)) writer.table('manifest');
  writer.lines('members', members.map(textOf));
  writeDefaultGroups(writer, manifest.defaultGroups);
  writer.list('requirements', formatRequirements(requirements));
  writer.list('constraints', formatRequirements(constraints));
  writer.list('overrides', overrides.map(formatScoped));
  writer.list('excludes', excludes.map(formatScoped));
  writer.list('build-constraints', formatRequirements(buildConstraints));
  if (manifest.dependencyGroups.size > 0) writer.table('manifest.dependency-groups');
  writeGroups(writer, manifest.dependencyGroups);
  writeTexts(writer, 'manifest.group-requires-python', manifest.groupRequiresPython);
  for (const metadata of dependencyMetadata) {
    writer.tableOfArray('manifest.dependency-metadata');
    writer.text('name', metadata.name);
    writer.text('version', metadata.version);
    if (metadata.requiresDist.length > 0) writer.inline('requires-dist', metadata.requiresDist.map(textOf));
    writer.text('requires-python', metadata.requiresPython);
    if (metadata.providesExtras.length > 0) writer.inline('provides-extras', metadata.providesExtras.map(textOf));
  }
}

function writePackage(writer: TomlWriter, locked: LockedPackage): void {
  writer.tableOfArray('package');
  writer.text('name', locked.name);
  writer.text('version', locked.version);
  writer.entry('source', sourceOf(locked.source));
  writeDefaultGroups(writer, locked.defaultGroups);
  writer.lines('resolution-markers', locked.resolutionMarkers.map(textOf));
  writer.lines('dependencies', locked.dependencies.map(dependencyOf));
  if (locked.sdist !== undefined) writer.entry('sdist', sdistOf(locked.sdist));
  writer.lines('wheels', locked.wheels.map(wheelOf));
  writeDependencies(writer, 'package.optional-dependencies', locked.optionalDependencies);
  writeDependencies(writer, 'package.dev-dependencies', locked.devDependencies);
  writeTexts(writer, 'package.group-requires-python', locked.groupRequiresPython);
  writeMetadata(writer, locked);
}

function writeDefaultGroups(writer: TomlWriter, groups: DefaultGroups | undefined): void {
  if (groups === 'all') writer.text('default-groups', groups);
  else if (groups !== undefined) writer.inline('default-groups', groups.map(textOf));
}

function writeTexts(writer: TomlWriter, table: string, texts: ReadonlyMap<string, string>): void {
  if (texts.size > 0) writer.table(table);
  for (const [key, text] of texts) writer.text(key, text);
}

/** Empty groups are kept: they can be asked for. */
function writeGroups(writer: TomlWriter, groups: ReadonlyMap<string, readonly LockedRequirement[]>): void {
  for (const [group, requirements] of groups)
    if (requirements.length === 0) writer.inline(group, []);
    else writer.list(group, formatRequirements(requirements));
}

function writeDependencies(
  writer: TomlWriter,
  table: string,
  dependencies: ReadonlyMap<string, readonly LockedDependency[]>,
): void {
  const filled = [...dependencies].filter(([, list]) => list.length > 0);
  if (filled.length > 0) writer.table(table);
  for (const [name, list] of filled) writer.lines(name, list.map(dependencyOf));
}

function writeMetadata(writer: TomlWriter, { metadata }: LockedPackage): void {
  const { requiresDist, providesExtras, requiresDev } = metadata;
  if (requiresDist.length + providesExtras.length + requiresDev.size === 0) return;
  writer.table('package.metadata');
  writer.list('requires-dist', formatRequirements(requiresDist));
  if (providesExtras.length > 0) writer.inline('provides-extras', providesExtras.map(textOf));
  if (requiresDev.size > 0) writer.table('package.metadata.requires-dev');
  writeGroups(writer, requiresDev);
}

function sourceOf(source: LockedSource): string {
  switch (source.kind) {
    case 'registry':
      return inlineTable([['registry', textOf(source.location)]]);
    case 'git':
      return inlineTable([['git', textOf(source.url)]]);
    case 'url':
      return inlineTable([
        ['url', textOf(source.url)],
        ['subdirectory', source.subdirectory && textOf(source.subdirectory)],
      ]);
    default:
      return inlineTable([[source.kind, textOf(source.path)]]);
  }
}

function dependencyOf({ name, version, source, extras, marker }: LockedDependency): string {
  return inlineTable([
    ['name', textOf(name)],
    ['version', version && textOf(version)],
    ['source', source && sourceOf(source)],
    ['extra', extras.length === 0 ? undefined : `[${extras.map(textOf).join(', ')}]`],
    ['marker', marker && textOf(marker)],
  ]);
}

function sdistOf({ url, path, hash, size, uploadTime }: LockedSdist): string {
  return inlineTable([
    ['url', url && textOf(url)],
    ['path', path && textOf(path)],
    ...factsOf({ hash, size }),
    ['upload-time', uploadTime && textOf(uploadTime)],
  ]);
}

function wheelOf({ url, path, filename, hash, size, uploadTime, zstd }: LockedWheel): string {
  return inlineTable([
    ['url', url && textOf(url)],
    ['path', path && textOf(path)],
    ['filename', filename && textOf(filename)],
    ...factsOf({ hash, size }),
    ['upload-time', uploadTime && textOf(uploadTime)],
    ['zstd', zstd && inlineTable(factsOf(zstd))],
  ]);
}

function factsOf(facts: {
  readonly hash?: string | undefined;
  readonly size?: number | undefined;
}): readonly (readonly [string, string | undefined])[] {
  return [
    ['hash', facts.hash && textOf(facts.hash)],
    ['size', facts.size === undefined ? undefined : String(facts.size)],
  ];
}
