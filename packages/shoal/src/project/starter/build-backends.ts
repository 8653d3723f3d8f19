/** The build backends that a new project can have, and what its `pyproject.toml` says for each. */

export const BUILD_BACKENDS = ['uv', 'hatch', 'flit', 'pdm', 'poetry', 'setuptools', 'maturin', 'scikit'] as const;

export type BuildBackendName = (typeof BUILD_BACKENDS)[number];

/** uv bounds it from below by its own release, which it brings along; here an index brings it, and any of the series will do. */
const UV_BUILD = 'uv_build>=0.13.0,<0.14.0';

const REQUIRES: Readonly<Record<BuildBackendName, readonly [requires: string, backend: string]>> = {
  uv: [`"${UV_BUILD}"`, 'uv_build'],
  hatch: ['"hatchling"', 'hatchling.build'],
  flit: ['"flit_core>=3.2,<4"', 'flit_core.buildapi'],
  pdm: ['"pdm-backend"', 'pdm.backend'],
  poetry: ['"poetry-core>=2,<3"', 'poetry.core.masonry.api'],
  setuptools: ['"setuptools>=61"', 'setuptools.build_meta'],
  maturin: ['"maturin>=1.0,<2.0"', 'maturin'],
  scikit: ['"scikit-build-core>=0.12", "pybind11>=3"', 'scikit_build_core.build'],
};

/**
 * The tables of the backend: where the module is, its own, those about its caches, and `[build-system]`.
 *
 * @param isUnusual The module's name is not the one that backends expect.
 */
export function buildSystemTables(backend: BuildBackendName, moduleName: string, isUnusual: boolean): string {
  const [requires, name] = REQUIRES[backend];
  const system = `[build-system]\nrequires = [${requires}]\nbuild-backend = "${name}"\n`;
  const module = isUnusual ? moduleTable(backend, moduleName) : '';
  return [module, ownTables(backend, moduleName), system].filter((text) => text !== '').join('\n');
}

function moduleTable(backend: BuildBackendName, moduleName: string): string {
  switch (backend) {
    case 'uv':
      return `[tool.uv.build-backend]\nmodule-name = "${moduleName}"\n`;
    case 'hatch':
      return `[tool.hatch.build.targets.wheel]\npackages = ["src/${moduleName}"]\n`;
    case 'flit':
      return `[tool.flit.module]\nname = "${moduleName}"\n`;
    case 'poetry':
      return `[tool.poetry]\npackages = [{ include = "${moduleName}", from = "src" }]\n`;
    case 'scikit':
      return `[tool.scikit-build.wheel]\npackages = ["src/${moduleName}"]\n`;
    case 'maturin':
    case 'pdm':
    case 'setuptools':
      return '';
  }
}

function ownTables(backend: BuildBackendName, moduleName: string): string {
  if (backend === 'maturin')
    return `[tool.maturin]
module-name = "${moduleName}._core"
python-packages = ["${moduleName}"]
python-source = "src"

${cacheKeys('src/**/*.rs', 'Cargo.toml', 'Cargo.lock')}`;
  if (backend === 'scikit')
    return `[tool.scikit-build]
minimum-version = "build-system.requires"
build-dir = "build/{wheel_tag}"

${cacheKeys('src/**/*.{h,c,hpp,cpp}', 'CMakeLists.txt')}`;
  return '';
}

/** When one of these files changes, the project is built again. */
function cacheKeys(...files: readonly string[]): string {
  const keys = ['pyproject.toml', ...files].map((file) => `{ file = "${file}" }`);
  return `[tool.uv]\ncache-keys = [${keys.join(', ')}]\n`;
}
