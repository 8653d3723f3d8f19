/** What is asked for, gathered as it is read: requirements with and without names, limits, hashes and options of files. */
import { dirname, resolve } from 'node:path';
import { formatVersion, parseRequirement } from '@shoal/packaging';
import type { NormalizedName, Requirement, RequirementsFileEntry } from '@shoal/packaging';
import { RequirementsFileError } from './requirement-errors.ts';
import { requirementOfPlace } from './requirement-of-location.ts';
import type { UnnamedRequirement } from './requirement-of-location.ts';

/** A requirement and where it was read: `-r requirements.in`, `-c constraints.txt`; `undefined` on the command line. */
export interface WrittenRequirement {
  readonly requirement: Requirement;
  readonly origin: string | undefined;
}

/** A requirement that only its source can name, and where it was read. */
export interface WrittenLocation extends UnnamedRequirement {
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

/** Everything that was found. */
export interface RequirementSources {
  readonly requirements: readonly WrittenRequirement[];
  /** Of the requirements: those without a name. */
  readonly unnamed: readonly WrittenLocation[];
  /** The URLs of what is to be installed editable. */
  readonly editables: ReadonlySet<string>;
  readonly constraints: readonly WrittenRequirement[];
  readonly buildConstraints: readonly WrittenRequirement[];
  readonly overrides: readonly WrittenRequirement[];
  readonly excludes: readonly NormalizedName[];
  /** `algorithm:hex` by `name==version`, or by URL for requirements that name one. */
  readonly digests: ReadonlyMap<string, readonly string[]>;
  readonly options: FileOptions;
  /** What was understood and is not acted on, in words. */
  readonly warnings: readonly string[];
}

/** What the lines of a file are. */
export type Role = 'requirements' | 'constraints' | 'buildConstraints' | 'overrides' | 'excludes';

/** How annotations name the files of each role. */
export const FLAG: Readonly<Record<Role, string>> = {
  requirements: '-r',
  constraints: '-c',
  buildConstraints: '-b',
  overrides: '--override',
  excludes: '--excludes',
};

/** An option in a requirements file. */
type OptionEntry = Exclude<
  RequirementsFileEntry,
  { readonly kind: 'requirement' | 'unnamed' | 'editable' | 'include' | 'constraint' }
>;

export class RequirementCollector {
  readonly #folder: string;
  readonly #found: Readonly<Record<Role, WrittenRequirement[]>> = {
    requirements: [],
    constraints: [],
    buildConstraints: [],
    overrides: [],
    excludes: [],
  };
  readonly #unnamed: WrittenLocation[] = [];
  readonly #editables = new Set<string>();
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

  /** @param folder Where relative paths of requirements start. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Whether nothing is required yet. */
  isEmpty(): boolean {
    return this.#found.requirements.length + this.#unnamed.length === 0;
  }

  warn(text: string): void {
    this.#warnings.push(text);
  }

  take(found: Requirement | UnnamedRequirement, origin: string | undefined): void {
    if ('name' in found) this.#found.requirements.push({ requirement: found, origin });
    else this.#unnamed.push({ ...found, origin });
  }

  /** `-e name @ URL` too. */
  takeEditable(location: string, origin: string | undefined): void {
    const isNamed = /^[A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?\s*@\s/.test(location);
    const found = isNamed ? parseRequirement(location) : requirementOfPlace(location, this.#folder);
    if (found.url !== undefined) this.#editables.add(found.url);
    this.take(found, origin);
  }

  addRequirement(
    requirement: Requirement | UnnamedRequirement,
    hashes: readonly string[],
    { shown, role }: { readonly shown: string; readonly role: Role },
  ): void {
    const origin = shown === '-' ? undefined : `${FLAG[role]} ${shown}`;
    if ('name' in requirement) this.#found[role].push({ requirement, origin });
    else if (role === 'requirements') this.#unnamed.push({ ...requirement, origin });
    else
      throw new RequirementsFileError(
        shown,
        `Unnamed requirements are not allowed in \`${shown}\`: \`${requirement.url}\``,
        {
          hint: 'Write it as `name @ URL`',
        },
      );
    if (hashes.length === 0) return;
    const key = 'name' in requirement ? pinOf(requirement) : requirement.url;
    if (key !== undefined) this.#digests.set(key, [...(this.#digests.get(key) ?? []), ...hashes]);
  }

  addOption(entry: OptionEntry, file: { readonly place: string; readonly shown: string }): void {
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

  sources(): RequirementSources {
    const { requirements, constraints, buildConstraints, overrides, excludes } = this.#found;
    return {
      requirements,
      unnamed: this.#unnamed,
      editables: this.#editables,
      constraints,
      buildConstraints,
      overrides,
      excludes: excludes.map(({ requirement }) => requirement.name),
      digests: this.#digests,
      options: this.#options,
      warnings: this.#warnings,
    };
  }
}

/** What hashes belong to: `name==version`, or the URL. */
function pinOf({ name, url, specifiers }: Requirement): string | undefined {
  if (url !== undefined) return url;
  const pin = specifiers.specifiers.find(({ operator, wildcard }) => operator === '==' && !wildcard);
  return pin?.version === undefined ? undefined : `${name}==${formatVersion(pin.version)}`;
}
