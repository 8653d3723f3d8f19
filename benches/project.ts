/** Projects for the benchmark: one folder for each tool, with the same lockfile, which the real uv has made. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TWELVE_PROJECTS } from './wheels.ts';

const run = promisify(execFile);

export interface ProjectPlace {
  /** Where all is made. */
  readonly folder: string;
  readonly uv: string;
  readonly python: string;
  readonly index: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** A folder with `pyproject.toml` and `uv.lock`. @returns its path */
export async function lockedProject(
  name: string,
  { folder, uv, python, index, variables }: ProjectPlace,
): Promise<string> {
  const original = join(folder, 'locked');
  const env = { ...process.env, ...variables };
  if ((await mkdir(original, { recursive: true })) !== undefined) {
    await writeFile(join(original, 'pyproject.toml'), pyproject(index));
    await run(uv, ['lock', '-q', '-p', python, '--project', original], { cwd: original, env });
  }
  const place = join(folder, `project-${name.replaceAll(' ', '-')}`);
  await mkdir(place, { recursive: true });
  for (const file of ['pyproject.toml', 'uv.lock']) await copyFile(join(original, file), join(place, file));
  return place;
}

export async function withoutEnvironment(project: string): Promise<void> {
  await rm(join(project, '.venv'), { recursive: true, force: true });
}

function pyproject(index: string): string {
  return `[project]
name = "bench"
version = "0"
requires-python = ">=3.12,<3.13"
dependencies = ${JSON.stringify(TWELVE_PROJECTS)}

[tool.uv]
environments = ["sys_platform == 'linux'"]

[[tool.uv.index]]
name = "local"
url = "${index}"
default = true
`;
}
