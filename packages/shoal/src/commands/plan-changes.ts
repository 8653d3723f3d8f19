/** A resolution against what is installed: the plan, and the lines that tell of it. */
import { formatVersion } from '@shoal/packaging';
import type { DirectUrl, NormalizedName } from '@shoal/packaging';
import type { InstalledDistribution } from '../environment/site-packages.ts';
import { planInstall, seedNames } from '../install/plan.ts';
import type { InstallPlan } from '../install/plan.ts';
import type { WantedSource } from '../install/wanted-source.ts';
import type { Resolution, ResolvedNode } from '../resolve/resolution.ts';
import type { ChangeInput } from './change-environment.ts';
import type { EnvironmentChange } from './install-phases.ts';
import { describeDirectUrl } from './direct-urls.ts';
import type { DirectUrls } from './direct-urls.ts';

export type EnvironmentPlan = InstallPlan<ResolvedNode, InstalledDistribution>;

/** What has to go and come. */
export function planChanges(
  resolution: Resolution,
  installed: readonly InstalledDistribution[],
  { input, directUrls }: { readonly input: ChangeInput; readonly directUrls: DirectUrls },
): EnvironmentPlan {
  const { change, environment } = input;
  const reinstall = withLocalFolders(change.reinstall, directUrls);
  return planInstall({
    wanted: resolution.nodes.map((node) => ({
      name: node.name,
      version: node.version,
      source: wantedSource(node, directUrls),
      node,
    })),
    installed,
    policy: {
      reinstall: reinstall !== 'all' && reinstall.size === 0 ? 'none' : reinstall,
      exact: change.exact,
      spared: environment.kind === 'virtual' ? undefined : seedNames(environment.interpreter.version),
      sources: 'any',
    },
  });
}

/** The content of a local folder may be another one each time: it is installed again, which costs no build when it is not. */
function withLocalFolders(
  reinstall: ChangeInput['change']['reinstall'],
  directUrls: DirectUrls,
): ChangeInput['change']['reinstall'] {
  if (reinstall === 'all') return reinstall;
  const local = [...directUrls].filter(([, { origin }]) => origin.kind === 'directory');
  return new Set<NormalizedName>([...reinstall, ...local.map(([name]) => name)]);
}

function wantedSource({ name, source }: ResolvedNode, directUrls: DirectUrls): WantedSource {
  const direct = directUrls.get(name);
  if (source.kind !== 'url' || direct === undefined)
    return { kind: source.kind === 'installed' ? 'installed' : 'registry' };
  const { url, subdirectory, origin } = direct;
  if (origin.kind === 'directory') return { kind: 'directory', url, editable: origin.editable };
  if (origin.kind === 'vcs') return { kind: 'vcs', url, commit: origin.commit, subdirectory };
  return { kind: 'archive', url, subdirectory, sha256: origin.hashes['sha256'] };
}

/** One entry for each distribution that comes, goes, or comes again. */
export function changesOf(plan: EnvironmentPlan, directUrls: DirectUrls): EnvironmentChange[] {
  const replaced = plan.add.flatMap(({ replaces }) => replaces);
  const removed = [...plan.remove, ...replaced].map((one): EnvironmentChange => ({
    kind: 'removed',
    name: one.name,
    version: formatVersion(one.version),
    from: shownOrigin(one.directUrl()),
  }));
  const added = plan.add.map(({ name, version }): EnvironmentChange => ({
    kind: 'added',
    name,
    version: formatVersion(version),
    from: shownOrigin(directUrls.get(name)),
  }));
  const keyOf = ({ name, version, from }: EnvironmentChange): string => `${name}==${version} ${from ?? ''}`;
  const both = new Set(removed.map(keyOf).filter((key) => added.some((one) => keyOf(one) === key)));
  return [
    ...removed.filter((one) => !both.has(keyOf(one))),
    ...added.map((one) => (both.has(keyOf(one)) ? { ...one, kind: 'reinstalled' as const } : one)),
  ];
}

function shownOrigin(direct: DirectUrl | undefined): string | undefined {
  return direct === undefined ? undefined : describeDirectUrl(direct);
}
