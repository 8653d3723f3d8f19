/** A project whose lockfile names wheels in a folder beside it: what `sync` and `run` start from, without any index. */
import type { TestContext } from 'node:test';
import { globSync, mkdirSync, writeFileSync } from 'node:fs';
import { projectScene } from './project-scene.ts';
import { runShoal } from './run-command.ts';
import type { CommandRun } from './run-command.ts';
import { shoalCommand } from './shoal-command.ts';
import type { ProjectScene } from './project-scene.ts';
import { buildWheel } from './wheel-builder.ts';
import type { WheelSpec } from './wheel-builder.ts';

export interface LockedProject extends ProjectScene {
  /** Names of `.dist-info` folders, as `name==version`. */
  installed(environment?: string): readonly string[];
  /** What `run` sets, for those who start the command themselves. */
  readonly variables: Readonly<Record<string, string>>;
  /** A line for `sh`, in which `$0` is the command under test. */
  shell(line: string): Promise<CommandRun>;
}

/** The project `app` needs `top`, which needs `base`; its group `dev` needs `tool`, its group `docs` and its extra `x` need `more`. */
const WHEELS: readonly WheelSpec[] = [
  { name: 'base', version: '1.0' },
  { name: 'top', version: '2.0', requires: ['base'], entryPoints: { console_scripts: { top: 'top:main' } } },
  { name: 'tool', version: '3.0' },
  { name: 'more', version: '4.0' },
];

/** @param text Replaces the `pyproject.toml`. */
export function lockedProject(t: TestContext, text: string = PYPROJECT): LockedProject {
  const scene = projectScene(t);
  mkdirSync(scene.path('wheels'), { recursive: true });
  scene.write('pyproject.toml', text);
  scene.write('uv.lock', `${HEADER}${WHEELS.map((spec) => lockedWheel(scene, spec)).join('')}`);
  return {
    ...scene,
    installed: (environment = '.venv') =>
      globSync('lib/python*/site-packages/*.dist-info', { cwd: scene.path(environment) })
        .map((path) => (path.split('/').at(-1) ?? '').replace('.dist-info', '').replace('-', '=='))
        .sort(),
    variables: {
      HOME: scene.path('.home'),
      SHOAL_CACHE_DIR: scene.path('.cache'),
      UV_CACHE_DIR: scene.path('.cache'),
      UV_PYTHON_DOWNLOADS: 'never',
      VIRTUAL_ENV: '',
    },
    shell: (line) => runInShell(line, scene.folder),
  };
}

function runInShell(line: string, cwd: string): Promise<CommandRun> {
  const [program = '', ...leading] = shoalCommand();
  const quoted = [program, ...leading].map((word) => `'${word}'`).join(' ');
  return runShoal(['-c', line.replaceAll('"$0"', quoted)], { cwd, program: '/bin/sh' });
}

const PYPROJECT = `[project]
name = "app"
version = "0.1.0"
requires-python = ">=3.9"
dependencies = ["top"]

[project.optional-dependencies]
x = ["more"]

[dependency-groups]
dev = ["tool"]
docs = ["more"]

[tool.uv]
no-index = true
find-links = ["wheels"]
`;

const HEADER = `version = 1
revision = 3
requires-python = ">=3.9"

[[package]]
name = "app"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "top" },
]

[package.optional-dependencies]
x = [
    { name = "more" },
]

[package.dev-dependencies]
dev = [
    { name = "tool" },
]
docs = [
    { name = "more" },
]

[package.metadata]
requires-dist = [
    { name = "more", marker = "extra == 'x'" },
    { name = "top" },
]
provides-extras = ["x"]

[package.metadata.requires-dev]
dev = [{ name = "tool" }]
docs = [{ name = "more" }]
`;

function lockedWheel(scene: ProjectScene, spec: WheelSpec): string {
  const module = `def main(): print("${spec.name} runs")\n`;
  const wheel = buildWheel({ files: { [`${spec.name}/__init__.py`]: module }, ...spec });
  writeFileSync(scene.path('wheels', wheel.filename), wheel.content);
  const dependencies = spec.name === 'top' ? 'dependencies = [\n    { name = "base" },\n]\n' : '';
  return `
[[package]]
name = "${spec.name}"
version = "${spec.version}"
source = { registry = "wheels" }
${dependencies}wheels = [
    { path = "${wheel.filename}", hash = "sha256:${wheel.sha256}" },
]
`;
}
