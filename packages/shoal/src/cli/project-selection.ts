/** Which members, extras and groups of a workspace the options ask for, as the walk through the lockfile wants them. */
import { OperationalError } from '@shoal/cache';
import { normalizeName } from '@shoal/packaging';
import type { NormalizedName } from '@shoal/packaging';
import type { LockedPackage, Lockfile } from '../lock/lockfile.ts';
import type { LockRoot } from '../lock/select-packages.ts';
import type { LockTarget } from '../project/lock-target.ts';
import type { ProjectFile } from '../project/project-file.ts';
import { isVirtualRoot } from '../project/workspace.ts';
import type { Workspace } from '../project/workspace.ts';
import type { OptionValues } from './option-values.ts';
import { packageNames } from './package-names.ts';

/** An option names an extra, a group or a member that there is not. */
export class UnknownPartError extends OperationalError {
  override readonly code = 'UNKNOWN_PROJECT_PART';
}

/** The members that the options select. @throws {UnknownPartError} */
export function selectedMembers(workspace: Workspace, values: OptionValues): readonly ProjectFile[] {
  if (values.flag('allPackages')) return [...workspace.members.values()];
  const names = packageNames(values.list('package'), '--package <PACKAGE>');
  const isProject = workspace.current.name !== undefined;
  if (names.size === 0) return isProject ? [workspace.current] : [...workspace.members.values()];
  return [...names].map((name) => {
    const member = workspace.members.get(name);
    if (member !== undefined) return member;
    throw new UnknownPartError(`The workspace does not have a member ${name}: ${workspace.root.folder}`);
  });
}

/** @throws {UnknownPartError} for extras and groups that nothing defines. */
export function lockRoots(workspace: Workspace, lockfile: Lockfile, values: OptionValues): readonly LockRoot[] {
  const members = selectedMembers(workspace, values);
  const groups = new GroupChoice(values, workspace);
  requireKnown(values, { members, workspace, groups });
  const roots = members.flatMap((member): readonly LockRoot[] =>
    member.name === undefined
      ? []
      : [
          {
            kind: 'member',
            name: member.name,
            extras: groups.isOnly ? [] : extrasOf(member, values),
            groups: groups.of([...member.dependencyGroups.keys()]),
            isInstalled: !groups.isOnly,
          },
        ],
  );
  const isWhole = workspace.current.name === undefined && values.list('package').length === 0;
  if (!isVirtualRoot(workspace) || !isWhole) return roots;
  const own = groups.of([...lockfile.manifest.dependencyGroups.keys()]);
  const requirements = own.flatMap((group) => lockfile.manifest.dependencyGroups.get(group) ?? []);
  return [...roots, { kind: 'requirements', requirements }];
}

/** The roots of a workspace, or of a script. @throws {UnknownPartError} */
export function rootsOf(target: LockTarget, lockfile: Lockfile, values: OptionValues): readonly LockRoot[] {
  if (target.isScript) return [{ kind: 'requirements', requirements: lockfile.manifest.requirements }];
  return lockRoots(target.workspace, lockfile, values);
}

/** What is needed and yet not to be installed. */
export function omissionOf(workspace: Workspace, values: OptionValues): (locked: LockedPackage) => boolean {
  const omitted = new Set(packageNames(values.list('noInstallPackage'), '--no-install-package <NO_INSTALL_PACKAGE>'));
  if (values.flag('noInstallProject') && workspace.current.name !== undefined) omitted.add(workspace.current.name);
  if (values.flag('noInstallWorkspace')) for (const name of workspace.members.keys()) omitted.add(name);
  const leavesLocal = values.flag('noInstallLocal');
  return ({ name, source }) => omitted.has(name) || (leavesLocal && LOCAL.has(source.kind));
}

const LOCAL: ReadonlySet<LockedPackage['source']['kind']> = new Set(['path', 'directory', 'editable']);
const DEV = normalizeName('dev');

/** Which dependency groups the options ask for. */
export class GroupChoice {
  readonly isOnly: boolean;
  readonly #values: OptionValues;
  readonly #defaults: 'all' | readonly NormalizedName[];

  constructor(values: OptionValues, workspace: Workspace) {
    this.#values = values;
    this.isOnly = values.list('onlyGroup').length > 0 || values.flag('onlyDev');
    this.#defaults = values.flag('noDefaultGroups') ? [] : (workspace.root.toolUv.defaultGroups ?? [DEV]);
  }

  of(defined: readonly NormalizedName[]): readonly NormalizedName[] {
    const excluded = new Set([...this.named('noGroup'), ...(this.#values.flag('noDev') ? [DEV] : [])]);
    return defined.filter((group) => !excluded.has(group) && this.#isIncluded(group));
  }

  /** The groups that the options name; `dev` may be named whether it is there or not. */
  named(key: 'group' | 'onlyGroup' | 'noGroup'): ReadonlySet<NormalizedName> {
    return packageNames(this.#values.list(key), this.#values.shown(key));
  }

  #isIncluded(group: NormalizedName): boolean {
    if (this.isOnly) return this.named('onlyGroup').has(group) || (this.#values.flag('onlyDev') && group === DEV);
    if (this.#values.flag('allGroups') || this.#defaults === 'all' || this.named('group').has(group)) return true;
    return this.#defaults.includes(group) || (this.#values.flag('dev') && group === DEV);
  }
}

function extrasOf(member: ProjectFile, values: OptionValues): readonly NormalizedName[] {
  const defined = [...member.optionalDependencies.keys()];
  const excluded = packageNames(values.list('noExtra'), '--no-extra <NO_EXTRA>');
  const named = packageNames(values.list('extra'), '--extra <EXTRA>');
  return defined.filter((extra) => !excluded.has(extra) && (values.flag('allExtras') || named.has(extra)));
}

interface Parts {
  readonly members: readonly ProjectFile[];
  readonly workspace: Workspace;
  readonly groups: GroupChoice;
}

function requireKnown(values: OptionValues, { members, workspace, groups }: Parts): void {
  const [only] = members;
  for (const key of ['extra', 'noExtra'] as const) {
    for (const extra of packageNames(values.list(key), values.shown(key))) {
      if (members.some(({ optionalDependencies }) => optionalDependencies.has(extra))) continue;
      throw new UnknownPartError(
        members.length === 1
          ? `Extra \`${extra}\` is not defined in the \`optional-dependencies\` table for \`${only?.name}\``
          : `Extra \`${extra}\` is not defined in any project's \`optional-dependencies\` table`,
      );
    }
  }
  const defined = new Set([workspace.root, ...members].flatMap(({ dependencyGroups }) => [...dependencyGroups.keys()]));
  for (const key of ['group', 'onlyGroup', 'noGroup'] as const) {
    for (const group of groups.named(key)) {
      if (group === DEV || defined.has(group)) continue;
      throw new UnknownPartError(
        members.length === 1
          ? `Group \`${group}\` is not defined in the project's \`dependency-groups\` table`
          : `Group \`${group}\` is not defined in any project's \`dependency-groups\` table`,
      );
    }
  }
}
