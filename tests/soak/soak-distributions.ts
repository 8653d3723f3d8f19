/** What the index of the soak offers, and what the requirements between them make of a command. */
import { sourceProject } from '../support/source-project.ts';
import type { SourceProjectSpec } from '../support/source-project.ts';
import { buildSdist, buildWheel } from '../support/wheel-builder.ts';
import type { BuiltDistribution, FileSpec } from '../support/wheel-builder.ts';

/** Name -> what it requires, in any version. */
const REQUIRES: Readonly<Record<string, readonly string[]>> = {
  app: ['core', 'tool'],
  core: ['base'],
  tool: ['base', 'spaced-a'],
  base: [],
  'spaced-a': [],
  'spaced-b': [],
  large: [],
  native: ['base'],
};

/** `native` is a source distribution, built by whoever needs it first. */
export const NAMES: readonly string[] = Object.keys(REQUIRES);
const VERSIONS = ['1.0', '2.0'] as const;
const LATEST = '2.0';

export function versionsOf(name: string): readonly [string, ...string[]] {
  return name === 'native' ? ['1.0'] : VERSIONS;
}

export function latestOf(name: string): string {
  return name === 'native' ? '1.0' : LATEST;
}

/** The names and all that they need, at any distance. */
export function closureOf(names: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    for (const required of REQUIRES[name] ?? []) visit(required);
  };
  for (const name of names) visit(name);
  return [...found];
}

export const NATIVE: SourceProjectSpec = {
  name: 'native',
  requires: ['base'],
  files: Object.fromEntries(Array.from({ length: 10 }, (_, file) => [`native/m${file}.py`, `value = ${file}\n`])),
};

export function soakDistributions(): readonly BuiltDistribution[] {
  const wheels = NAMES.filter((name) => name !== 'native').flatMap((name) =>
    versionsOf(name).map((version) => wheelOf(name, version)),
  );
  const metadata = 'Metadata-Version: 1.2\nName: native\nVersion: 1.0\n';
  return [...wheels, buildSdist({ name: 'native', version: '1.0', files: sourceProject(NATIVE), metadata })];
}

function wheelOf(name: string, version: string): BuiltDistribution {
  const entryPoints = name === 'tool' ? { entryPoints: { console_scripts: { tool: 'tool:main' } } } : {};
  const data = name === 'core' ? { data: { 'scripts/core-script': `#!python\nprint("${version}")\n` } } : {};
  return buildWheel({
    name,
    version,
    requires: REQUIRES[name] ?? [],
    files: filesOf(name, version),
    ...entryPoints,
    ...data,
  });
}

/** Some files stay the same between versions, some change, some come and go; two projects share a namespace. */
function filesOf(name: string, version: string): Readonly<Record<string, FileSpec>> {
  const folder = name.startsWith('spaced') ? `spaced/${name.slice(-1)}` : name;
  const count = name === 'large' ? 250 : 15;
  const content = (file: number): string => `value = '${name} ${file % 3 === 0 ? version : 'same'}'\n`;
  const files = Array.from({ length: count }, (_, file) => [`${folder}/m${file}.py`, content(file)]);
  const blob = Buffer.alloc(name === 'large' ? 400_000 : 2000, `${name} ${version} `);
  return {
    [`${folder}/__init__.py`]: `__version__ = '${version}'\n`,
    ...Object.fromEntries(files),
    [`${folder}/only_in_${version.replace('.', '_')}.py`]: 'here = True\n',
    [`${folder}/data/blob.bin`]: blob,
  };
}
