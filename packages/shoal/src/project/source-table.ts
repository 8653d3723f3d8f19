/** `[tool.uv.sources]`: where the projects that a file requires come from instead of an index. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { emptySpecifierSet, tryNormalizeName } from '@shoal/packaging';
import type { NormalizedName, Requirement } from '@shoal/packaging';
import { RequirementsFileError } from './requirement-errors.ts';

type Table = Readonly<Record<string, unknown>>;

/** What of the table counts. */
export interface SourcePolicy {
  /** Where paths in the table start. */
  readonly folder: string;
  /** `--no-sources` and `--no-sources-package`. */
  readonly ignored: 'all' | ReadonlySet<NormalizedName>;
}

/** Requirements as the table changes them: wheels at a URL or a path. */
export class SourceTable {
  readonly #sources: ReadonlyMap<NormalizedName, unknown>;
  readonly #policy: SourcePolicy;
  /** How messages name the file. */
  readonly #shown: string;

  /** @param sources the table; `undefined` when the file has none. */
  constructor(sources: Table | undefined, policy: SourcePolicy, shown: string) {
    this.#policy = policy;
    this.#shown = shown;
    this.#sources = new Map(
      Object.entries(sources ?? {}).flatMap(([name, source]): [NormalizedName, unknown][] => {
        const normalized = tryNormalizeName(name);
        return normalized === undefined ? [] : [[normalized, source]];
      }),
    );
  }

  /** @throws {RequirementsFileError} for a source of a kind that this release does not have. */
  apply(requirement: Requirement): Requirement {
    const { ignored } = this.#policy;
    const source = this.#sources.get(requirement.name);
    if (source === undefined || ignored === 'all' || ignored.has(requirement.name)) return requirement;
    const url = this.#urlOf(source);
    if (url === undefined)
      throw new RequirementsFileError(
        this.#shown,
        `The source of \`${requirement.name}\` in \`${this.#shown}\` (\`tool.uv.sources\`) is not available in this release`,
        {
          hint: `Give the \`url\` or \`path\` of a wheel, or ignore the source with \`--no-sources-package ${requirement.name}\``,
        },
      );
    return { ...requirement, url, specifiers: emptySpecifierSet };
  }

  #urlOf(source: unknown): string | undefined {
    if (typeof source !== 'object' || source === null || Object.keys(source).length !== 1) return undefined;
    const { url, path }: { readonly url?: unknown; readonly path?: unknown } = source;
    if (typeof url === 'string') return isWheel(url) ? url : undefined;
    if (typeof path !== 'string' || !isWheel(path)) return undefined;
    return pathToFileURL(resolve(this.#policy.folder, path)).href;
  }
}

function isWheel(location: string): boolean {
  return /\.whl(?:[?#].*)?$/i.test(location);
}
