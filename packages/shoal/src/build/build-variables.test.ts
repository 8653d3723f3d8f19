import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decidingVariables } from './build-variables.ts';

test('variables of compilers and backends decide, sorted; empty ones and all others do not', () => {
  const variables = {
    MYSQLCLIENT_CFLAGS: '-I/x',
    CFLAGS: '-O2',
    LDFLAGS: '',
    HOME: '/home/a',
    SETUPTOOLS_SCM_PRETEND_VERSION_FOR_PART: '1.0',
    CC: undefined,
  };

  assert.deepEqual(decidingVariables(variables), [
    'CFLAGS=-O2',
    'MYSQLCLIENT_CFLAGS=-I/x',
    'SETUPTOOLS_SCM_PRETEND_VERSION_FOR_PART=1.0',
  ]);
});
