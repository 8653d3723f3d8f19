/** The direction of imports, read from the sources: `docs/architecture.md` draws it, this keeps it. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Folders of `packages/shoal/src`, and the folders that each may import from. `packaging` and `cache` are open to all. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  cli: ['cli', 'commands', 'lock', 'resolve', 'index', 'build', 'install', 'fetch', 'environment', 'project', 'host'],
  commands: ['commands', 'lock', 'resolve', 'index', 'build', 'install', 'fetch', 'environment', 'project', 'host'],
  lock: ['lock', 'resolve', 'project'],
  resolve: ['resolve', 'project'],
  index: ['index', 'fetch', 'project', 'host'],
  build: ['build', 'fetch', 'environment', 'project', 'host'],
  install: ['install', 'fetch', 'environment', 'project', 'host'],
  fetch: ['fetch', 'project', 'host'],
  environment: ['environment', 'project', 'host'],
  project: ['project', 'host'],
  host: ['host'],
};

interface Import {
  readonly file: string;
  readonly specifier: string;
}

function importsOf(pattern: string): Import[] {
  return globSync(pattern, { cwd: root }).flatMap((file) =>
    [
      ...readFileSync(join(root, file), 'utf8').matchAll(
        /(?:^|\n)\s*(?:import|export)\s+(?:(?:type\s+)?(?:\*(?:\s+as\s+\w+)?|\{[^}]*\}|\w+)\s+from\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/g,
      ),
    ].map((match) => ({ file, specifier: match[1] ?? match[2] ?? '' })),
  );
}

const isTest = ({ file }: Import): boolean => file.endsWith('.test.ts');

test('packaging imports nothing but itself', () => {
  const foreign = importsOf('packages/packaging/src/**/*.ts').filter(
    (one) => !isTest(one) && !one.specifier.startsWith('.'),
  );
  assert.deepEqual(foreign, []);
});

test('cache imports node modules, its lock port, and nothing of Python', () => {
  const allowed = /^(\.|node:|bun:ffi$|koffi$)/;
  const foreign = importsOf('packages/cache/src/**/*.ts').filter((one) => !isTest(one) && !allowed.test(one.specifier));
  assert.deepEqual(foreign, []);
});

test('each folder of shoal imports only from the folders below it', () => {
  const violations = importsOf('packages/shoal/src/**/*.ts').filter((one) => {
    if (isTest(one) || !one.specifier.startsWith('.')) return false;
    const from = folderOf(one.file);
    const to = folderOf(normalize(join(dirname(one.file), one.specifier)));
    return from !== undefined && to !== undefined && MAY_IMPORT[from]?.includes(to) !== true;
  });
  assert.deepEqual(violations, []);
});

test('every package declares what it imports', () => {
  for (const name of ['cache', 'shoal']) {
    const declared = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>;
    };
    const used = importsOf(`packages/${name}/src/**/*.ts`)
      .filter((one) => !isTest(one) && !/^(\.|node:|bun:)/.test(one.specifier))
      .map(({ specifier }) =>
        specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/'),
      );
    const undeclared = [...new Set(used)].filter((one) => declared.dependencies?.[one] === undefined);
    assert.deepEqual(undeclared, [], `packages/${name}`);
  }
});

/** The folder of `packages/shoal/src` that a file lies in; files beside them (`index.ts`) may import anything. */
function folderOf(file: string): string | undefined {
  return /^packages\/shoal\/src\/([^/]+)\//.exec(file.replaceAll('\\', '/'))?.[1];
}
