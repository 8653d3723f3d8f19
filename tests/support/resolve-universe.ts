/** Inputs of the resolver for tests: defaults everywhere, for one Linux machine or for all. */
import {
  createTagPriorities,
  parseRequirement,
  parseSpecifierSet,
  parseVersion,
  releaseRangeOfSpecifierSet,
  supportedTags,
  type MarkerEnvironment,
  type Marker,
  type Platform,
  type Tag,
} from '@shoal/packaging';
import type {
  EnvironmentTarget,
  ResolveInput,
  SourcedRequirement,
  UniversalTarget,
} from '../../packages/shoal/src/resolve/resolve-input.ts';

function linuxMarkers(python: string): MarkerEnvironment {
  const [major = '3', minor = '12'] = python.split('.');
  return {
    implementation_name: 'cpython',
    implementation_version: python,
    os_name: 'posix',
    platform_machine: 'x86_64',
    platform_python_implementation: 'CPython',
    platform_release: '6.1.0',
    platform_system: 'Linux',
    platform_version: '#1 SMP',
    python_full_version: python,
    python_version: `${major}.${minor}`,
    sys_platform: 'linux',
  };
}

/** The tags of an ordinary CPython. */
export function cpythonTags(version: readonly [number, number], platform: Platform): readonly Tag[] {
  return supportedTags({
    implementation: 'cpython',
    version,
    implementationVersion: version,
    gilDisabled: false,
    debug: false,
    platform,
    manylinuxCompatible: true,
  });
}

/** @param python A full version: `3.12.1`. */
export function linuxTarget(python: string, changes: Partial<MarkerEnvironment> = {}): EnvironmentTarget {
  const version = parseVersion(python);
  const [major = 3, minor = 0] = version.release;
  const tagList = cpythonTags([major, minor], { os: 'manylinux', major: 2, minor: 36, arch: 'x86_64' });
  return {
    kind: 'environment',
    markers: { ...linuxMarkers(python), ...changes },
    tags: createTagPriorities(tagList),
    tagList,
    python: version,
  };
}

export function universalTarget(
  requiresPython: string,
  environments: readonly Marker[] = [],
  requiredEnvironments: readonly Marker[] = [],
): UniversalTarget {
  const range = releaseRangeOfSpecifierSet(parseSpecifierSet(requiresPython));
  return {
    kind: 'universal',
    requiresPython: range,
    environments,
    requiredEnvironments,
    installedPython: parseVersion('3.12.1'),
    currentMarkers: linuxMarkers('3.12.1'),
  };
}

export function sourced(texts: readonly string[], origin?: string): readonly SourcedRequirement[] {
  return texts.map((text) => ({ requirement: parseRequirement(text), origin }));
}

export function resolveInput(requirements: readonly string[], changes: Partial<ResolveInput> = {}): ResolveInput {
  return {
    requirements: sourced(requirements),
    constraints: [],
    overrides: [],
    excludes: [],
    dependencyMode: 'transitive',
    resolutionMode: 'highest',
    prerelease: 'if-necessary',
    preferences: new Map(),
    target: linuxTarget('3.12.1'),
    buildOptions: { noBuild: new Set(), noBinary: new Set() },
    ...changes,
  };
}
