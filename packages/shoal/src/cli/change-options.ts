/** The options of commands that change an environment, as the workflows want them. */
import { parseVersion, platformOfName, supportedTags } from '@shoal/packaging';
import type { MarkerEnvironment, NormalizedName } from '@shoal/packaging';
import type { ChangePolicy, RequirementSet, ResolutionPolicy, TargetPlatform } from '../commands/change-environment.ts';
import type { Environment } from '../environment/environment.ts';
import { selectProjects } from '../project/select-projects.ts';
import type { RequirementSources } from '../project/requirement-sources.ts';
import { buildPolicy } from './build-options.ts';
import { excludeNewerOf } from './exclude-newer.ts';
import { packagesOfOption, upgradeRequirements } from './package-names.ts';
import type { OptionValues } from './option-values.ts';
import { prereleasePolicy } from './prerelease-policy.ts';
import type { Session } from './session.ts';
import { UsageError } from './usage-error.ts';
import { readVariable } from './variable-values.ts';

type Selection = 'all' | ReadonlySet<NormalizedName>;

/** `--x` selects all, `--x-package NAME` the named ones. @throws {UsageError} */
export function selectionOf(values: OptionValues, word: 'reinstall' | 'upgrade'): Selection {
  return values.has(word) && values.flag(word) ? 'all' : packagesOfOption(values, word);
}

export function changePolicy(
  session: Session,
  values: OptionValues,
  fixed: { readonly isSync: boolean },
): ChangePolicy {
  return {
    reinstall: selectionOf(values, 'reinstall'),
    upgrade: selectionOf(values, 'upgrade'),
    exact: fixed.isSync || (values.has('exact') && values.flag('exact')),
    isSync: fixed.isSync,
    dryRun: values.flag('dryRun') || values.flag('check'),
    strict: values.flag('strict'),
    linkMode: values.choice('linkMode', ['clone', 'copy', 'hardlink', 'symlink']),
    compileBytecode: values.flag('compileBytecode'),
    compileTimeoutMs: compileTimeout(session),
    variables: session.variables,
    installerMetadata: readVariable('NO_INSTALLER_METADATA', session.variables) === undefined,
  };
}

export function compileTimeout({ variables }: Session): number | undefined {
  const found = readVariable('COMPILE_BYTECODE_TIMEOUT', variables);
  if (found === undefined || found.text === '') return undefined;
  if (/^\d{1,7}$/.test(found.text)) return Number(found.text) * 1000;
  throw new UsageError(`invalid value '${found.text}' for the variable \`${found.name}\`: expected seconds`);
}

export function resolutionPolicy(
  values: OptionValues,
  {
    sources,
    environment,
    session,
  }: {
    readonly sources: RequirementSources;
    readonly environment: Pick<Environment, 'interpreter'>;
    readonly session: Pick<Session, 'variables'>;
  },
): ResolutionPolicy {
  const target = targetPlatform(values, environment);
  const excludeNewer = values.has('excludeNewer') ? excludeNewerOf(values, new Date()) : undefined;
  return {
    withoutDependencies: values.has('noDeps') ? values.flag('noDeps') : true,
    mode:
      (values.has('resolution') ? values.choice('resolution', ['highest', 'lowest', 'lowest-direct']) : undefined) ??
      'highest',
    ...prereleasePolicy(values, sources.options),
    ...(excludeNewer === undefined ? {} : { excludeNewer }),
    buildOptions: buildOptionsOf(values, sources),
    build: buildPolicy(values, { session, sources }),
    hashMode: hashMode(values, sources),
    ...(target === undefined ? {} : { target }),
  };
}

function buildOptionsOf(values: OptionValues, sources: RequirementSources): ResolutionPolicy['buildOptions'] {
  const onlyBinary = selectProjects([...values.list('onlyBinary'), ...sources.options.onlyBinary]);
  return {
    noBuild: values.flag('noBuild') ? 'all' : onlyBinary,
    noBinary: selectProjects([...values.list('noBinary'), ...sources.options.noBinary]),
  };
}

function hashMode(values: OptionValues, sources: RequirementSources): ResolutionPolicy['hashMode'] {
  if (!values.has('requireHashes')) return 'none';
  if (values.flag('requireHashes') || sources.options.requireHashes) return 'require';
  return values.flag('noVerifyHashes') ? 'none' : 'verify';
}

/** `--python-version` and `--python-platform`. @throws {UsageError} for words that name no version or platform. */
export function targetPlatform(
  values: OptionValues,
  { interpreter }: Pick<Environment, 'interpreter'>,
): TargetPlatform | undefined {
  const version = values.has('pythonVersion') ? values.text('pythonVersion') : undefined;
  const platform = values.text('pythonPlatform');
  if (version === undefined && platform === undefined) return undefined;
  const markers = {
    ...interpreter.markers,
    ...(version === undefined ? {} : versionMarkers(version, interpreter.markers)),
    ...(platform === undefined ? {} : platformMarkers(platform)),
  };
  const python = parseVersion(markers.python_full_version);
  const [major = 3, minor = 0] = python.release;
  const facts = {
    ...interpreter.tags,
    version: [major, minor] as const,
    implementationVersion: [major, minor] as const,
    ...(platform === undefined ? {} : { platform: knownPlatform(platform).platform, manylinuxCompatible: true }),
  };
  const tags = supportedTags(facts);
  return { markers, tags, python };
}

/** Versions without a patch number mean its first release, as in uv. */
function versionMarkers(text: string, markers: MarkerEnvironment): Partial<MarkerEnvironment> {
  const found = /^3(?:\.(\d+))?(?:\.(\d+))?((?:a|b|rc)\d+)?$/.exec(text);
  if (found === null)
    throw new UsageError(
      `invalid value '${text}' for '--python-version <PYTHON_VERSION>': expected a version such as \`3.12\` or \`3.12.1\``,
    );
  const [, minor = '0', patch = '0', pre = ''] = found;
  const full = `3.${minor}.${patch}${pre}`;
  const implementation = markers.implementation_name === 'cpython' ? { implementation_version: full } : {};
  return { python_version: `3.${minor}`, python_full_version: full, ...implementation };
}

function platformMarkers(name: string): Partial<MarkerEnvironment> {
  return knownPlatform(name).markers;
}

function knownPlatform(name: string): NonNullable<ReturnType<typeof platformOfName>> {
  const found = platformOfName(name);
  if (found !== undefined) return found;
  throw new UsageError(
    `invalid value '${name}' for '--python-platform <PYTHON_PLATFORM>': expected \`linux\`, \`macos\`, \`windows\` or a target such as \`x86_64-manylinux_2_28\``,
  );
}

function upgradeLimits(values: OptionValues): RequirementSet['constraints'] {
  return upgradeRequirements(values)
    .filter(({ specifiers }) => specifiers.specifiers.length > 0)
    .map((requirement) => ({ requirement, origin: undefined }));
}

/** The sources as the workflow takes them; `--upgrade-package 'a<2'` limits `a`, `--no-verify-hashes` leaves digests out. */
export function requirementSet(values: OptionValues, sources: RequirementSources): RequirementSet {
  const { requirements, unnamed, editables, constraints, overrides, excludes, digests } = sources;
  return {
    requirements,
    unnamed,
    constraints: [...constraints, ...upgradeLimits(values)],
    overrides,
    excludes,
    editables,
    digests: values.has('noVerifyHashes') && values.flag('noVerifyHashes') ? new Map() : digests,
  };
}
