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

/** Requirements as the table changes them: what is at a URL or a path, or in a repository. */
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
          hint: `Give a \`url\`, a \`path\` or a \`git\` repository, or ignore the source with \`--no-sources-package ${requirement.name}\``,
        },
      );
    return { ...requirement, url, specifiers: emptySpecifierSet };
  }

  /** `undefined` for kinds that this release does not have: indexes, workspaces, choices by marker. */
  #urlOf(source: unknown): string | undefined {
    if (typeof source !== 'object' || source === null || Array.isArray(source)) return undefined;
    const fields: Table = { ...source };
    const { url, path, git, subdirectory, ...others } = fields;
    const fragment = typeof subdirectory === 'string' ? `#subdirectory=${subdirectory}` : '';
    const { rev, tag, branch, editable, ...unknown } = others;
    if (Object.keys(unknown).length > 0 || editable === true) return undefined;
    if (typeof git === 'string') {
      const reference = [rev, tag, branch].find((one) => typeof one === 'string');
      return `git+${git.replace(/^git\+/, '')}${reference === undefined ? '' : `@${reference}`}${fragment}`;
    }
    if (typeof url === 'string') return `${url}${fragment}`;
    return typeof path === 'string'
      ? `${pathToFileURL(resolve(this.#policy.folder, path)).href}${fragment}`
      : undefined;
  }
}
