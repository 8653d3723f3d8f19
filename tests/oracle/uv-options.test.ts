/** Every option of uv's commands is known here: it works, or it is refused as not available. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { findCommand, parseArguments } from '../../packages/shoal/src/cli/parse-command-line.ts';
import { RefusedOptionError } from '../../packages/shoal/src/cli/refused-option-error.ts';
import { UsageError } from '../../packages/shoal/src/cli/usage-error.ts';
import { pythonTools } from '../support/python-tools.ts';

const run = promisify(execFile);

/** Not in any help of uv, but understood by it. */
const HIDDEN = words(`--no-system --no-require-hashes --verify-hashes --build --no-strict --no-reinstall
  --no-compile-bytecode --no-compile --build-isolation --no-offline --no-refresh --no-all-extras --native-tls
  --no-native-tls --no-system-certs --preview --no-preview --isolated --no-color --force-reinstall
  --allow-python-downloads --show-settings --no-require-build-hashes`);
const HIDDEN_OF_INSTALL = words('--deps --inexact --no-upgrade --pre --disable-pip-version-check --user');
const HIDDEN_OF_SYNC = words('--user --ask --no-allow-empty-requirements');
const HIDDEN_OF_UNINSTALL = words('--no-system --no-offline --disable-pip-version-check --no-preview --yes -y');

function words(text: string): string[] {
  return text.split(/\s+/);
}

interface Flag {
  readonly flag: string;
  readonly takesValue: boolean;
}

async function flagsOfUv(command: readonly string[]): Promise<readonly Flag[]> {
  const { uv } = await pythonTools();
  const { stdout } = await run(uv, ['help', ...command], { env: { ...process.env, NO_COLOR: '1', PAGER: 'cat' } });
  const found = stdout.matchAll(/^ {2,10}(?:(-\w), )?(--[a-z-]+)(\.\.\.| <[^>]+>)?/gm);
  return [...found].flatMap(([, short, long, value]) =>
    [short, long]
      .filter((flag) => flag !== undefined && flag !== '--help' && flag !== '-h')
      .map((flag) => ({ flag: flag ?? '', takesValue: value?.startsWith(' ') === true })),
  );
}

/** Whether the parser knows a flag. What is wrong with its value does not matter. */
async function isKnown(command: readonly string[], { flag, takesValue }: Flag): Promise<boolean> {
  const files = command.join(' ') === 'pip sync' ? ['file'] : [];
  const words = [...command, ...files, flag, ...(takesValue ? ['1'] : [])];
  const invocation = findCommand(words);
  const definition = await invocation.path.at(-1)?.load?.();
  assert.ok(definition);
  try {
    parseArguments(invocation, definition, {});
    return true;
  } catch (error) {
    if (error instanceof RefusedOptionError) return true;
    if (!(error instanceof UsageError)) throw error;
    return !error.message.startsWith('unexpected argument');
  }
}

for (const [command, hidden] of [
  ['pip install', [...HIDDEN, ...HIDDEN_OF_INSTALL]],
  ['pip sync', [...HIDDEN, ...HIDDEN_OF_SYNC]],
  ['pip uninstall', HIDDEN_OF_UNINSTALL],
  ['lock', ['--locked', '--frozen', '--no-upgrade']],
  ['export', ['--no-install-project', '--no-install-workspace', '--hashes', '--annotate', '--header']],
  ['tree', ['--reverse']],
] as const)
  test(`${command} knows every option of uv`, async () => {
    const path = command.split(' ');
    const flags = [...(await flagsOfUv(path)), ...hidden.map((flag) => ({ flag, takesValue: false }))];

    const unknown: string[] = [];
    for (const flag of flags) if (!(await isKnown(path, flag))) unknown.push(flag.flag);

    assert.ok(flags.length > 30, `only ${flags.length} options were found in uv's help`);
    assert.deepEqual(unknown, []);
  });
