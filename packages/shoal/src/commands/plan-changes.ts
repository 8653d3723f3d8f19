/** A resolution against what is installed: the plan, and the lines that tell of it. */
import { formatVersion } from '@shoal/packaging';
import type { InstalledDistribution } from '../environment/site-packages.ts';
import { planInstall, seedNames } from '../install/plan.ts';
import type { InstallPlan } from '../install/plan.ts';
import type { WantedSource } from '../install/wanted-source.ts';
import type { Resolution, ResolvedNode } from '../resolve/resolution.ts';
import type { ChangeInput } from './change-environment.ts';
import type { EnvironmentChange } from './install-phases.ts';
import { urlOfWheel, wheelSourceOfUrl } from './resolve-provider.ts';

export type EnvironmentPlan = InstallPlan<ResolvedNode, InstalledDistribution>;

/** What has to go and come. */
export function planChanges(
  resolution: Resolution,
  installed: readonly InstalledDistribution[],
  input: ChangeInput,
): EnvironmentPlan {
  const { change, environment, folder } = input;
  const { reinstall } = change;
  return planInstall({
    wanted: resolution.nodes.map((node) => ({
      name: node.name,
      version: node.version,
      source: wantedSource(node, folder),
      node,
    })),
    installed,
    policy: {
      reinstall: reinstall !== 'all' && reinstall.size === 0 ? 'none' : reinstall,
      exact: change.exact,
      spared: environment.kind === 'virtual' ? undefined : seedNames(environment.interpreter.version),
      sources: change.isSync ? 'strict' : 'any',
    },
  });
}

function wantedSource({ source }: ResolvedNode, folder: string): WantedSource {
  if (source.kind !== 'url') return { kind: source.kind };
  const wheel = wheelSourceOfUrl(source.url, folder);
  return { kind: 'archive', url: urlOfWheel(wheel), sha256: wheel.hashes['sha256'] };
}

/** One entry for each distribution that comes, goes, or comes again. */
export function changesOf(plan: EnvironmentPlan, folder: string): EnvironmentChange[] {
  const replaced = plan.add.flatMap(({ replaces }) => replaces);
  const removed = [...plan.remove, ...replaced].map((one): EnvironmentChange => ({
    kind: 'removed',
    name: one.name,
    version: formatVersion(one.version),
    from: one.directUrl()?.url,
  }));
  const added = plan.add.map(({ name, version, node }): EnvironmentChange => ({
    kind: 'added',
    name,
    version: formatVersion(version),
    from: node.source.kind === 'url' ? urlOfWheel(wheelSourceOfUrl(node.source.url, folder)) : undefined,
  }));
  const keyOf = ({ name, version, from }: EnvironmentChange): string => `${name}==${version} ${from ?? ''}`;
  const both = new Set(removed.map(keyOf).filter((key) => added.some((one) => keyOf(one) === key)));
  return [
    ...removed.filter((one) => !both.has(keyOf(one))),
    ...added.map((one) => (both.has(keyOf(one)) ? { ...one, kind: 'reinstalled' as const } : one)),
  ];
}
