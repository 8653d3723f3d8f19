/** Hints beside a failed resolution: each says one thing that will probably help. */
import { formatVersion, type NormalizedName, type Version } from '@shoal/packaging';

/** Hints of the same kind about the same project are told once. */
export interface Hint {
  readonly key: string;
  readonly text: string;
}

export function hintPrereleases(name: NormalizedName, version: Version, perProject: boolean): Hint {
  const option = perProject ? `--prerelease-package ${name}=allow` : '--prerelease=allow';
  return {
    key: `prerelease-available ${name}`,
    text: `Pre-releases are available for \`${name}\` in the requested range (e.g., ${formatVersion(version)}), but pre-releases weren't enabled (try: \`${option}\`)`,
  };
}

export function hintPrereleaseRequested(name: NormalizedName, range: string, perProject: boolean): Hint {
  const option = perProject ? `--prerelease-package ${name}=allow` : '--prerelease=allow';
  return {
    key: `prerelease-requested ${name}`,
    text: `\`${name}\` was requested with a pre-release marker (e.g., ${range}), but pre-releases weren't enabled (try: \`${option}\`)`,
  };
}

export const noIndexHint: Hint = {
  key: 'no-index',
  text: 'Packages were unavailable because index lookups were disabled and no additional package locations were provided (try: `--find-links <uri>`)',
};

export const offlineHint: Hint = {
  key: 'offline',
  text: 'Packages were unavailable because the network was disabled. When the network is disabled, registry packages may only be read from the cache.',
};

export function hintInvalidMetadata(name: NormalizedName, detail: string, version?: Version): Hint {
  const which =
    version === undefined
      ? `\`${name}\` could not be parsed.`
      : `\`${name}\` (v${formatVersion(version)}) could not be parsed:`;
  return { key: `invalid-metadata ${name}`, text: `Metadata for ${which}\n  ${detail}` };
}

export function hintInconsistentMetadata(name: NormalizedName, detail: string, version: Version): Hint {
  return {
    key: `inconsistent-metadata ${name}`,
    text: `Metadata for \`${name}\` (v${formatVersion(version)}) was inconsistent:\n  ${detail}`,
  };
}

export function hintInvalidStructure(name: NormalizedName, detail: string, version?: Version): Hint {
  const which =
    version === undefined ? `\`${name}\` was invalid` : `\`${name}\` (v${formatVersion(version)}) was invalid:`;
  return { key: `invalid-structure ${name}`, text: `The structure of ${which}\n  ${detail}` };
}

export function hintNetwork(name: NormalizedName, status: string, version?: Version): Hint {
  const which = version === undefined ? `\`${name}\`` : `\`${name}\` (v${formatVersion(version)})`;
  return {
    key: `network ${name}`,
    text: `Metadata for ${which} could not be fetched; the server returned: \`${status}\``,
  };
}

/** @param range The versions of the project that need another Python: `foo>=2`. */
export function hintRequiresPython(
  source: 'requires-python' | 'python-version' | 'interpreter',
  {
    ours,
    range,
    plural,
    theirs,
  }: { readonly ours: string; readonly range: string; readonly plural: boolean; readonly theirs: string },
): Hint {
  const example = `(e.g., ${range} only ${plural ? 'support' : 'supports'} ${theirs})`;
  const texts = {
    'requires-python': `The \`requires-python\` value (${ours}) includes Python versions that are not supported by your dependencies ${example}. Consider using a more restrictive \`requires-python\` value (like ${theirs}).`,
    'python-version': `The \`--python-version\` value (${ours}) includes Python versions that are not supported by your dependencies ${example}. Consider using a higher \`--python-version\` value.`,
    interpreter: `The Python interpreter uses a Python version that is not supported by your dependencies ${example}. Consider passing a \`--python-version\` value to raise the minimum supported version.`,
  };
  return { key: 'requires-python', text: texts[source] };
}

export function hintUncheckedIndex(
  name: NormalizedName,
  { range, found, next }: { readonly range: string; readonly found: string; readonly next: string },
): Hint {
  return {
    key: `unchecked-index ${name}`,
    text: `\`${name}\` was found on ${found}, but not at the requested version (${range}). A compatible version may be available on a subsequent index (e.g., ${next}). By default, only versions that are published on the first index that contains a given package are considered, to avoid dependency confusion attacks. If all indexes are equally trusted, use \`--index-strategy unsafe-best-match\` to consider all versions from all indexes, regardless of the order in which they were defined.`,
  };
}

export function hintUnauthorized(url: string): Hint {
  return {
    key: `unauthorized ${url}`,
    text: `An index URL (${url}) could not be queried due to a lack of valid authentication credentials (401 Unauthorized)`,
  };
}

export function hintForbidden(url: string): Hint {
  return {
    key: `forbidden ${url}`,
    text: `An index (${url}) returned a 403 Forbidden error. Check that the index URL is correct and the credentials are valid.`,
  };
}

export function hintNoBuild(name: NormalizedName, all: boolean): Hint {
  const option = all
    ? 'for all packages (i.e., with `--no-build`)'
    : `for \`${name}\` (i.e., with \`--no-build-package ${name}\`)`;
  return {
    key: `no-build ${name}`,
    text: `Wheels are required for \`${name}\` because building from source is disabled ${option}`,
  };
}

export function hintNoBinary(name: NormalizedName, all: boolean): Hint {
  const option = all
    ? 'for all packages (i.e., with `--no-binary`)'
    : `for \`${name}\` (i.e., with \`--no-binary-package ${name}\`)`;
  return {
    key: `no-binary ${name}`,
    text: `A source distribution is required for \`${name}\` because using pre-built wheels is disabled ${option}`,
  };
}

/** @param best The tag that would fit, with its pretty name: `CPython 3.12 (`cp312`)`. */
export function hintTags(
  kind: 'Python implementation' | 'Python ABI',
  {
    name,
    version,
    tags,
    best,
  }: {
    readonly name: NormalizedName;
    readonly version: Version;
    readonly tags: readonly string[];
    readonly best: string | undefined;
  },
): Hint {
  const list = `following ${kind} tag${tags.length === 1 ? '' : 's'}: ${quoted(tags)}`;
  const found = `\`${name}\` (v${formatVersion(version)}) with the ${list}`;
  const text =
    best === undefined
      ? `Wheels are available for ${found}`
      : `You require ${best}, but we only found wheels for ${found}`;
  return { key: `tags ${kind} ${name}`, text };
}

export function hintPlatforms(name: NormalizedName, version: Version, tags: readonly string[]): Hint {
  const text = `Wheels are available for \`${name}\` (v${formatVersion(version)}) on the following platform${tags.length === 1 ? '' : 's'}: ${quoted(tags)}`;
  return { key: `platforms ${name}`, text };
}

function quoted(tags: readonly string[]): string {
  return tags.map((tag) => `\`${tag}\``).join(', ');
}

export function hintExcludeNewer(
  name: NormalizedName,
  {
    cutoff,
    perProject,
    latest,
  }: {
    readonly cutoff: string;
    readonly perProject: boolean;
    readonly latest:
      | { readonly version: Version; readonly published: string | undefined; readonly isOnly: boolean }
      | undefined;
  },
): Hint {
  const setting = perProject ? 'exclude-newer-package' : 'exclude-newer';
  const advice = perProject
    ? 'Consider removing the setting or updating it to a later date.'
    : 'Consider using `exclude-newer-package` to override the cutoff for this package.';
  return {
    key: `exclude-newer ${name}`,
    text: `\`${name}\` was filtered by \`${setting}\` to only include packages uploaded before ${cutoff}.${describeLatest(latest)} ${advice}`,
  };
}

function describeLatest(
  latest: { readonly version: Version; readonly published: string | undefined; readonly isOnly: boolean } | undefined,
): string {
  if (latest === undefined) return '';
  const { version, published, isOnly } = latest;
  if (isOnly)
    return published === undefined
      ? ''
      : ` The requested version, v${formatVersion(version)}, was published at ${published}.`;
  const when = published === undefined ? '' : `, published at ${published}`;
  return ` The latest version satisfying the requirement is v${formatVersion(version)}${when}.`;
}

export function hintDependsOnMember(name: NormalizedName, dependency: NormalizedName, isWorkspace: boolean): Hint {
  const [shadow, what] = isWorkspace
    ? ['one of your workspace members', 'the workspace member']
    : ['your project', 'the project'];
  return {
    key: `shadowed ${name} ${dependency}`,
    text: `The package \`${name}\` depends on the package \`${dependency}\` but the name is shadowed by ${shadow}. Consider changing the name of ${what}.`,
  };
}

export function hintDependsOnItself(name: NormalizedName, isWorkspace: boolean): Hint {
  const what = isWorkspace ? 'workspace member' : 'project';
  return {
    key: `itself ${name}`,
    text: `The ${what} \`${name}\` depends on itself at an incompatible version. This is likely a mistake. If you intended to depend on a third-party package named \`${name}\`, consider renaming the ${what} \`${name}\` to avoid creating a conflict.`,
  };
}

export function hintOtherPython(version: string): Hint {
  return {
    key: 'disjoint-python',
    text: `While the active Python version is ${version}, the resolution failed for other Python versions supported by your project. Consider limiting your project's supported Python versions using \`requires-python\`.`,
  };
}

export const otherEnvironmentHint: Hint = {
  key: 'disjoint-environment',
  text: 'The resolution failed for an environment that is not the current one, consider limiting the environments with `tool.uv.environments`.',
};
