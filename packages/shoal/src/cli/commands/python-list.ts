import { readlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { hasErrorCode } from '@shoal/cache';
import {
  architectureName,
  compareInstallations,
  fullRelease,
  installationKey,
  libcName,
  systemName,
  variantName,
} from '../../environment/installation-key.ts';
import { listInterpreters } from '../../environment/find-interpreter.ts';
import type { InterpreterFacts } from '../../environment/interpreter-facts.ts';
import { parsePythonRequest } from '../../environment/python-request.ts';
import { pythonHost, pythonPreference } from '../choose-environment.ts';
import type { CommandDefinition } from '../command-table.ts';
import { NO_INDEX_SOURCES } from '../index-locations.ts';
import { openContext } from '../open-context.ts';
import { cacheOptions } from '../options/global-options.ts';

/** `python list [REQUEST]`: the installed interpreters, newest first. There are no downloads to list. */
export const pythonList: CommandDefinition = {
  arguments: [{ name: 'REQUEST', description: 'A Python request to filter by', required: false, many: false }],
  groups: [
    {
      title: 'Options',
      options: [
        {
          key: 'onlyInstalled',
          long: '--only-installed',
          description: 'Only show installed Python versions, which are all that this release knows',
        },
        {
          key: 'allVersions',
          long: '--all-versions',
          description:
            'List all Python versions, including old patch versions: of installed ones, all are listed always',
        },
        {
          key: 'outputFormat',
          long: '--output-format',
          value: 'OUTPUT_FORMAT',
          choices: ['text', 'json'],
          description: 'Select the output format',
        },
      ],
    },
    cacheOptions,
  ],
  run: async ({ values, words }, session) => {
    await using opened = openContext(session, values, NO_INDEX_SOURCES);
    const host = pythonHost(session, opened.context);
    const request = words[0] === undefined ? ({ kind: 'any' } as const) : parsePythonRequest(words[0], host);
    const { interpreters, passedOver } = await listInterpreters(
      request,
      { environments: 'only-system', preference: pythonPreference(session, values) },
      host,
    );
    for (const error of passedOver) session.reporter.debug(error.message);
    const facts = inListOrder(interpreters.map((interpreter) => interpreter.facts));
    session.reporter.data(
      values.text('outputFormat') === 'json' ? `${JSON.stringify(facts.map(jsonRow))}\n` : textRows(facts),
    );
    return 0;
  },
};

/** Newest first; of the names of one interpreter the program itself before the links to it, longer names before shorter ones. Each path once. */
function inListOrder(all: readonly InterpreterFacts[]): readonly InterpreterFacts[] {
  const byPath = new Map(all.map((facts) => [facts.executable, facts]));
  const folders = [...new Set([...byPath.keys()].map((path) => dirname(path)))];
  return [...byPath.values()].sort(
    (a, b) =>
      compareInstallations(b, a) ||
      folders.indexOf(dirname(a.executable)) - folders.indexOf(dirname(b.executable)) ||
      b.executable.length - a.executable.length,
  );
}

function textRows(all: readonly InterpreterFacts[]): string {
  const keys = all.map(installationKey);
  const width = Math.max(0, ...keys.map(({ length }) => length));
  return all.map((facts, index) => `${(keys[index] ?? '').padEnd(width)}    ${shownPath(facts)}\n`).join('');
}

function shownPath({ executable }: InterpreterFacts): string {
  const target = linkTarget(executable);
  return target === undefined ? executable : `${executable} -> ${target}`;
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (hasErrorCode(error, 'EINVAL', 'ENOENT', 'UNKNOWN')) return undefined;
    throw error;
  }
}

function jsonRow(facts: InterpreterFacts): Readonly<Record<string, unknown>> {
  const [major = 0, minor = 0, patch = 0] = facts.version.release;
  const { platform } = facts.tags;
  return {
    key: installationKey(facts),
    version: fullRelease(facts),
    version_parts: { major, minor, patch },
    path: facts.executable,
    symlink: linkTarget(facts.executable) ?? null,
    url: null,
    os: systemName(platform),
    variant: variantName(facts),
    implementation: facts.implementation,
    arch: architectureName(platform.arch),
    libc: libcName(platform),
  };
}
