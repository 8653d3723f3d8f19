/**
 * Everything that is asked for, from wherever it is written: words of the command line, requirements files and what they
 * include, constraints, overrides, `pyproject.toml`.
 *
 * Includes are relative to the file that names them; paths of requirements to the working folder, as in pip and uv.
 */
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  InvalidRequirementsFileError,
  PackagingError,
  parseRequirement,
  parseRequirementsFile,
} from '@shoal/packaging';
import type { Requirement, RequirementsFileEntry } from '@shoal/packaging';
import { fileKindOf } from './file-kind.ts';
import { readTextFile } from './read-text-file.ts';
import type { FilePlace } from './read-text-file.ts';
import {
  CommandLineRequirementError,
  ExtrasWithoutProjectError,
  includeError,
  RequirementsFileError,
  unnamedConstraint,
} from './requirement-errors.ts';
import { FLAG, RequirementCollector } from './requirement-collector.ts';
import type { RequirementSources, Role, WrittenRequirement } from './requirement-collector.ts';
import { hasScriptMetadata } from './script-metadata.ts';
import type { SourcePolicy } from './source-table.ts';
import { requirementOfLocation, requirementOfPlace } from './requirement-of-location.ts';
import type { UnnamedRequirement } from './requirement-of-location.ts';
import { DynamicRequirementsError } from './dynamic-requirements-error.ts';

export type { RequirementSources } from './requirement-collector.ts';

export interface RequirementSourcesInput {
  readonly words: readonly string[];
  readonly editables?: readonly string[];
  /** Paths, URLs, or `-` for standard input. */
  readonly files: readonly string[];
  readonly constraintFiles: readonly string[];
  readonly buildConstraintFiles?: readonly string[];
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

/** @throws {RequirementsFileError} {CommandLineRequirementError} {ExtrasWithoutProjectError} {DynamicRequirementsError} */
export async function readRequirementSources(
  input: RequirementSourcesInput,
  host: ReadingHost,
): Promise<RequirementSources> {
  if (input.extras.length > 0 && !input.files.some((file) => ['pyproject', 'setup', 'lock'].includes(fileKindOf(file))))
    throw new ExtrasWithoutProjectError();
  const reader = new SourcesReader(input, host);
  for (const word of input.words) reader.addWord(word);
  for (const location of input.editables ?? []) reader.addEditable(location);
  for (const file of input.files) await reader.readFile(file, { role: 'requirements', from: undefined });
  for (const file of input.constraintFiles) await reader.readFile(file, { role: 'constraints', from: undefined });
  for (const file of input.buildConstraintFiles ?? [])
    await reader.readFile(file, { role: 'buildConstraints', from: undefined });
  for (const file of input.overrideFiles) await reader.readFile(file, { role: 'overrides', from: undefined });
  for (const file of input.excludeFiles) await reader.readFile(file, { role: 'excludes', from: undefined });
  if (input.groups.length > 0) await reader.addGroups(input.groups);
  return reader.finish();
}

interface Reading {
  readonly role: Role;
  /** The file that includes this one. */
  readonly from: string | undefined;
}

class SourcesReader {
  readonly #input: RequirementSourcesInput;
  readonly #host: ReadingHost;
  readonly #collector: RequirementCollector;
  readonly #open: string[] = [];

  constructor(input: RequirementSourcesInput, host: ReadingHost) {
    this.#input = input;
    this.#host = host;
    this.#collector = new RequirementCollector(host.folder);
  }

  addWord(word: string): void {
    try {
      this.#collector.take(requirementOfLocation(word, this.#host.folder) ?? parseRequirement(word), undefined);
    } catch (error) {
      if (error instanceof PackagingError) throw new CommandLineRequirementError(word, error, hintForWord(word));
      throw error;
    }
  }

  /** @throws {CommandLineRequirementError} */
  addEditable(location: string): void {
    try {
      this.#collector.takeEditable(location, undefined);
    } catch (error) {
      if (error instanceof PackagingError) throw new CommandLineRequirementError(`-e ${location}`, error);
      throw error;
    }
  }

  finish(): RequirementSources {
    return this.#collector.sources();
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
    if (kind === 'setup') throw new DynamicRequirementsError(shown);
    const text = await this.#read(place, shown);
    if (kind === 'script' || (reading.role === 'requirements' && hasScriptMetadata(text)))
      return await this.#addScript(text, { place, shown });
    this.#open.push(key);
    for (const entry of this.#parse(text, shown)) await this.#add(entry, { place, shown, role: reading.role });
    if (reading.role === 'requirements' && this.#collector.isEmpty() && reading.from === undefined)
      this.#collector.warn(`Requirements file \`${shown}\` does not contain any dependencies`);
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
        return this.#collector.addRequirement(entry.requirement, entry.hashes, file);
      case 'unnamed':
        if (file.role === 'constraints') throw unnamedConstraint(entry.location, `${file.shown}:${entry.line}`);
        return this.#collector.addRequirement(
          this.#located(entry.location, `${file.shown}:${entry.line}`),
          entry.hashes,
          file,
        );
      case 'editable':
        return this.#addEditableLine(entry.location, `${file.shown}:${entry.line}`, file);
      case 'include':
      case 'constraint':
        return await this.#include(entry, file);
      default:
        return this.#collector.addOption(entry, file);
    }
  }

  async #include(
    entry: Extract<RequirementsFileEntry, { readonly kind: 'include' | 'constraint' }>,
    file: { readonly place: string; readonly shown: string; readonly role: Role },
  ): Promise<void> {
    try {
      const role = entry.kind === 'constraint' ? 'constraints' : file.role;
      return await this.readFile(entry.path, { role, from: file.place });
    } catch (error) {
      if (error instanceof RequirementsFileError) throw includeError(file.shown, entry.line, error);
      throw error;
    }
  }

  #located(location: string, where: string): Requirement | UnnamedRequirement {
    return this.#reading(where, () => requirementOfPlace(location, this.#host.folder));
  }

  #addEditableLine(
    location: string,
    where: string,
    { shown, role }: { readonly shown: string; readonly role: Role },
  ): void {
    if (role !== 'requirements')
      throw new RequirementsFileError(where, `Only requirements can be editable, not what stands at ${where}`, {
        hint: 'Move the line into a requirements file',
      });
    this.#reading(where, () => this.#collector.takeEditable(location, `${FLAG[role]} ${shown}`));
  }

  #reading<Result>(where: string, read: () => Result): Result {
    try {
      return read();
    } catch (error) {
      if (error instanceof PackagingError)
        throw new RequirementsFileError(where, `Couldn't parse requirement at ${where}`, { cause: error });
      throw error;
    }
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
    for (const { requirement, origin } of found) this.#collector.take(table.apply(requirement), origin);
  }
}

function hintForWord(word: string): string | undefined {
  if (/\.(?:txt|in)$/.test(word))
    return `\`${word}\` looks like a local requirements file but was passed as a package name. Did you mean \`-r ${word}\`?`;
  return word.endsWith('pyproject.toml') ? `Did you mean \`-r ${word}\`?` : undefined;
}
