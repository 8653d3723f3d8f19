/** A virtual environment with distributions that were never wheels: written straight into site-packages, right or wrong. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { anyPython } from './python-tools.ts';
import { runShoal } from './run-command.ts';
import type { CommandRun } from './run-command.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface InstalledSpec {
  readonly name: string;
  readonly version: string;
  readonly requires?: readonly string[];
  readonly requiresPython?: string;
  /** Content of `direct_url.json`. */
  readonly directUrl?: object;
  /** Modules, which RECORD lists; without any there is one. */
  readonly files?: Readonly<Record<string, string>>;
  /** `false` leaves the file out. */
  readonly metadata?: false;
  readonly record?: false;
  readonly wheel?: string | false;
}

export interface InstalledScene {
  /** The working folder of `run`; the environment is its `.venv`. */
  readonly folder: string;
  readonly sitePackages: string;
  install(...specs: readonly InstalledSpec[]): void;
  run(...words: readonly string[]): Promise<CommandRun>;
}

export function installedScene(t: TestContext, ...specs: readonly InstalledSpec[]): InstalledScene {
  const folder = temporaryFolder(t);
  const root = join(folder, '.venv');
  execFileSync(anyPython(), ['-m', 'venv', '--without-pip', root]);
  const [python = ''] = readdirSync(join(root, 'lib'));
  const sitePackages = join(root, 'lib', python, 'site-packages');
  const scene: InstalledScene = {
    folder,
    sitePackages,
    install: (...more) => {
      for (const spec of more) write(sitePackages, spec);
    },
    run: (...words) => runShoal(words, { cwd: folder }),
  };
  scene.install(...specs);
  return scene;
}

function write(sitePackages: string, spec: InstalledSpec): void {
  const { name, version, directUrl, metadata, record, wheel } = spec;
  const module = name.replaceAll('-', '_').toLowerCase();
  const info = `${module}-${version}.dist-info`;
  const files = new Map(Object.entries(spec.files ?? { [`${module}.py`]: '' }));
  files.set(`${info}/INSTALLER`, 'test');
  if (metadata !== false) files.set(`${info}/METADATA`, metadataOf(spec));
  if (wheel !== false)
    files.set(
      `${info}/WHEEL`,
      wheel ?? 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    );
  if (directUrl !== undefined) files.set(`${info}/direct_url.json`, JSON.stringify(directUrl));
  if (record !== false)
    files.set(`${info}/RECORD`, [...files.keys(), `${info}/RECORD`].map((path) => `${path},,\n`).join(''));
  for (const [path, content] of files) {
    mkdirSync(join(sitePackages, path, '..'), { recursive: true });
    writeFileSync(join(sitePackages, path), content);
  }
}

function metadataOf({ name, version, requires = [], requiresPython }: InstalledSpec): string {
  const lines = ['Metadata-Version: 2.1', `Name: ${name}`, `Version: ${version}`];
  if (requiresPython !== undefined) lines.push(`Requires-Python: ${requiresPython}`);
  return `${[...lines, ...requires.map((requirement) => `Requires-Dist: ${requirement}`)].join('\n')}\n`;
}
