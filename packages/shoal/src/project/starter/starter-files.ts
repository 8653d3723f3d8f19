/** The source files of a new project: small programs that say hello, for each kind and build backend. */
import type { BuildBackendName } from './build-backends.ts';
import { moduleNameOf } from './new-project.ts';
import type { ProjectKind } from './new-project.ts';

export interface StarterFile {
  /** Relative to the project, with `/`. */
  readonly path: string;
  readonly text: string;
}

interface Starter {
  readonly kind: ProjectKind;
  readonly name: string;
  readonly backend: BuildBackendName;
}

/** In the order in which they are written. A file that is there already stays as it is. */
export function starterFiles({ kind, name, backend }: Starter): readonly StarterFile[] {
  if (kind === 'flat') return [{ path: 'main.py', text: mainText(name) }];
  if (kind !== 'application' && kind !== 'library') return [];
  const folder = `src/${moduleNameOf(name)}`;
  const native = nativeFiles(backend, name);
  const module = native.length === 0 ? pythonModule(kind, name) : nativeCaller(kind, name);
  return [
    ...native,
    ...(native.length === 0 ? [] : [{ path: `${folder}/_core.pyi`, text: 'def hello_from_bin() -> str: ...\n' }]),
    { path: `${folder}/__init__.py`, text: module },
    ...(kind === 'library' ? [{ path: `${folder}/py.typed`, text: '' }] : []),
  ];
}

function mainText(name: string): string {
  return `def main():
    print("Hello from ${name}!")


if __name__ == "__main__":
    main()
`;
}

function pythonModule(kind: 'application' | 'library', name: string): string {
  return kind === 'library'
    ? `def hello() -> str:\n    return "Hello from ${name}!"\n`
    : `def main() -> None:\n    print("Hello from ${name}!")\n`;
}

/** The module in Python that calls the one in another language. */
function nativeCaller(kind: 'application' | 'library', name: string): string {
  const body =
    kind === 'library'
      ? 'def hello() -> str:\n    return hello_from_bin()\n'
      : 'def main() -> None:\n    print(hello_from_bin())\n';
  return `from ${moduleNameOf(name)}._core import hello_from_bin\n\n\n${body}`;
}

function nativeFiles(backend: BuildBackendName, name: string): readonly StarterFile[] {
  if (backend === 'maturin')
    return [
      { path: 'Cargo.toml', text: cargoText(name) },
      { path: 'src/lib.rs', text: rustText(name) },
    ];
  if (backend === 'scikit')
    return [
      { path: 'CMakeLists.txt', text: CMAKE },
      { path: 'src/main.cpp', text: cppText(name) },
    ];
  return [];
}

function cargoText(name: string): string {
  return `[package]
name = "${moduleNameOf(name)}"
version = "0.1.0"
edition = "2024"

[lib]
name = "_core"
# A shared library, which Python can import.
crate-type = ["cdylib"]

[dependencies]
# An extension module with the stable ABI of Python 3.9 and later.
pyo3 = { version = "0.28.2", features = ["extension-module", "abi3-py39"] }
`;
}

function rustText(name: string): string {
  return `use pyo3::prelude::*;

/// The Python module. Its name is the one that \`lib.name\` has in \`Cargo.toml\`.
#[pymodule]
mod _core {
    use pyo3::prelude::*;

    #[pyfunction]
    fn hello_from_bin() -> String {
        "Hello from ${name}!".to_string()
    }
}
`;
}

const CMAKE = `cmake_minimum_required(VERSION 3.15...4.0)
project(\${SKBUILD_PROJECT_NAME} LANGUAGES CXX)

find_package(pybind11 CONFIG REQUIRED)

pybind11_add_module(_core MODULE src/main.cpp)
install(TARGETS _core DESTINATION \${SKBUILD_PROJECT_NAME})
`;

function cppText(name: string): string {
  return `#include <pybind11/pybind11.h>

std::string hello_from_bin() { return "Hello from ${name}!"; }

PYBIND11_MODULE(_core, m) {
  m.doc() = "pybind11 hello module";
  m.def("hello_from_bin", &hello_from_bin, "Say hello");
}
`;
}
