/** An export as the lines of a `requirements.txt` file. */
import { pathToFileURL } from 'node:url';
import { isAbsolute } from 'node:path';
import { formatMarker } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import type { ExportedPackage } from './export-graph.ts';
import type { LockedPackage } from './lockfile.ts';

export interface RequirementsStyle {
  readonly withHashes: boolean;
  readonly withAnnotations: boolean;
  /** Whether an editable package stays one. */
  readonly isEditable: (name: NormalizedName) => boolean;
}

/** Editable packages first, then paths, then the rest by name; virtual packages are nothing to install. */
export function exportRequirements(packages: readonly ExportedPackage[], style: RequirementsStyle): string {
  return packages
    .filter(({ locked }) => locked.source.kind !== 'virtual')
    .toSorted((a, b) => rank(a.locked) - rank(b.locked) || compareWithin(a.locked, b.locked))
    .map((exported) => linesOf(exported, style))
    .join('');
}

function rank({ source }: LockedPackage): number {
  if (source.kind === 'editable') return 0;
  return source.kind === 'path' || source.kind === 'directory' ? 1 : 2;
}

/** Local ones by path; the others stand in the order of the lockfile. */
function compareWithin(a: LockedPackage, b: LockedPackage): number {
  if (!('path' in a.source) || !('path' in b.source)) return 0;
  return a.source.path < b.source.path ? -1 : a.source.path > b.source.path ? 1 : 0;
}

function linesOf({ locked, marker, dependents }: ExportedPackage, style: RequirementsStyle): string {
  const condition = formatMarker(marker);
  const hashes = style.withHashes ? hashesOf(locked) : [];
  const requirement = [
    `${requirementOf(locked, style)}${condition === undefined ? '' : ` ; ${condition}`}`,
    ...hashes.map((hash) => `    --hash=${hash}`),
  ].join(' \\\n');
  const names = style.withAnnotations ? [...new Set(dependents.map(({ name }) => name))] : [];
  return `${requirement}\n${annotationOf(names)}`;
}

function annotationOf(names: readonly string[]): string {
  if (names.length === 0) return '';
  if (names.length === 1) return `    # via ${names[0]}\n`;
  return `    # via\n${names.map((name) => `    #   ${name}\n`).join('')}`;
}

function requirementOf({ name, version, source }: LockedPackage, { isEditable }: RequirementsStyle): string {
  switch (source.kind) {
    case 'registry':
      return `${name}==${version ?? ''}`;
    case 'git':
      return `${name} @ ${gitRequirement(source.url)}`;
    case 'url':
      return `${name} @ ${source.url}${source.subdirectory === undefined ? '' : `#subdirectory=${source.subdirectory}`}`;
    case 'editable':
      return isEditable(name) ? `-e ${anchored(source.path)}` : placeOf(source.path);
    default:
      return placeOf(source.path);
  }
}

/** `git+https://host/project@<commit>#subdirectory=…`. */
function gitRequirement(locked: string): string {
  const url = new URL(locked);
  const commit = url.hash.slice(1);
  const subdirectory = url.searchParams.get('subdirectory');
  const fragments = [
    ...(subdirectory === null ? [] : [`subdirectory=${subdirectory}`]),
    ...(url.searchParams.has('lfs') ? ['lfs=true'] : []),
  ];
  url.hash = '';
  url.search = '';
  return `git+${url.href}@${commit}${fragments.length === 0 ? '' : `#${fragments.join('&')}`}`;
}

function placeOf(path: string): string {
  return isAbsolute(path) ? pathToFileURL(path).href : anchored(path);
}

/** `libs/x` is `./libs/x`: else it would be a name. */
function anchored(path: string): string {
  return path === '' || path.startsWith('.') || isAbsolute(path) ? path || '.' : `./${path}`;
}

/** Of all files, sorted. */
function hashesOf({ sdist, wheels }: LockedPackage): readonly string[] {
  const hashes = [sdist?.hash, ...wheels.map(({ hash }) => hash)].filter((hash) => hash !== undefined);
  return [...new Set(hashes)].toSorted();
}
