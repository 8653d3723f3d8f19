import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureHint } from './failure-hint.ts';

const hintFor = (logTail: string): string => failureHint({ signal: null, logTail }) ?? '';

for (const [log, hint] of [
  ['a.c:1:10: fatal error: Python.h: No such file or directory', /`Python\.h` is missing.*`python3-dev`/],
  ['a.c:1:10: fatal error: mysql/mysql.h: No such file or directory', /`mysql\/mysql\.h` is missing/],
  [
    "error: command 'x86_64-linux-gnu-gcc' failed: No such file or directory",
    /compiler `x86_64-linux-gnu-gcc` is missing/,
  ],
  ['/bin/sh: 1: mysql_config: not found', /program that the build needs is missing: `mysql_config`/],
  ['Exception: Can not find valid pkg-config name.', /C library that the build needs was not found/],
  ["ModuleNotFoundError: No module named 'distutils'", /no longer has: use an older Python/],
  ["ModuleNotFoundError: No module named 'numpy.core'", /needs the module `numpy`/],
] as const)
  test(`a known cause has a hint: ${log}`, () => {
    assert.match(hintFor(log), hint);
  });
