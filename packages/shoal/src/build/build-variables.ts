/** Variables of the surroundings that change what a build gives; a wheel that was built under others is another wheel. */
const KNOWN: readonly string[] = [
  'ARCHFLAGS',
  'AR',
  'CC',
  'CFLAGS',
  'CMAKE_ARGS',
  'CMAKE_GENERATOR',
  'CPATH',
  'CPPFLAGS',
  'CXX',
  'CXXFLAGS',
  'C_INCLUDE_PATH',
  'DISTUTILS_USE_SDK',
  'FC',
  'FFLAGS',
  'LD',
  'LDFLAGS',
  'LIBRARY_PATH',
  'MACOSX_DEPLOYMENT_TARGET',
  'PKG_CONFIG_PATH',
  'RUSTFLAGS',
  'SKBUILD_CMAKE_ARGS',
  'SOURCE_DATE_EPOCH',
  '_PYTHON_HOST_PLATFORM',
];
/** `SETUPTOOLS_SCM_PRETEND_VERSION_FOR_X`, `MYSQLCLIENT_CFLAGS`, `CYTHON_…`. */
const PATTERN = /^(?:SETUPTOOLS_|HATCH_|PDM_BUILD_|MATURIN_|CARGO_|CYTHON_)|_(?:CFLAGS|LDFLAGS|PRETEND_VERSION)$/;

/** `NAME=value` of those that are set, sorted. */
export function decidingVariables(variables: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(variables)
    .filter(([name, value]) => value !== undefined && value !== '' && (KNOWN.includes(name) || PATTERN.test(name)))
    .map(([name, value]) => `${name}=${value ?? ''}`)
    .sort();
}
