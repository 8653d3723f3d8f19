import { realpathSync } from 'node:fs';
import { formatVersion } from '@shoal/packaging';
import { findInterpreter } from '../../environment/find-interpreter.ts';
import { pythonHost, pythonPreference } from '../choose-environment.ts';
import type { CommandDefinition } from '../command-table.ts';
import { NO_INDEX_SOURCES } from '../index-locations.ts';
import { openContext } from '../open-context.ts';
import { cacheOptions } from '../options/global-options.ts';
import { wantedPython } from '../wanted-python.ts';

/** `python find [REQUEST]`: the path of an interpreter, on standard output. */
export const pythonFind: CommandDefinition = {
  arguments: [
    {
      name: 'REQUEST',
      description: 'The Python request: a version, a range, an implementation, a name or a path',
      required: false,
      many: false,
    },
  ],
  groups: [
    {
      title: 'Options',
      options: [
        {
          key: 'system',
          long: '--system',
          variable: 'SYSTEM_PYTHON',
          description: 'Only find system Python interpreters',
        },
        {
          key: 'showVersion',
          long: '--show-version',
          description: 'Show the Python version that would be used instead of the path to the interpreter',
        },
        {
          key: 'noProject',
          long: '--no-project',
          description: 'Avoid discovering a project: what its `pyproject.toml` requires does not count',
        },
        { key: 'resolveLinks', long: '--resolve-links', description: 'Resolve symlinks in the output path' },
      ],
    },
    cacheOptions,
  ],
  run: async ({ values, words }, session) => {
    await using opened = openContext(session, values, NO_INDEX_SOURCES);
    const host = pythonHost(session, opened.context);
    const wanted = wantedPython({ session, values, host, written: words[0] });
    const { facts } = await findInterpreter(
      wanted.request,
      { environments: values.flag('system') ? 'only-system' : 'any', preference: pythonPreference(session, values) },
      host,
    );
    wanted.warnIfUnfit(facts);
    const path = values.flag('resolveLinks') ? realpathSync(facts.executable) : facts.executable;
    session.reporter.data(`${values.flag('showVersion') ? formatVersion(facts.version) : path}\n`);
    return 0;
  },
};
