/** Projects of every kind that `uv.lock` can hold, on one small index: what uv and this program lock must be the same. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execFileSync } from 'node:child_process';
import type { LocalIndex } from './local-index.ts';
import { writeSourceProject } from './source-project.ts';
import type { Universe } from './universe.ts';
import { buildSdist, buildWheel } from './wheel-builder.ts';

function macWheels(...minors: readonly number[]): readonly string[] {
  return minors.map((minor) => `cp3${minor}-cp3${minor}-macosx_11_0_arm64`);
}

export const lockUniverse: Universe = {
  alpha: {
    '1.0': { requires: ['beta>=1'], uploadTime: '2024-01-02T03:04:05.678901Z' },
    '2.0': {
      requires: ['beta>=1', "gamma; sys_platform == 'win32'"],
      extras: { fast: ['delta'], slow: ['epsilon'] },
      uploadTime: '2024-06-01T00:00:00Z',
    },
  },
  beta: {
    '1.0': { uploadTime: '2024-01-01T00:00:00Z' },
    '2.0': { requires_python: '>=3.10', uploadTime: '2024-05-01T00:00:00.5Z' },
  },
  gamma: { '1.0': { sdist: false }, '1.1': { sdist: false, wheels: ['py3-none-any', 'py2-none-any'] } },
  delta: {
    '0.9': {},
    '1.0': {
      wheels: [
        'cp38-cp38-manylinux_2_17_x86_64',
        'cp312-cp312-manylinux_2_17_x86_64',
        'cp312-cp312-win_amd64',
        'cp312-cp312-macosx_11_0_arm64',
        'cp39-abi3-musllinux_1_2_aarch64',
        'graalpy312-graalpy250_312_native-macosx_11_0_arm64',
        'graalpy310-graalpy240_310_native-macosx_11_0_arm64',
        'pp27-pypy_73-manylinux1_x86_64',
        'pp310-pypy310_pp73-manylinux1_x86_64',
      ],
    },
  },
  epsilon: { '1.0': { requires: ['alpha'] }, '1.5': { requires: ["alpha[fast]; python_version >= '3.12'"] } },
  // Wheels alone: the newest has none for the newest Python.
  theta: {
    '0.5': { sdist: false, wheels: macWheels(12, 13, 14) },
    '1.0': { sdist: false, wheels: macWheels(12, 13) },
  },
  zeta: { '1.0': {}, '2.0': {}, '3.0a1': {} },
};

export interface LockCase {
  readonly name: string;
  /** Path -> text; `INDEX` stands for the URL of the index, `ROOT` for its root. */
  readonly files: Readonly<Record<string, string>>;
  /** Further words of `lock`. */
  readonly words?: readonly string[];
  /** Makes what a text file cannot hold. */
  readonly prepare?: (folder: string) => void;
}

/** A `pyproject.toml` with these requirements and whatever follows `[project]`. */
function project(dependencies: readonly string[], rest = '', head: Readonly<Record<string, unknown>> = {}): string {
  const fields = { name: 'app', version: '0.1.0', 'requires-python': '>=3.12', dependencies, ...head };
  const lines = Object.entries(fields).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  return `[project]\n${lines.join('\n')}\n${rest}`;
}

const pyproject = (text: string): Readonly<Record<string, string>> => ({ 'pyproject.toml': text });
const buildSystem = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n';
const member = (name: string, dependencies: readonly string[], rest = ''): string =>
  project(dependencies, rest, { name });

export const lockCases: readonly LockCase[] = [
  { name: 'a project without dependencies', files: pyproject(project([])) },
  { name: 'plain dependencies', files: pyproject(project(['alpha', 'zeta<2'])) },
  {
    name: 'extras and groups',
    files: pyproject(
      project(
        ['alpha[fast]>=1'],
        `[project.optional-dependencies]\nweb = ["epsilon", "zeta>=1,<3"]\nall = ["app[web]"]\nnone = []\n[dependency-groups]\ndev = [{include-group = "lint"}, "zeta==1.0", "gamma", "gamma<2"]\nlint = ["gamma>=1"]\nempty = []\n`,
      ),
    ),
  },
  {
    name: 'default groups',
    files: {
      'pyproject.toml': `[tool.uv]\ndefault-groups = "all"\n[tool.uv.workspace]\nmembers = ["a", "b"]\n[dependency-groups]\ndev = ["zeta"]\n`,
      'a/pyproject.toml': member(
        'a',
        [],
        '[dependency-groups]\ny = []\nx = []\n[tool.uv]\ndefault-groups = ["y", "x"]\n',
      ),
      'b/pyproject.toml': member('b', [], '[dependency-groups]\ndev = []\n[tool.uv]\ndefault-groups = ["dev"]\n'),
    },
  },
  {
    name: 'a packaged project',
    files: pyproject(project(['alpha'], buildSystem)),
  },
  {
    name: 'markers and forks',
    files: pyproject(
      project([
        "zeta==1.0; sys_platform == 'linux'",
        "zeta==2.0; sys_platform != 'linux'",
        "alpha; python_version < '3.14'",
      ]),
    ),
  },
  {
    name: 'forks over Python',
    files: pyproject(project(['beta', 'epsilon'], '', { 'requires-python': '>=3.9' })),
  },
  {
    name: 'supported and required environments',
    files: pyproject(
      project(
        ['alpha', 'delta'],
        `[tool.uv]\nenvironments = ["sys_platform == 'linux'", "sys_platform == 'darwin'"]\nrequired-environments = ["sys_platform == 'darwin' and platform_machine == 'arm64'"]\n`,
      ),
    ),
  },
  {
    name: 'an environment without wheels in one of its forks',
    files: pyproject(
      project(
        ['theta', "zeta==1.0; python_version < '3.14'", "zeta==2.0; python_version >= '3.14'"],
        `[tool.uv]\nenvironments = ["sys_platform == 'darwin'"]\n`,
      ),
    ),
  },
  {
    name: 'a required environment without wheels in one of its forks',
    files: pyproject(
      project(
        ['theta', "zeta==1.0; python_version < '3.14'", "zeta==2.0; python_version >= '3.14'"],
        `[tool.uv]\nrequired-environments = ["sys_platform == 'darwin'"]\n`,
      ),
    ),
  },
  {
    name: 'constraints, overrides, excludes and build constraints',
    files: pyproject(
      project(
        ['alpha', 'zeta'],
        `[tool.uv]\nconstraint-dependencies = ["zeta<2", "beta>=1"]\noverride-dependencies = ["beta==1.0"]\nexclude-dependencies = ["gamma"]\nbuild-constraint-dependencies = ["setuptools<80"]\n`,
      ),
    ),
  },
  {
    name: 'dependency metadata',
    files: pyproject(
      project(
        ['alpha'],
        `[[tool.uv.dependency-metadata]]\nname = "alpha"\nversion = "2.0"\nrequires-dist = ["zeta>=1; python_version > '3'"]\nrequires-python = ">=3.8"\nprovides-extras = ["fast"]\n`,
      ),
    ),
  },
  {
    name: 'resolution options',
    files: pyproject(project(['alpha', 'zeta'])),
    words: [
      '--resolution',
      'lowest',
      '--prerelease',
      'allow',
      '--exclude-newer',
      '2024-03-01',
      '--exclude-newer-package',
      'zeta=false',
      '--fork-strategy',
      'fewest',
    ],
  },
  {
    name: 'a cutoff that is a span',
    files: pyproject(project(['alpha'])),
    words: ['--exclude-newer', '3 weeks'],
  },
  {
    name: 'a workspace',
    files: {
      'pyproject.toml': project(
        ['core'],
        `[tool.uv.workspace]\nmembers = ["packages/*"]\nexclude = ["packages/out"]\n[tool.uv.sources]\ncore = { workspace = true }\n`,
      ),
      'packages/core/pyproject.toml': member('core', ['alpha']) + buildSystem,
      'packages/tool/pyproject.toml': member('tool', ['core', 'zeta'], '[dependency-groups]\ndev = ["gamma"]\n'),
      'packages/out/pyproject.toml': member('out', ['nowhere']),
    },
  },
  {
    name: 'a virtual root with groups',
    files: {
      'pyproject.toml': `[tool.uv.workspace]\nmembers = ["a", "b"]\n[dependency-groups]\ndev = ["zeta", "alpha"]\nempty = []\n[tool.uv.dependency-groups]\ndev = {requires-python = ">=3.11, <4"}\n`,
      'a/pyproject.toml': member('a', ['b'], '[tool.uv.sources]\nb = { workspace = true, editable = false }\n'),
      'b/pyproject.toml': project(['beta<2'], buildSystem, { name: 'b', 'requires-python': '>=3.10' }),
    },
  },
  {
    name: 'path sources',
    files: {
      'pyproject.toml': project(
        ['first', 'second', 'third', 'kappa', 'lambda'],
        `[tool.uv.sources]\nfirst = { path = "libs/first" }\nsecond = { path = "libs/second", editable = true }\nthird = { path = "libs/third", package = false }\nkappa = { path = "files/kappa-1.0-py3-none-any.whl" }\nlambda = { path = "files/lambda-1.0.tar.gz" }\n`,
      ),
      'libs/third/pyproject.toml': member('third', ['beta']),
    },
    prepare: (folder) => {
      writeSourceProject(join(folder, 'libs/first'), { name: 'first', requires: ['alpha'] });
      writeSourceProject(join(folder, 'libs/second'), { name: 'second' });
      mkdirSync(join(folder, 'files'));
      const spec = { name: 'kappa', version: '1.0', requires: ['zeta'] };
      writeFileSync(join(folder, 'files/kappa-1.0-py3-none-any.whl'), buildWheel(spec).content);
      writeFileSync(join(folder, 'files/lambda-1.0.tar.gz'), buildSdist({ name: 'lambda', version: '1.0' }).content);
    },
  },
  {
    name: 'URL sources',
    files: pyproject(
      project(
        ['zeta', 'alpha @ ROOTfiles/alpha-1.0-py3-none-any.whl'],
        `[tool.uv.sources]\nzeta = { url = "ROOTfiles/zeta-2.0.tar.gz" }\n`,
      ),
    ),
  },
  {
    name: 'Git sources',
    files: pyproject(
      project(
        ['first', 'second'],
        `[tool.uv.sources]\nfirst = { git = "file://FOLDER/repository", branch = "main" }\nsecond = { git = "file://FOLDER/other", subdirectory = "below", tag = "v1" }\n`,
      ),
    ),
    prepare: (folder) => {
      makeRepository(writeSourceProject(join(folder, 'repository'), { name: 'first', requires: ['alpha'] }));
      writeSourceProject(join(folder, 'other/below'), { name: 'second' });
      makeRepository(join(folder, 'other'));
    },
  },
  {
    name: 'sources and indexes with markers',
    files: pyproject(
      project(
        ['zeta', 'beta', 'alpha'],
        `[tool.uv.sources]\nzeta = [{ index = "second", marker = "sys_platform == 'linux'" }]\nbeta = { index = "second" }\n[[tool.uv.index]]\nname = "second"\nurl = "ROOTsimple/./"\nexplicit = true\n`,
      ),
    ),
  },
  {
    name: 'a dynamic version',
    files: {
      'pyproject.toml': project(['second'], '[tool.uv.sources]\nsecond = { path = "second" }\n'),
    },
    prepare: (folder) => {
      writeSourceProject(join(folder, 'second'), { name: 'second', isDynamic: true, requires: ['beta'] });
    },
  },
  {
    name: 'a find-links folder',
    files: pyproject(project(['nu'], '[tool.uv]\nfind-links = ["links"]\n')),
    prepare: (folder) => {
      mkdirSync(join(folder, 'links'));
      writeFileSync(join(folder, 'links/nu-1.0-py3-none-any.whl'), buildWheel({ name: 'nu', version: '1.0' }).content);
      writeFileSync(join(folder, 'links/nu-1.0.tar.gz'), buildSdist({ name: 'nu', version: '1.0' }).content);
    },
  },
  {
    name: 'several requires-python',
    files: {
      'pyproject.toml': project(
        ['alpha'],
        '[tool.uv.workspace]\nmembers = ["b"]\n[dependency-groups]\nnew = ["zeta"]\n[tool.uv.dependency-groups]\nnew = {requires-python = ">=3.13"}\n',
        { 'requires-python': '>=3.8,<4' },
      ),
      'b/pyproject.toml': project(['beta'], '', { name: 'b', 'requires-python': '>=3.10,!=3.11.*' }),
    },
  },
];

/** Cases that need conflicts between extras or groups. */
export const conflictCases: readonly LockCase[] = [
  {
    name: 'conflicting extras',
    files: pyproject(
      project(
        ['beta'],
        `[project.optional-dependencies]\nold = ["zeta==1.0"]\nnew = ["zeta==2.0"]\n[tool.uv]\nconflicts = [[{ extra = "old" }, { extra = "new" }]]\n`,
      ),
    ),
  },
  {
    name: 'conflicting groups',
    files: pyproject(
      project(
        ['alpha'],
        `[dependency-groups]\nold = ["zeta==1.0"]\nnew = ["zeta==2.0"]\n[tool.uv]\nconflicts = [[{ group = "old" }, { group = "new" }]]\n`,
      ),
    ),
  },
];

/** Write the files of a case below `folder`. */
export function writeLockCase(folder: string, { files, prepare }: LockCase, index: LocalIndex): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    const filled = text.replaceAll('INDEX', index.url).replaceAll('ROOT', index.root).replaceAll('FOLDER', folder);
    writeFileSync(join(folder, path), filled);
  }
  prepare?.(folder);
}

function makeRepository(folder: string): void {
  const settings = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'init.defaultBranch=main'];
  const git = (...words: string[]): void => {
    execFileSync('git', [...settings, ...words], { cwd: folder, stdio: 'ignore' });
  };
  git('init');
  git('add', '.');
  git('commit', '-m', 'all', '--date', '2024-01-01T00:00:00Z');
  git('tag', 'v1');
}
