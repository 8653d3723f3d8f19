import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite, test } from 'node:test';
import { anyPython } from '../../../../tests/support/python-tools.ts';
import { temporaryFolder } from '../../../../tests/support/temporary-folder.ts';
import type { ScriptEntryPoint } from '../fetch/wheel-note.ts';
import { ReservedScriptNameError } from './install-errors.ts';
import { formatLauncher, formatShebang, launchersOf, requireFreeName, rewriteScript } from './scripts.ts';

const HOST = { executable: '/env/bin/python', scripts: '/env/bin', relocatable: false };

function script(name: string, module = 'a', attribute: string | undefined = 'b'): ScriptEntryPoint {
  return { group: 'console_scripts', name, module, attribute, extras: [] };
}

suite('formatShebang()', () => {
  test('formatShebang() names the interpreter, when a kernel can read the line', () => {
    assert.equal(formatShebang(HOST), '#!/env/bin/python');
    // 2 + 124 + 1 bytes are the most.
    assert.equal(formatShebang({ ...HOST, executable: `/${'x'.repeat(123)}` }), `#!/${'x'.repeat(123)}`);
  });

  test('formatShebang() goes through /bin/sh, when the path is long or has a space or a quote beside it', () => {
    const long = `/${'x'.repeat(124)}`;
    assert.equal(formatShebang({ ...HOST, executable: long }), `#!/bin/sh\n'''exec' '${long}' "$0" "$@"\n' '''`);
    assert.equal(
      formatShebang({ ...HOST, executable: "/it's here/python" }),
      `#!/bin/sh\n'''exec' '/it'"'"'s here/python' "$0" "$@"\n' '''`,
    );
  });

  test('formatShebang() finds the interpreter beside the script, when the environment is relocatable', () => {
    assert.equal(
      formatShebang({ ...HOST, relocatable: true }),
      `#!/bin/sh\n'''exec' "$(dirname -- "$(realpath -- "$0")")"/'python' "$0" "$@"\n' '''`,
    );
  });

  for (const { name, folder, relocatable } of process.platform === 'win32'
    ? []
    : [
        { name: 'plain', folder: 'env', relocatable: false },
        { name: 'with spaces and quotes', folder: "it's an env", relocatable: false },
        { name: 'very long', folder: 'x'.repeat(140), relocatable: false },
        { name: 'relocatable', folder: 'movable', relocatable: true },
      ]) {
    test(`formatLauncher() makes a script that runs, when its path is ${name}`, (t) => {
      const scripts = join(temporaryFolder(t), folder, 'bin');
      mkdirSync(scripts, { recursive: true });
      const python = anyPython();
      const executable = join(scripts, 'python');
      if (python.startsWith('/')) symlinkSync(python, executable);
      else writeFileSync(executable, `#!/bin/sh\nexec ${python} "$@"\n`, { mode: 0o755 });
      writeFileSync(
        join(scripts, 'module_of_test.py'),
        'class cli:\n    def run():\n        import sys\n        print(sys.argv[1:])\n        return 7\n',
      );
      const path = join(scripts, 'tool');
      writeFileSync(
        path,
        formatLauncher({ executable, scripts, relocatable }, { module: 'module_of_test', attribute: 'cli.run' }),
      );
      chmodSync(path, 0o755);

      const run = (): string =>
        execFileSync(path, ['a b', '$c'], {
          encoding: 'utf8',
          env: { ...process.env, PYTHONPATH: dirname(path) },
          stdio: ['ignore', 'pipe', 'inherit'],
        });

      assert.throws(
        run,
        (error: { status?: number; stdout?: string }) => error.status === 7 && error.stdout === "['a b', '$c']\n",
      );
    });
  }
});

suite('launchersOf()', () => {
  test('launchersOf() makes pip3.x for the Python at hand, when the wheel has pip3', () => {
    const launchers = launchersOf(
      { filename: 'pip.whl', entryPoints: [script('pip'), script('pip3', 'c'), script('pip3.9'), script('memray3.9')] },
      12,
    );
    assert.deepEqual(
      launchers.map(({ name, module }) => `${name} ${module}`),
      ['pip a', 'pip3 c', 'memray3.9 a', 'pip3.12 c'],
    );
  });

  for (const name of ['../evil', '/bin/sh', 'a/../../b', '..']) {
    test(`launchersOf() refuses the name ${name}, which leaves the scripts folder`, () => {
      assert.throws(() => launchersOf({ filename: 'x.whl', entryPoints: [script(name)] }, 12), {
        code: 'INVALID_WHEEL',
      });
    });
  }

  test('launchersOf() refuses an entry point without function', () => {
    assert.throws(
      () => launchersOf({ filename: 'x.whl', entryPoints: [{ ...script('x'), attribute: undefined }] }, 12),
      { code: 'INVALID_WHEEL' },
    );
  });
});

suite('requireFreeName()', () => {
  for (const name of [
    'python',
    'Python3',
    'python3.12',
    'python3.14t',
    'pythonw3.13t',
    'pythonw',
    'pypy3',
    'graalpy',
    'python.exe',
    'PYTHON3.PY',
  ]) {
    test(`requireFreeName() refuses ${name}`, () => {
      assert.throws(() => requireFreeName('x.whl', name), ReservedScriptNameError);
    });
  }

  for (const name of ['pythonic', 'python2', 'python3-config', 'python3.x', 'ipython', 'python4']) {
    test(`requireFreeName() lets ${name} pass`, () => {
      assert.doesNotThrow(() => requireFreeName('x.whl', name));
    });
  }
});

suite('rewriteScript()', () => {
  const rewrite = (text: string): string | undefined => rewriteScript(Buffer.from(text), HOST)?.toString();

  test('rewriteScript() puts the interpreter in the first line, when it is the placeholder', () => {
    assert.equal(rewrite('#!python\nprint()\n'), '#!/env/bin/python\nprint()\n');
    assert.equal(rewrite('#!pythonw -E\nprint()\n'), '#!/env/bin/python\nprint()\n');
    assert.equal(rewrite('#!python'), '#!/env/bin/python\n');
  });

  test('rewriteScript() leaves a script alone, when it names its interpreter or is no text', () => {
    assert.equal(rewrite('#!/usr/bin/env python\n'), undefined);
    assert.equal(rewrite('\u007fELF'), undefined);
    assert.equal(rewrite(''), undefined);
  });
});
