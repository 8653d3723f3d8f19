/** `[tool.uv.sources]`: where a requirement comes from instead of the indexes. */
import { isTrueMarker, areMarkersDisjoint, trueMarker } from '@shoal/packaging';
import type { Marker, NormalizedName } from '@shoal/packaging';
import type { TomlTable } from './toml-table.ts';
import { readMarker, readOptionalName } from './read-names.ts';

interface SourceCondition {
  readonly marker: Marker;
  /** Only for requirements of this extra. */
  readonly extra: NormalizedName | undefined;
  /** Only for requirements of this dependency group. */
  readonly group: NormalizedName | undefined;
}

export type ProjectSource = SourceCondition &
  (
    | {
        readonly kind: 'git';
        readonly git: string;
        readonly reference: { readonly kind: 'rev' | 'tag' | 'branch'; readonly name: string } | undefined;
        readonly subdirectory: string | undefined;
        readonly lfs: boolean;
      }
    | { readonly kind: 'url'; readonly url: string; readonly subdirectory: string | undefined }
    | {
        readonly kind: 'path';
        /** As written. */
        readonly path: string;
        readonly editable: boolean | undefined;
        readonly package: boolean | undefined;
      }
    | { readonly kind: 'index'; readonly index: string }
    | { readonly kind: 'workspace'; readonly editable: boolean | undefined }
  );

const KINDS = ['git', 'url', 'path', 'index', 'workspace'] as const;

/** Which keys may stand beside the key that tells the kind. */
const KEYS: Readonly<Record<(typeof KINDS)[number], readonly string[]>> = {
  git: ['subdirectory', 'rev', 'tag', 'branch', 'lfs'],
  url: ['subdirectory'],
  path: ['editable', 'package'],
  index: [],
  workspace: ['editable'],
};

/** The sources of one name, in written order. @throws for what is no source, and for sources that overlap. */
export function readProjectSources(table: TomlTable, name: string): readonly ProjectSource[] {
  const value = table.raw[name];
  if (!Array.isArray(value)) return [readSource(table.element(name, value))];
  const sources = table.tables(name).map(readSource);
  if (sources.length === 0) throw table.fault(`\`${table.nameOf(name)}\` must have at least one source`);
  for (const [index, source] of sources.entries()) {
    const next = sources[index + 1];
    if (next !== undefined && next.extra === source.extra && next.group === source.group)
      refuseOverlap(source, next, table);
  }
  return sources;
}

function refuseOverlap(source: ProjectSource, next: ProjectSource, table: TomlTable): void {
  if (areMarkersDisjoint(source.marker, next.marker)) return;
  const isMissing = isTrueMarker(source.marker) || isTrueMarker(next.marker);
  throw table.fault(
    isMissing
      ? 'When multiple sources are provided, each source must include a platform marker (e.g., `marker = "sys_platform == \'linux\'"`)'
      : 'Source markers must be disjoint, but these overlap; write each so that it excludes the other',
  );
}

function readSource(table: TomlTable): ProjectSource {
  const kind = KINDS.find((key) => table.has(key));
  if (kind === undefined)
    throw table.fault(
      `\`${table.nameOf('').slice(0, -1)}\` names none of \`git\`, \`url\`, \`path\`, \`index\` and \`workspace\``,
    );
  const allowed = [kind, ...KEYS[kind], 'marker', 'extra', 'group'];
  const other = table.keys().find((key) => !allowed.includes(key));
  if (other !== undefined) throw table.fault(`cannot specify both \`${kind}\` and \`${other}\``);
  if (table.has('extra') && table.has('group')) throw table.fault('cannot specify both `extra` and `group`');
  const condition = {
    marker: readMarker(table, 'marker') ?? trueMarker,
    extra: readOptionalName(table, 'extra'),
    group: readOptionalName(table, 'group'),
  };
  return { ...condition, ...readKind(table, kind) };
}

type KindOfSource<Source = ProjectSource> = Source extends unknown ? Omit<Source, keyof SourceCondition> : never;

function readKind(table: TomlTable, kind: (typeof KINDS)[number]): KindOfSource {
  const editable = table.boolean('editable');
  switch (kind) {
    case 'git':
      return readGit(table);
    case 'url':
      return { kind, url: table.required('url', table.text('url')), subdirectory: table.text('subdirectory') };
    case 'path':
      if (editable === true && table.boolean('package') === false)
        throw table.fault('cannot specify both `editable = true` and `package = false`');
      return { kind, path: table.required('path', table.text('path')), editable, package: table.boolean('package') };
    case 'index':
      return { kind, index: table.required('index', table.text('index')) };
    case 'workspace':
      if (table.raw['workspace'] !== true)
        throw table.fault('`workspace = false` is not a source; leave the entry out');
      return { kind, editable };
  }
}

function readGit(table: TomlTable): KindOfSource {
  const references = (['rev', 'tag', 'branch'] as const).flatMap((kind) => {
    const name = table.text(kind);
    return name === undefined ? [] : [{ kind, name }];
  });
  if (references.length > 1) throw table.fault('expected at most one of `rev`, `tag`, or `branch`');
  return {
    kind: 'git',
    git: table.required('git', table.text('git')).replace(/^git\+/, ''),
    reference: references[0],
    subdirectory: table.text('subdirectory'),
    lfs: table.boolean('lfs') ?? false,
  };
}
