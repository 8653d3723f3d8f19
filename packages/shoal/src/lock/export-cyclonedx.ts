/**
 * An export as a CycloneDX 1.5 bill of materials.
 *
 * @see https://cyclonedx.org/docs/1.5/json/
 */
import { formatMarker } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import type { ExportedPackage } from './export-graph.ts';
import type { LockedDependency, LockedPackage, Lockfile } from './lockfile.ts';

export interface CycloneDxStyle {
  readonly tool: { readonly vendor: string; readonly name: string; readonly version: string };
  readonly withHashes: boolean;
  /** Describe a whole workspace: nothing that a member alone needs hangs loose. */
  readonly isWhole: boolean;
  /** What the bill is about; `undefined` for several at once. */
  readonly subject: NormalizedName | undefined;
  /** `urn:uuid:…`. */
  readonly serialNumber: string;
  /** ISO 8601. */
  readonly timestamp: string;
}

interface Component {
  readonly type: 'library';
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
  readonly externalReferences?: readonly unknown[];
  readonly properties?: readonly Property[];
}

interface Property {
  readonly name: string;
  readonly value: string;
}

export function exportCycloneDx(
  lockfile: Lockfile,
  packages: readonly ExportedPackage[],
  style: CycloneDxStyle,
): string {
  return `${JSON.stringify(new BillOfMaterials(lockfile, packages, style).document(), undefined, 2)}\n`;
}

class BillOfMaterials {
  readonly #lockfile: Lockfile;
  readonly #packages: readonly ExportedPackage[];
  readonly #style: CycloneDxStyle;
  readonly #references = new Map<LockedPackage, string>();
  #count = 0;

  constructor(lockfile: Lockfile, packages: readonly ExportedPackage[], style: CycloneDxStyle) {
    this.#lockfile = lockfile;
    this.#packages = packages;
    this.#style = style;
  }

  document(): unknown {
    const { tool, serialNumber, timestamp, isWhole } = this.#style;
    const root = this.#root();
    const members = new Set(this.#lockfile.manifest.members);
    const own = root && this.#component(root, [{ name: 'uv:package:is_project_root', value: 'true' }]);
    const components = this.#packages
      .filter(({ locked }) => locked !== root)
      .map(({ locked, marker }) =>
        this.#component(locked, [...placeOf(locked, members), ...conditionOf(formatMarker(marker))]),
      );
    const dependencies = this.#packages.map(({ locked }) => ({
      ref: this.#references.get(locked),
      ...dependsOn(this.#needed(locked)),
    }));
    const whole = isWhole || own === undefined ? this.#whole(root, members) : undefined;
    return {
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      version: 1,
      serialNumber,
      metadata: { timestamp, tools: [tool], component: whole?.component ?? own },
      components: whole === undefined || own === undefined ? components : [...components, own],
      dependencies: whole === undefined ? dependencies : [...dependencies, whole.dependency],
    };
  }

  /** The one package that the bill is about; else the project at the root of the workspace. */
  #root(): LockedPackage | undefined {
    const { subject } = this.#style;
    const named = this.#packages.find(({ locked }) => locked.name === subject)?.locked;
    return (
      named ??
      this.#lockfile.packages.find(
        ({ source }) => (source.kind === 'editable' || source.kind === 'virtual') && source.path === '.',
      )
    );
  }

  /** What stands for the workspace, and depends on all of its members. */
  #whole(
    root: LockedPackage | undefined,
    members: ReadonlySet<NormalizedName>,
  ): { readonly component: Component; readonly dependency: unknown } {
    const name = root?.name ?? 'uv-workspace';
    const reference = this.#reference(name, undefined);
    const own = this.#packages.filter(({ locked }) => members.has(locked.name) || locked === root);
    const listed = own.flatMap(({ locked }) => this.#references.get(locked) ?? []);
    return {
      component: {
        type: 'library',
        'bom-ref': reference,
        name,
        properties: [{ name: 'uv:package:is_synthetic_root', value: 'true' }],
      },
      dependency: { ref: reference, ...dependsOn([...new Set(listed)].toSorted()) },
    };
  }

  #component(locked: LockedPackage, properties: readonly Property[]): Component {
    const { name, version } = locked;
    const reference = this.#reference(name, version);
    this.#references.set(locked, reference);
    const purl = purlOf(locked);
    const files = this.#style.withHashes ? filesOf(locked) : [];
    return {
      type: 'library',
      'bom-ref': reference,
      name,
      ...(version === undefined ? {} : { version }),
      ...(purl === undefined ? {} : { purl }),
      ...(files.length === 0 ? {} : { externalReferences: files }),
      ...(properties.length === 0 ? {} : { properties }),
    };
  }

  #reference(name: string, version: string | undefined): string {
    this.#count += 1;
    return `${name}-${this.#count}${version === undefined ? '' : `@${version}`}`;
  }

  #needed(locked: LockedPackage): readonly string[] {
    const { dependencies, optionalDependencies, devDependencies } = locked;
    const all = [dependencies, ...optionalDependencies.values(), ...devDependencies.values()].flat();
    const references = all.flatMap((dependency) => this.#references.get(this.#target(dependency)) ?? []);
    return [...new Set(references)].toSorted();
  }

  #target({ name, version, source }: LockedDependency): LockedPackage {
    const found = this.#lockfile.packages.find(
      (one) =>
        one.name === name &&
        (version === undefined || one.version === version) &&
        (source === undefined || JSON.stringify(one.source) === JSON.stringify(source)),
    );
    if (found === undefined) throw new RangeError(`no package for the dependency on ${name}`);
    return found;
  }
}

function dependsOn(references: readonly string[]): { readonly dependsOn?: readonly string[] } {
  return references.length === 0 ? {} : { dependsOn: references };
}

function placeOf({ name, source }: LockedPackage, members: ReadonlySet<NormalizedName>): readonly Property[] {
  return members.has(name) && 'path' in source ? [{ name: 'uv:workspace:path', value: source.path }] : [];
}

function conditionOf(marker: string | undefined): readonly Property[] {
  return marker === undefined ? [] : [{ name: 'uv:package:marker', value: marker }];
}

const ALGORITHMS: Readonly<Record<string, string>> = {
  md5: 'MD5',
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
};

function filesOf({ sdist, wheels }: LockedPackage): readonly unknown[] {
  return [...(sdist === undefined ? [] : [sdist]), ...wheels].flatMap(({ url, hash }) => {
    const [algorithm = '', content] = hash?.split(':') ?? [];
    const alg = ALGORITHMS[algorithm];
    return url === undefined || alg === undefined ? [] : [{ type: 'distribution', url, hashes: [{ alg, content }] }];
  });
}

/** A package URL; local packages have none. */
function purlOf({ name, version, source }: LockedPackage): string | undefined {
  const base = `pkg:pypi/${encoded(name)}${version === undefined ? '' : `@${encoded(version)}`}`;
  switch (source.kind) {
    case 'registry':
      return /^https?:/.test(source.location) && !source.location.startsWith('https://pypi.org/')
        ? `${base}?repository_url=${encoded(source.location)}`
        : base;
    case 'git':
      return `${base}?vcs_url=${encoded(source.url)}`;
    case 'url':
      return `${base}?download_url=${encoded(source.url)}`;
    default:
      return undefined;
  }
}

function encoded(text: string): string {
  return text.replaceAll(/[ "#%<>`?{};=+@\\[\]^|]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
}
