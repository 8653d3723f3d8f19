/**
 * Everything that is asked for, from wherever it is written: words of the command line, requirements files and what they
 * include, constraints, overrides, `pyproject.toml`.
 *
 * Includes are relative to the file that names them; paths of requirements to the working folder, as in pip and uv.
 */
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  formatVersion,
  InvalidRequirementsFileError,
  normalizeName,
  PackagingError,
  parseRequirement,
  parseRequirementsFile,
} from '@shoal/packaging';
import type { NormalizedName, Requirement, RequirementsFileEntry } from '@shoal/packaging';
import { fileKindOf } from './file-kind.ts';
import { readTextFile } from './read-text-file.ts';
import type { FilePlace } from './read-text-file.ts';
import { CommandLineRequirementError, ExtrasWithoutProjectError, RequirementsFileError } from './requirement-errors.ts';
import { hasScriptMetadata } from './script-metadata.ts';
import type { SourcePolicy } from './source-table.ts';
import { refuseUnbuildable, requirementOfLocation } from './requirement-of-location.ts';
import { UnbuildableSourceError } from './unbuildable-source-error.ts';

/** A requirement and where it was read: `-r requirements.in`, `-c constraints.txt`; `undefined` on the command line. */
export interface WrittenRequirement {
  readonly requirement: Requirement;
  readonly origin: string | undefined;
}

/** A page or folder of files: a URL or an absolute path, and as the file has it. */
export interface LinkPlace {
  readonly location: string;
  readonly written: string;
}

/** What the options inside requirements files ask for. */
export interface FileOptions {
  readonly indexUrl: string | undefined;
  readonly extraIndexUrls: readonly string[];
  readonly findLinks: readonly LinkPlace[];
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
  /** Projects that `tool.uv.sources` does not speak of; absent is none. */
  readonly ignoredSources?: SourcePolicy['ignored'];
}

export interface ReadingHost {
  readonly folder: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly readStandardInput: () => Promise<string>;
  /** The content behind an `http(s):` URL. */
  readonly fetchText: (url: string) => Promise<Uint8Array>;
}

/** @throws {RequirementsFileError} {CommandLineRequirementError} {ExtrasWithoutProjectError} {UnbuildableSourceError} */
export async function readRequirementSources(
  input: RequirementSourcesInput,
  host: ReadingHost,
): Promise<RequirementSources> {
  if (input.extras.length > 0 && !input.files.some((file) => ['pyproject', 'setup', 'lock'].includes(fileKindOf(file))))
    throw new ExtrasWithoutProjectError();
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
    findLinks: [] as LinkPlace[],
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
    // What a file holds is there already when it includes itself, directly or not.
    const key = `${reading.role} ${place}`;
    if (this.#open.includes(key)) return;
    const kind = fileKindOf(place);
    if (kind !== 'requirements' && reading.role !== 'requirements')
      throw new RequirementsFileError(
        place,
        `\`${shown}\` holds no ${reading.role}: they are read from files in the format of \`requirements.txt\``,
      );
    if (kind === 'pyproject') return await this.#addPyproject(place, shown);
    if (kind === 'lock')
      throw new RequirementsFileError(
        place,
        `\`${shown}\` is a lockfile (PEP 751), which this release cannot install from`,
        {
          hint: 'Use a requirements file with hashes, as `pip compile --generate-hashes` writes it',
        },
      );
    if (kind === 'setup')
      throw new UnbuildableSourceError(`${FLAG[reading.role]} ${shown}`, 'a project whose metadata needs a build');
    const text = await this.#read(place, shown);
    if (kind === 'script' || (reading.role === 'requirements' && hasScriptMetadata(text)))
      return await this.#addScript(text, { place, shown });
    this.#open.push(key);
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
      const text = await this.#read(place, path);
      await this.#addFrom(readGroup(text, { path, group: name }), text, { place, shown: path });
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
    return place === '-' ? await this.#host.readStandardInput() : await readTextFile({ place, shown }, this.#host);
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
    this.#found[role].push({ requirement, origin: shown === '-' ? undefined : `${FLAG[role]} ${shown}` });
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
    else if (entry.kind === 'find-links') options.findLinks.push({ location: located, written: entry.location });
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

  async #addPyproject(place: string, shown: string): Promise<void> {
    const { readProjectRequirements } = await import('./pyproject.ts');
    const text = await this.#read(place, shown);
    const { extras } = this.#input;
    await this.#addFrom(readProjectRequirements(text, { path: shown, extras }), text, { place, shown });
  }

  async #addScript(text: string, { place, shown }: FilePlace): Promise<void> {
    const [{ readScriptMetadata }, { readScriptRequirements }] = await Promise.all([
      import('./script-metadata.ts'),
      import('./pyproject.ts'),
    ]);
    const metadata = readScriptMetadata(text, shown);
    if (metadata === undefined)
      throw new RequirementsFileError(place, `\`${shown}\` does not contain inline script metadata`, {
        hint: 'Scripts list what they need in a block of comments that begins with `# /// script`',
      });
    const found = readScriptRequirements(metadata, shown).map((requirement) => ({
      requirement,
      origin: `-r ${shown}`,
    }));
    await this.#addFrom(found, metadata, { place, shown });
  }

  /** Requirements of a TOML document, from where its `tool.uv.sources` has them. */
  async #addFrom(found: readonly WrittenRequirement[], toml: string, { place, shown }: FilePlace): Promise<void> {
    const { readSourceTable } = await import('./pyproject.ts');
    const folder = place === '-' || /^https?:/i.test(place) ? this.#host.folder : dirname(place);
    const table = readSourceTable(toml, shown, { folder, ignored: this.#input.ignoredSources ?? new Set() });
    for (const { requirement, origin } of found)
      this.#found.requirements.push({ requirement: table.apply(requirement), origin });
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
