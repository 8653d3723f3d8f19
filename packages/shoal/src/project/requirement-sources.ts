/**
 * Everything that is asked for, from wherever it is written: words of the command line, requirements files and what they
 * include, constraints, overrides, `pyproject.toml`.
 *
 * Includes are relative to the file that names them; paths of requirements to the working folder, as in pip and uv.
 */
import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasErrorCode } from '@shoal/cache';
import {
  formatVersion,
  InvalidRequirementsFileError,
  normalizeName,
  PackagingError,
  parseRequirement,
  parseRequirementsFile,
} from '@shoal/packaging';
import type { NormalizedName, Requirement, RequirementsFileEntry } from '@shoal/packaging';
import { decodeText } from './decode-text.ts';
import { CommandLineRequirementError, RequirementsFileError } from './requirement-errors.ts';
import { refuseUnbuildable, requirementOfLocation } from './requirement-of-location.ts';
import { UnbuildableSourceError } from './unbuildable-source-error.ts';

/** A requirement and where it was read: `-r requirements.in`, `-c constraints.txt`; `undefined` on the command line. */
export interface WrittenRequirement {
  readonly requirement: Requirement;
  readonly origin: string | undefined;
}

/** What the options inside requirements files ask for. */
export interface FileOptions {
  readonly indexUrl: string | undefined;
  readonly extraIndexUrls: readonly string[];
  readonly findLinks: readonly string[];
  readonly noIndex: boolean;
  readonly pre: boolean;
  readonly requireHashes: boolean;
  readonly noBinary: readonly string[];
  readonly onlyBinary: readonly string[];
}

export interface RequirementSources {
  readonly requirements: readonly WrittenRequirement[];
  readonly constraints: readonly WrittenRequirement[];
  readonly overrides: readonly WrittenRequirement[];
  readonly excludes: readonly NormalizedName[];
  /** `algorithm:hex` by `name==version`, or by URL for requirements that name one. */
  readonly digests: ReadonlyMap<string, readonly string[]>;
  readonly options: FileOptions;
  /** What was understood and is not acted on, in words. */
  readonly warnings: readonly string[];
}

export interface RequirementSourcesInput {
  readonly words: readonly string[];
  readonly editables?: readonly string[];
  /** Paths, URLs, or `-` for standard input. */
  readonly files: readonly string[];
  readonly constraintFiles: readonly string[];
  readonly overrideFiles: readonly string[];
  readonly excludeFiles: readonly string[];
  readonly extras: 'all' | readonly string[];
  /** `group`, or `path:group`. */
  readonly groups: readonly string[];
}

export interface ReadingHost {
  readonly folder: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly readStandardInput: () => Promise<string>;
  /** The content behind an `http(s):` URL. */
  readonly fetchText: (url: string) => Promise<Uint8Array>;
}

/** @throws {RequirementsFileError} {CommandLineRequirementError} {UnbuildableSourceError} */
export async function readRequirementSources(
  input: RequirementSourcesInput,
  host: ReadingHost,
): Promise<RequirementSources> {
  const reader = new SourcesReader(input, host);
  for (const word of input.words) reader.addWord(word);
  for (const location of input.editables ?? [])
    throw new UnbuildableSourceError(`-e ${location}`, 'an editable install');
  for (const file of input.files) await reader.readFile(file, { role: 'requirements', from: undefined });
  for (const file of input.constraintFiles) await reader.readFile(file, { role: 'constraints', from: undefined });
  for (const file of input.overrideFiles) await reader.readFile(file, { role: 'overrides', from: undefined });
  for (const file of input.excludeFiles) await reader.readFile(file, { role: 'excludes', from: undefined });
  if (input.groups.length > 0) await reader.addGroups(input.groups);
  return reader.finish();
}

type Role = 'requirements' | 'constraints' | 'overrides' | 'excludes';

interface Reading {
  readonly role: Role;
  /** The file that includes this one. */
  readonly from: string | undefined;
}

const FLAG: Readonly<Record<Role, string>> = {
  requirements: '-r',
  constraints: '-c',
  overrides: '--override',
  excludes: '--excludes',
};

class SourcesReader {
  readonly #input: RequirementSourcesInput;
  readonly #host: ReadingHost;
  readonly #found: Readonly<Record<Role, WrittenRequirement[]>> = {
    requirements: [],
    constraints: [],
    overrides: [],
    excludes: [],
  };
  readonly #digests = new Map<string, string[]>();
  readonly #warnings: string[] = [];
  readonly #options = {
    indexUrl: undefined as string | undefined,
    extraIndexUrls: [] as string[],
    findLinks: [] as string[],
    noIndex: false,
    pre: false,
    requireHashes: false,
    noBinary: [] as string[],
    onlyBinary: [] as string[],
  };
  readonly #open: string[] = [];

  constructor(input: RequirementSourcesInput, host: ReadingHost) {
    this.#input = input;
    this.#host = host;
  }

  addWord(word: string): void {
    try {
      const requirement = requirementOfLocation(word, this.#host.folder) ?? parseRequirement(word);
      if (requirement.url !== undefined) refuseUnbuildable(requirement.url);
      this.#found.requirements.push({ requirement, origin: undefined });
    } catch (error) {
      if (error instanceof PackagingError) throw new CommandLineRequirementError(word, error, hintForWord(word));
      throw error;
    }
  }

  async readFile(written: string, reading: Reading): Promise<void> {
    const place = this.#locate(written, reading);
    const shown = this.#shown(written, reading);
    if (this.#open.includes(place))
      throw new RequirementsFileError(place, `\`${shown}\` includes itself: ${[...this.#open, place].join(' -> ')}`, {
        hint: 'Remove one of the `-r` or `-c` lines',
      });
    if (basename(place) === 'pyproject.toml') return await this.#addPyproject(place, shown, reading);
    if (/^setup\.(?:py|cfg)$/.test(basename(place)))
      throw new UnbuildableSourceError(`${FLAG[reading.role]} ${shown}`, 'a project whose metadata needs a build');
    this.#open.push(place);
    const text = await this.#read(place, shown);
    for (const entry of this.#parse(text, shown)) await this.#add(entry, { place, shown, role: reading.role });
    if (reading.role === 'requirements' && this.#found.requirements.length === 0 && reading.from === undefined)
      this.#warnings.push(`Requirements file \`${shown}\` does not contain any dependencies`);
    this.#open.pop();
  }

  async addGroups(groups: readonly string[]): Promise<void> {
    const { readGroup } = await import('./pyproject.ts');
    for (const group of groups) {
      const [, path = 'pyproject.toml', name = group] = /^(.*):([^:]+)$/.exec(group) ?? [];
      const place = resolve(this.#host.folder, path);
      const requirements = readGroup(await this.#read(place, path), { path, group: name });
      this.#found.requirements.push(...requirements.map((requirement) => ({ requirement, origin: `${path}:${name}` })));
    }
  }

  finish(): RequirementSources {
    const { requirements, constraints, overrides, excludes } = this.#found;
    return {
      requirements,
      constraints,
      overrides,
      excludes: excludes.map(({ requirement }) => requirement.name),
      digests: this.#digests,
      options: this.#options,
      warnings: this.#warnings,
    };
  }

  #locate(written: string, { from }: Reading): string {
    if (written === '-' || /^https?:/i.test(written)) return written;
    if (/^file:/i.test(written)) return fileURLToPath(written);
    if (from === undefined || from === '-') return resolve(this.#host.folder, written);
    return /^https?:/i.test(from) ? new URL(written, from).href : resolve(dirname(from), written);
  }

  /** How messages and annotations name a file: as it was written on the command line, includes relative to the working folder. */
  #shown(written: string, { from }: Reading): string {
    if (from === undefined) return written;
    const place = this.#locate(written, { role: 'requirements', from });
    return place.startsWith(`${this.#host.folder}/`) ? place.slice(this.#host.folder.length + 1) : place;
  }

  async #read(place: string, shown: string): Promise<string> {
    if (place === '-') return await this.#host.readStandardInput();
    const content = /^https?:/i.test(place) ? await this.#host.fetchText(place) : readExisting(place, shown);
    try {
      return decodeText(content);
    } catch (error) {
      if (error instanceof RangeError || (error instanceof TypeError && 'code' in error))
        throw new RequirementsFileError(place, `\`${shown}\` is not text in its encoding`, {
          cause: error,
          hint: 'Save the file as UTF-8',
        });
      throw error;
    }
  }

  #parse(text: string, shown: string): RequirementsFileEntry[] {
    try {
      return parseRequirementsFile(text, { variables: this.#host.variables });
    } catch (error) {
      if (!(error instanceof InvalidRequirementsFileError)) throw error;
      throw new RequirementsFileError(
        shown,
        `${error.message} in \`${shown}\` at ${shown}:${error.line}:${error.column}`,
        { cause: error.cause },
      );
    }
  }

  async #add(
    entry: RequirementsFileEntry,
    file: { readonly place: string; readonly shown: string; readonly role: Role },
  ): Promise<void> {
    switch (entry.kind) {
      case 'requirement':
        return this.#addRequirement(entry.requirement, entry.hashes, file);
      case 'unnamed':
        return this.#addRequirement(this.#named(entry.location, `${file.shown}:${entry.line}`), entry.hashes, file);
      case 'editable':
        throw new UnbuildableSourceError(`-e ${entry.location}`, `an editable install (${file.shown}:${entry.line})`);
      case 'include':
        return await this.readFile(entry.path, { role: file.role, from: file.place });
      case 'constraint':
        return await this.readFile(entry.path, { role: 'constraints', from: file.place });
      default:
        return this.#addOption(entry, file);
    }
  }

  #named(location: string, where: string): Requirement {
    try {
      const requirement = requirementOfLocation(location, this.#host.folder);
      if (requirement !== undefined) return requirement;
    } catch (error) {
      if (error instanceof PackagingError)
        throw new RequirementsFileError(where, `Couldn't parse requirement at ${where}`, { cause: error });
      throw error;
    }
    throw new UnbuildableSourceError(location, `no wheel (${where})`);
  }

  #addRequirement(
    requirement: Requirement,
    hashes: readonly string[],
    { shown, role }: { readonly shown: string; readonly role: Role },
  ): void {
    if (requirement.url !== undefined) refuseUnbuildable(requirement.url);
    this.#found[role].push({ requirement, origin: `${FLAG[role]} ${shown}` });
    if (hashes.length === 0) return;
    const key = pinOf(requirement);
    if (key !== undefined) this.#digests.set(key, [...(this.#digests.get(key) ?? []), ...hashes]);
  }

  #addOption(
    entry: Exclude<
      RequirementsFileEntry,
      { readonly kind: 'requirement' | 'unnamed' | 'editable' | 'include' | 'constraint' }
    >,
    file: { readonly place: string; readonly shown: string },
  ): void {
    const options = this.#options;
    const located = 'location' in entry ? this.#indexPlace(entry.location, file.place) : '';
    if (entry.kind === 'index-url') options.indexUrl = located;
    else if (entry.kind === 'extra-index-url') options.extraIndexUrls.push(located);
    else if (entry.kind === 'find-links') options.findLinks.push(located);
    else if (entry.kind === 'no-index') options.noIndex = true;
    else if (entry.kind === 'pre') options.pre = true;
    else if (entry.kind === 'require-hashes') options.requireHashes = true;
    else if (entry.kind === 'no-binary') options.noBinary.push(...entry.names);
    else if (entry.kind === 'only-binary') options.onlyBinary.push(...entry.names);
    else if (entry.kind === 'unsupported')
      this.#warnings.push(
        `Ignoring unsupported option in \`${file.shown}\` (line ${entry.line}): \`${entry.option}\`${entry.option === '--trusted-host' ? ' (hint: use `--allow-insecure-host` instead)' : ''}`,
      );
  }

  /** Paths to links are relative to the file that names them. */
  #indexPlace(location: string, place: string): string {
    if (/^[a-z][a-z0-9+.-]+:/i.test(location) || place === '-' || /^https?:/i.test(place)) return location;
    return resolve(dirname(place), location);
  }

  async #addPyproject(place: string, shown: string, { role }: Reading): Promise<void> {
    const { readProjectRequirements } = await import('./pyproject.ts');
    const requirements = readProjectRequirements(await this.#read(place, shown), {
      path: shown,
      extras: this.#input.extras,
    });
    this.#found[role].push(...requirements.map(({ requirement, origin }) => ({ requirement, origin })));
  }
}

function readExisting(place: string, shown: string): Uint8Array {
  try {
    return readFileSync(place);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR'))
      throw new RequirementsFileError(place, `File not found: ${shown}`, {
        hint: `Is the path right? It was looked for at \`${place}\``,
      });
    if (hasErrorCode(error, 'EACCES', 'EISDIR', 'EPERM'))
      throw new RequirementsFileError(place, `Failed to read \`${shown}\``, { cause: error });
    throw error;
  }
}

/** What hashes belong to: `name==version`, or the URL. */
function pinOf({ name, url, specifiers }: Requirement): string | undefined {
  if (url !== undefined) return url;
  const pin = specifiers.specifiers.find(({ operator, wildcard }) => operator === '==' && !wildcard);
  return pin?.version === undefined ? undefined : `${name}==${formatVersion(pin.version)}`;
}

function hintForWord(word: string): string | undefined {
  if (/\.(?:txt|in)$/.test(word))
    return `\`${word}\` looks like a local requirements file but was passed as a package name. Did you mean \`-r ${word}\`?`;
  return word.endsWith('pyproject.toml') ? `Did you mean \`-r ${word}\`?` : undefined;
}

/** Names for `--no-binary` and the like: `:all:` is everything, `:none:` takes back what came before. @throws {InvalidNameError} */
export function selectProjects(names: readonly string[]): 'all' | ReadonlySet<NormalizedName> {
  let selection: 'all' | Set<NormalizedName> = new Set();
  for (const name of names) {
    if (name === ':all:') selection = 'all';
    else if (name === ':none:') selection = new Set();
    else if (selection !== 'all') selection.add(normalizeName(name));
  }
  return selection;
}
