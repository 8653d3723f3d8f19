import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { writeFileAtomic } from '@shoal/cache';
import type { NormalizedName } from '@shoal/packaging';
import { hashFile } from '../../fetch/hash-file.ts';
import { exportCycloneDx } from '../../lock/export-cyclonedx.ts';
import { exportedPackages } from '../../lock/export-graph.ts';
import type { ExportedPackage } from '../../lock/export-graph.ts';
import { exportPylock } from '../../lock/export-pylock.ts';
import { exportRequirements } from '../../lock/export-requirements.ts';
import type { Lockfile } from '../../lock/lockfile.ts';
import type { LockTarget } from '../../project/lock-target.ts';
import type { CommandDefinition } from '../command-table.ts';
import { compileCommandLine } from '../compile-command-line.ts';
import { obtainLock } from '../obtain-lock.ts';
import { lockTargetOf, openForLock } from '../open-for-lock.ts';
import type { OpenedContext } from '../open-context.ts';
import type { OptionValues } from '../option-values.ts';
import { buildIsolationOptions } from '../options/build-options.ts';
import { pythonOptions } from '../options/environment-options.ts';
import { exportOptions, scriptOption } from '../options/export-options.ts';
import { cacheOptions } from '../options/global-options.ts';
import { indexOptions, refreshOptions } from '../options/index-options.ts';
import { installerOptions } from '../options/installer-options.ts';
import { lockBuildOptions } from '../options/lock-options.ts';
import {
  groupOptions,
  lockOptions,
  memberOptions,
  noEditableOption,
  projectResolverOptions,
} from '../options/project-options.ts';
import { packageNames } from '../package-names.ts';
import { omissionOf, rootsOf, selectedMembers } from '../project-selection.ts';
import { absolutePath } from '../session.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';
import { SHOAL_VERSION } from '../version.ts';

type Format = 'requirements.txt' | 'pylock.toml' | 'cyclonedx1.5';

/** `export`. */
export const exportCommand: CommandDefinition = {
  arguments: [],
  groups: [
    {
      title: 'Options',
      options: [...exportOptions, ...memberOptions, ...groupOptions, noEditableOption, ...lockOptions, scriptOption],
    },
    indexOptions,
    projectResolverOptions,
    { title: 'Build options', options: [...buildIsolationOptions, ...lockBuildOptions] },
    { title: 'Installer options', options: installerOptions.options.filter(({ key }) => key === 'linkMode') },
    { ...cacheOptions, options: [...cacheOptions.options, ...refreshOptions] },
    pythonOptions,
  ],
  run: async ({ values, rest }, session) => {
    const format = formatOf(values);
    const first = lockTargetOf(session, values);
    await using opened = openForLock(session, values, first);
    const { target, result } = await obtainLock(session, values, { target: first, opened });
    const { lockfile } = result;
    const omits = omissionOf(target.workspace, values);
    const packages = exportedPackages(lockfile, {
      roots: rootsOf(target, lockfile, values),
      pruned: packageNames(values.list('prune'), '--prune <PACKAGE>'),
      shown: target.shown,
    }).filter(({ locked }) => !omits(locked));
    writeOutput(session, values, textOf({ format, packages, lockfile, target, opened, values, rest, session }));
    return 0;
  },
};

interface Export {
  readonly format: Format;
  readonly packages: readonly ExportedPackage[];
  readonly lockfile: Lockfile;
  readonly target: LockTarget;
  readonly opened: OpenedContext;
  readonly values: OptionValues;
  readonly rest: readonly string[];
  readonly session: Session;
}

/** `--format`, else what the name of the output file says. @throws {UsageError} */
function formatOf(values: OptionValues): Format {
  const name = basename(values.text('outputFile') ?? '').toLowerCase();
  const formats = ['requirements.txt', 'pylock.toml', 'cyclonedx1.5'] as const;
  if (name === 'pyproject.toml')
    throw new UsageError(
      `\`pyproject.toml\` is not a supported output format for \`shoal export\` (supported formats: ${formats.join(', ')})`,
    );
  const isPylock = /^pylock(?:\.[^.]+)?\.toml$/.test(name);
  const format = values.choice('format', formats) ?? (isPylock ? 'pylock.toml' : 'requirements.txt');
  if (format === 'pylock.toml' && name !== '' && !isPylock)
    throw new UsageError(
      `Expected the output filename to be \`pylock.toml\` or \`pylock.<name>.toml\`, where \`<name>\` is non-empty and contains no dots; found \`${name}\``,
    );
  return format;
}

function textOf(work: Export): string {
  const { format, packages, lockfile, target, values, session } = work;
  if (format === 'cyclonedx1.5') {
    const members = target.isScript ? [] : selectedMembers(target.workspace, values);
    return exportCycloneDx(lockfile, packages, {
      tool: { vendor: 'shoal', name: 'shoal', version: SHOAL_VERSION },
      withHashes: !values.flag('noHashes'),
      isWhole: values.flag('allPackages'),
      subject: members.length === 1 ? members[0]?.name : undefined,
      serialNumber: `urn:uuid:${randomUUID()}`,
      timestamp: new Date().toISOString(),
    });
  }
  const header = values.flag('noHeader')
    ? ''
    : `# This file was autogenerated by shoal via the following command:\n#    ${commandOf(work)}\n`;
  if (format === 'pylock.toml')
    return (
      header +
      exportPylock(packages, {
        createdBy: 'shoal',
        requiresPython: lockfile.requiresPython,
        environments: lockfile.supportedMarkers,
        isEditable: values.flag('noEditable') ? () => false : undefined,
        root: target.workspace.root.folder,
        hashOfFile: (path) => `sha256:${hashFile(path, ['sha256']).digest}`,
      })
    );
  if (values.flag('emitIndexUrl') && work.opened.places.indexes.some(({ explicit }) => explicit === true))
    session.reporter.warning(
      '`requirements.txt` does not support per-package index pinning; explicit indexes were emitted globally via `--extra-index-url`.',
    );
  return (
    header +
    placesOf(work) +
    exportRequirements(packages, {
      withHashes: !values.flag('noHashes'),
      withAnnotations: !values.flag('noAnnotate'),
      isEditable: editability(values),
    })
  );
}

function commandOf({ rest }: Export): string {
  return compileCommandLine(rest, { indexes: true, links: true });
}

function editability(values: OptionValues): (name: NormalizedName) => boolean {
  if (values.flag('noEditable')) return () => false;
  const fixed = packageNames(values.list('noEditablePackage'), '--no-editable-package <NO_EDITABLE_PACKAGE>');
  return (name) => !fixed.has(name);
}

/** Lines that name the places of distributions, and an empty one after them. */
function placesOf({ values, opened }: Export): string {
  const { indexes, links } = opened.places;
  const lines = values.flag('emitIndexUrl')
    ? indexes
        .toSorted((a, b) => Number(b.isDefault === true) - Number(a.isDefault === true))
        .map(
          ({ url, isDefault }) =>
            `${isDefault === true ? '--index-url' : '--extra-index-url'} ${withoutCredentials(url)}`,
        )
    : [];
  if (values.flag('emitFindLinks')) lines.push(...links.map((link) => `--find-links ${withoutCredentials(link)}`));
  return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`;
}

function withoutCredentials(location: string): string {
  return location.replace(/:\/\/[^/@\s]*@/, '://');
}

function writeOutput(session: Session, values: OptionValues, text: string): void {
  const output = values.text('outputFile');
  if (output !== undefined) {
    const path = absolutePath(session, output);
    mkdirSync(dirname(path), { recursive: true });
    writeFileAtomic(path, text);
  }
  if (output === undefined || session.reporter.quiet === 0) session.reporter.data(text);
}
