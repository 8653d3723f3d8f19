/** One recorded scenario, and the resolution of it in-process (data/README.md explains the fields). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTagPriorities, normalizeName, parseMarker, platformOfName, type NormalizedName } from '@shoal/packaging';
import { resolve } from '../../packages/shoal/src/resolve/resolve.ts';
import type { Resolution } from '../../packages/shoal/src/resolve/resolution.ts';
import type { EnvironmentTarget, ResolveInput } from '../../packages/shoal/src/resolve/resolve-input.ts';
import { cpythonTags, linuxTarget, resolveInput, sourced, universalTarget } from '../support/resolve-universe.ts';
import { MemoryProvider, type Universe } from '../support/universe.ts';

export interface Scenario {
  readonly name: string;
  readonly mode: 'install' | 'compile' | 'lock';
  readonly python: string;
  readonly root: { readonly requires: readonly string[]; readonly requires_python: string | null };
  readonly options: {
    readonly python: string | null;
    readonly prereleases: boolean;
    readonly no_build: readonly string[];
    readonly no_binary: readonly string[];
    readonly python_platform: string | null;
    readonly required_environments: readonly string[];
  };
  readonly packages: Universe;
  readonly golden: Golden | null;
}

export interface LockedDependency {
  readonly name: string;
  readonly version?: string;
  readonly extra?: readonly string[];
  readonly marker?: string;
}

export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  readonly resolution_markers: readonly string[];
  readonly dependencies: readonly LockedDependency[];
  readonly optional_dependencies?: Readonly<Record<string, readonly LockedDependency[]>>;
}

export interface Golden {
  readonly satisfiable: boolean;
  readonly packages?: Readonly<Record<string, string>>;
  readonly lock?: {
    readonly requires_python: string;
    readonly resolution_markers: readonly string[];
    readonly packages: readonly LockedPackage[];
    /** The file, its index at `http://index/`, without hashes, sizes and times. */
    readonly text: string;
  };
}

export function readScenarios(mode: Scenario['mode']): readonly Scenario[] {
  const text = readFileSync(join(import.meta.dirname, 'data', `${mode}.json`), 'utf8');
  return JSON.parse(text) as readonly Scenario[];
}

/** @throws {NoSolutionError} */
export async function resolveScenario(scenario: Scenario): Promise<Resolution> {
  return await resolve(inputOf(scenario), new MemoryProvider(scenario.packages));
}

function inputOf({ mode, root, options, python }: Scenario): ResolveInput {
  const target =
    mode === 'lock'
      ? universalTarget(
          root.requires_python ?? '>=3.8',
          [],
          options.required_environments.map((text) => parseMarker(text)),
        )
      : targetOf(options, python);
  return resolveInput([], {
    requirements: sourced(root.requires),
    target,
    prerelease: options.prereleases ? 'allow' : 'if-necessary',
    buildOptions: { noBuild: namesOf(options.no_build), noBinary: namesOf(options.no_binary) },
  });
}

function namesOf(texts: readonly string[]): ReadonlySet<NormalizedName> {
  return new Set(texts.map((text) => normalizeName(text)));
}

function fullVersion(python: string): string {
  return python.split('.').length === 2 ? `${python}.1` : python;
}

function targetOf(options: Scenario['options'], python: string): EnvironmentTarget {
  const current = linuxTarget(fullVersion(python));
  if (options.python !== null) {
    const text = options.python.split('.').length === 2 ? `${options.python}.0` : options.python;
    return { ...linuxTarget(text), installedPython: current.python };
  }
  if (options.python_platform === null) return current;
  const other = platformOfName(options.python_platform);
  if (other === undefined) throw new RangeError(`no platform ${options.python_platform}`);
  const [major = 3, minor = 0] = current.python.release;
  const tagList = cpythonTags([major, minor], other.platform);
  return { ...current, markers: { ...current.markers, ...other.markers }, tags: createTagPriorities(tagList), tagList };
}
