/** What `[tool.uv.sources]` says of a requirement that names a URL, a path, a repository or an index. */
import { statSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OperationalError } from '@shoal/cache';
import type { NormalizedName } from '@shoal/packaging';
import type { WrittenSource } from './edit-sources.ts';
import type { ProjectSource } from './project-source.ts';

/** Options say something about a source that the requirement does not have. */
export class UnusedSourceOptionError extends OperationalError {
  override readonly code = 'UNUSED_SOURCE_OPTION';
}

export interface SourceOptions {
  /** `--rev`, `--tag`, `--branch`. */
  readonly reference: { readonly kind: 'rev' | 'tag' | 'branch'; readonly name: string } | undefined;
  readonly lfs: boolean;
  readonly editable: boolean | undefined;
  /** The name of the one index that was given. */
  readonly index: string | undefined;
}

export interface SourceSurroundings {
  /** Where relative paths of the command line start. */
  readonly workingFolder: string;
  /** Where relative paths of the file that is edited start. */
  readonly root: string;
  readonly members: ReadonlySet<NormalizedName>;
  readonly existing: ReadonlyMap<NormalizedName, readonly ProjectSource[]>;
}

export interface Sourced {
  readonly name: NormalizedName;
  /** As it was given; `undefined`: an index has it. */
  readonly url: string | undefined;
  /** Given with `-e`. */
  readonly isEditable: boolean;
}

type UrlKind = 'git' | 'url' | 'file' | 'folder';

/** @returns `undefined` for what comes from any index. @throws {UnusedSourceOptionError} */
export function sourceOfRequirement(
  { name, url, isEditable }: Sourced,
  options: SourceOptions,
  surroundings: SourceSurroundings,
): WrittenSource | undefined {
  const kind = url === undefined ? undefined : kindOf(url, surroundings);
  const { reference, lfs, editable } = options;
  if (kind !== 'git' && (reference !== undefined || lfs)) return existingGit(name, options, surroundings);
  const isMember = surroundings.members.has(name);
  if (!isMember && kind !== 'folder' && editable === true)
    throw new UnusedSourceOptionError(
      `\`${name}\` did not resolve to a local directory, but the \`--editable\` flag was provided. Editable installs are only supported for local directories.`,
    );
  if (isMember) return memberSource(name, kind, editable);
  if (url === undefined || kind === undefined)
    return options.index === undefined ? undefined : { index: options.index };
  if (kind === 'git') return gitSource(url, options);
  const { bare, subdirectory } = splitFragment(url);
  if (kind === 'url') return { url: bare, ...(subdirectory === undefined ? {} : { subdirectory }) };
  const path = shownPath(bare, surroundings);
  const wanted = editable ?? (isEditable ? true : undefined);
  return kind === 'folder' && wanted !== undefined ? { path, editable: wanted } : { path };
}

/** Whether the requirement is a local folder; then its absolute path. */
export function folderOfRequirement(
  url: string | undefined,
  surroundings: Pick<SourceSurroundings, 'workingFolder'>,
): string | undefined {
  if (url === undefined || kindOf(url, surroundings) !== 'folder') return undefined;
  return localPath(splitFragment(url).bare, surroundings);
}

function kindOf(url: string, surroundings: Pick<SourceSurroundings, 'workingFolder'>): UrlKind {
  if (/^git\+/i.test(url)) return 'git';
  if (/^https?:/i.test(url)) return 'url';
  const path = localPath(splitFragment(url).bare, surroundings);
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? 'folder' : 'file';
}

function existingGit(
  name: NormalizedName,
  { reference, lfs }: SourceOptions,
  { existing }: SourceSurroundings,
): WrittenSource {
  const git = existing.get(name)?.find((source) => source.kind === 'git');
  if (git?.kind === 'git')
    return {
      git: git.git,
      ...(git.subdirectory === undefined ? {} : { subdirectory: git.subdirectory }),
      ...(reference === undefined ? {} : { [reference.kind]: reference.name }),
      ...(lfs ? { lfs } : {}),
    };
  const option =
    reference === undefined ? 'Git extension (`--lfs`)' : `Git reference (\`--${reference.kind} ${reference.name}\`)`;
  throw new UnusedSourceOptionError(`\`${name}\` did not resolve to a Git repository, but a ${option} was provided.`, {
    hint: `Write it as \`${name} @ git+https://…\``,
  });
}

function memberSource(name: NormalizedName, kind: UrlKind | undefined, editable: boolean | undefined): WrittenSource {
  const other = { git: 'a Git repository', url: 'a URL', file: 'a file' } as const;
  if (kind !== undefined && kind !== 'folder')
    throw new UnusedSourceOptionError(
      `Workspace dependency \`${name}\` must refer to local directory, not ${other[kind]}`,
    );
  return { workspace: true, ...(editable === undefined ? {} : { editable }) };
}

/** Credentials stay out of the file, which others will read. */
function gitSource(url: string, { reference, lfs }: SourceOptions): WrittenSource {
  const { bare, subdirectory } = splitFragment(url.replace(/^git\+/i, ''));
  const [, repository = bare, written] = /^([a-z][a-z0-9+.-]*:\/\/[^/]*\/.*?)(?:@([^@/][^@]*))?$/i.exec(bare) ?? [];
  const git = repository.replace(/^(https?:\/\/)[^/@]*@/i, '$1');
  const named = reference ?? (written === undefined ? undefined : { kind: 'rev', name: written });
  return {
    git,
    ...(subdirectory === undefined ? {} : { subdirectory }),
    ...(named === undefined ? {} : { [named.kind]: named.name }),
    ...(lfs ? { lfs } : {}),
  };
}

function splitFragment(url: string): { readonly bare: string; readonly subdirectory: string | undefined } {
  const at = url.indexOf('#');
  if (at === -1) return { bare: url, subdirectory: undefined };
  const subdirectory = new URLSearchParams(url.slice(at + 1)).get('subdirectory') ?? undefined;
  return { bare: url.slice(0, at), subdirectory };
}

/** Relative where it was given so. */
function shownPath(written: string, { workingFolder, root }: SourceSurroundings): string {
  const path = localPath(written, { workingFolder });
  const shown = isAbsolute(written) || /^file:/i.test(written) ? path : relative(root, path) || '.';
  return shown.replaceAll('\\', '/');
}

function localPath(written: string, { workingFolder }: Pick<SourceSurroundings, 'workingFolder'>): string {
  return /^file:/i.test(written) ? fileURLToPath(written) : resolve(workingFolder, written);
}
