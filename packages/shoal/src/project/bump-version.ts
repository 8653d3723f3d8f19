/** `version --bump`: the next version, by one component or several. */
import { compareVersions, formatVersion, isPrerelease, parseVersion } from '@shoal/packaging';
import type { Version } from '@shoal/packaging';
import { OperationalError } from '@shoal/cache';

/** From the greatest to the least: in this order several bumps are done, whatever the order in which they are asked for. */
export const VERSION_COMPONENTS = ['major', 'minor', 'patch', 'stable', 'alpha', 'beta', 'rc', 'post', 'dev'] as const;

export type VersionComponent = (typeof VERSION_COMPONENTS)[number];

export interface Bump {
  readonly component: VersionComponent;
  /** The value that the component gets; `undefined`: the next. */
  readonly value: number | undefined;
}

/** Bumps that do not fit together, or that lead to no higher version. */
export class BumpError extends OperationalError {
  override readonly code = 'BUMP';
}

const RELEASE: readonly VersionComponent[] = ['major', 'minor', 'patch'];
const PRERELEASE: readonly VersionComponent[] = ['alpha', 'beta', 'rc', 'dev'];
const PRE_KINDS = { alpha: 'a', beta: 'b', rc: 'rc' } as const;

/**
 * The version after `bumps`, at least one. Whatever is less than a bumped component is reset; one that is missing becomes 1.
 *
 * @throws {BumpError}
 */
export function bumpVersion(version: Version, bumps: readonly Bump[]): Version {
  refuseCombinations(bumps);
  const order = ({ component }: Bump): number => VERSION_COMPONENTS.indexOf(component);
  let next = version;
  for (const bump of bumps.toSorted((a, b) => order(a) - order(b))) next = bumped(next, bump);
  if (compareVersions(next, version) <= 0) throw notIncreased(version, next);
  return next;
}

function refuseCombinations(bumps: readonly Bump[]): void {
  const shown = (some: readonly Bump[]): string =>
    some.map(({ component, value }) => (value === undefined ? component : `${component}=${value}`)).join(', ');
  for (const alone of ['stable', 'post'] as const)
    if (bumps.length > 1 && bumps.some(({ component }) => component === alone))
      throw new BumpError(`\`--bump ${alone}\` cannot be used with another \`--bump\` value, got: ${shown(bumps)}`);
  for (const [kind, components] of [
    ['release', RELEASE],
    ['pre-release', PRERELEASE],
  ] as const) {
    const some = bumps.filter(({ component }) => components.includes(component));
    if (some.length > 1)
      throw new BumpError(`Only one ${kind} version component can be provided to \`--bump\`, got: ${shown(some)}`);
  }
}

/** Without the component itself and what is less. */
interface Parts {
  readonly release: readonly number[];
  readonly pre?: Version['pre'];
  readonly post?: number | undefined;
  readonly dev?: number | undefined;
}

function bumped(version: Version, { component, value }: Bump): Version {
  const { release, pre, post, dev } = version;
  switch (component) {
    case 'major':
    case 'minor':
    case 'patch':
      return withParts(version, { release: bumpedRelease(release, RELEASE.indexOf(component), value) });
    case 'stable':
      return withParts(version, { release });
    case 'alpha':
    case 'beta':
    case 'rc': {
      const kind = PRE_KINDS[component];
      const number = value ?? (pre?.kind === kind ? pre.number + 1 : 1);
      return withParts(version, { release, pre: { kind, number } });
    }
    case 'post':
      return withParts(version, { release, pre, post: value ?? (post ?? 0) + 1 });
    case 'dev':
      return withParts(version, { release, pre, post, dev: value ?? (dev ?? 0) + 1 });
  }
}

function bumpedRelease(release: readonly number[], index: number, value: number | undefined): readonly number[] {
  return Array.from({ length: Math.max(release.length, index + 1) }, (_, place) => {
    const old = release[place] ?? 0;
    if (place < index) return old;
    return place === index ? (value ?? old + 1) : 0;
  });
}

function withParts({ epoch, local }: Version, { release, pre, post, dev }: Parts): Version {
  const text = [
    epoch === 0 ? '' : `${epoch}!`,
    release.join('.'),
    pre === undefined ? '' : `${pre.kind}${pre.number}`,
    post === undefined ? '' : `.post${post}`,
    dev === undefined ? '' : `.dev${dev}`,
    local === undefined ? '' : `+${local.join('.')}`,
  ];
  return parseVersion(text.join(''));
}

function notIncreased(old: Version, next: Version): BumpError {
  const change = `${formatVersion(old)} => ${formatVersion(next)} didn't increase the version`;
  if (!isPrerelease(old) && next.pre !== undefined)
    return new BumpError(
      `${change}; when bumping to a pre-release version you also need to increase a release version component, e.g., with \`--bump <major|minor|patch>\``,
    );
  if (next.dev !== undefined && old.dev === undefined)
    return new BumpError(
      `${change}; when bumping to a dev version you also need to increase another version component, e.g., with \`--bump <major|minor|patch|alpha|beta|rc>\``,
    );
  return new BumpError(`${change}; provide the exact version to force an update`);
}
