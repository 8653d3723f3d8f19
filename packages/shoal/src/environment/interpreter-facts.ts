/** What is known of one Python interpreter, read from the interpreter itself by `facts-script.ts`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasErrorCode } from '@shoal/cache';
import { parseVersion } from '@shoal/packaging';
import type { InterpreterTagFacts, MarkerEnvironment, Platform, Version } from '@shoal/packaging';

/** Folders that the parts of a wheel go to (sysconfig's paths). `headers` has no project name at its end. */
export interface Scheme {
  readonly purelib: string;
  readonly platlib: string;
  readonly scripts: string;
  readonly data: string;
  readonly headers: string;
}

/** What the script reports. Kept as it is in the cache: a change of this shape needs a new `FACTS_VERSION`. */
export interface ReportedFacts {
  readonly executable: string;
  readonly baseExecutable: string | null;
  readonly prefix: string;
  readonly basePrefix: string;
  readonly stdlib: string;
  readonly markers: MarkerEnvironment;
  /** Release of the language, and of the implementation: `[3, 12]`, `[7, 3]`. */
  readonly version: readonly [number, number];
  readonly implementationVersion: readonly [number, number];
  /** Absolute paths. */
  readonly scheme: Scheme;
  /** Paths relative to the root of a virtual environment made from this interpreter. */
  readonly virtualScheme: Scheme;
  readonly platform: Platform;
  readonly pointerBits: number;
  readonly gilDisabled: boolean;
  readonly debug: boolean;
  readonly manylinuxCompatible: boolean;
  readonly standalone: boolean;
}

/** Raised when what the script reports changes: records of another number are not read. */
export const FACTS_VERSION = 1;

export interface InterpreterFacts {
  /** Absolute `sys.executable`. */
  readonly executable: string;
  /** `executable` with every link followed. */
  readonly realExecutable: string;
  /** `sys._base_executable`: what a virtual environment was made from; `executable` outside one. */
  readonly baseExecutable: string;
  /** `sys.implementation.name`: `cpython`, `pypy`, `graalpy`. */
  readonly implementation: string;
  /** Of the language, with its pre-release: `3.13.0rc2`. */
  readonly version: Version;
  readonly markers: MarkerEnvironment;
  readonly tags: InterpreterTagFacts;
  readonly scheme: Scheme;
  /** Paths relative to the root of a virtual environment made from this interpreter. */
  readonly virtualScheme: Scheme;
  readonly prefix: string;
  readonly basePrefix: string;
  readonly stdlib: string;
  readonly pointerBits: number;
  readonly gilDisabled: boolean;
  readonly debug: boolean;
  /** A relocatable build (python-build-standalone), which finds its library from where it lies. */
  readonly standalone: boolean;
  /** Whether it runs in a virtual environment. */
  readonly isVirtual: boolean;
  /**
   * Present when another package manager owns the installation (PEP 668); never inside a virtual environment.
   * `message` is what the owner has to say, if anything. Read at each start: a mark may come or go without the interpreter changing.
   */
  readonly externallyManaged: ExternalManagement | undefined;
}

export interface ExternalManagement {
  readonly message: string | undefined;
}

/** Facts in the form that the rest of the program uses. @throws {InvalidVersionError} when the interpreter reports a version that is none. */
export function factsOfReport(report: ReportedFacts, realExecutable: string): InterpreterFacts {
  const isVirtual = report.prefix !== report.basePrefix;
  return {
    executable: report.executable,
    realExecutable,
    baseExecutable: report.baseExecutable ?? report.executable,
    implementation: report.markers.implementation_name,
    version: parseVersion(report.markers.python_full_version),
    markers: report.markers,
    tags: tagFactsOf(report),
    scheme: report.scheme,
    virtualScheme: report.virtualScheme,
    prefix: report.prefix,
    basePrefix: report.basePrefix,
    stdlib: report.stdlib,
    pointerBits: report.pointerBits,
    gilDisabled: report.gilDisabled,
    debug: report.debug,
    standalone: report.standalone,
    isVirtual,
    externallyManaged: isVirtual ? undefined : readExternalManagement(report.stdlib),
  };
}

function tagFactsOf(report: ReportedFacts): InterpreterTagFacts {
  const { version, implementationVersion, gilDisabled, debug, platform, manylinuxCompatible } = report;
  const implementation = report.markers.implementation_name;
  return { implementation, version, implementationVersion, gilDisabled, debug, platform, manylinuxCompatible };
}

/**
 * The mark of PEP 668 in the folder of the standard library.
 *
 * @returns `undefined` when there is none. A mark that cannot be understood still is one, without a message.
 * @see https://packaging.python.org/en/latest/specifications/externally-managed-environments/
 */
function readExternalManagement(stdlib: string): ExternalManagement | undefined {
  try {
    return { message: errorMessageOf(readFileSync(join(stdlib, 'EXTERNALLY-MANAGED'), 'utf8')) };
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    if (hasErrorCode(error, 'EACCES', 'EISDIR')) return { message: undefined };
    throw error;
  }
}

/** The value of `Error` in `[externally-managed]`, as Python's configparser reads it: indented lines go on with the value. */
function errorMessageOf(text: string): string | undefined {
  const section = /^\[externally-managed\][^\n]*\n(?<body>(?:(?!\[).*(?:\n|$))*)/m.exec(text)?.groups?.['body'];
  const value = /^error[ \t]*[=:](?<value>.*(?:\n(?:[ \t]+.*|[ \t]*(?=\n[ \t])))*)/im.exec(section ?? '')?.groups?.[
    'value'
  ];
  if (value === undefined) return undefined;
  const lines = value.split('\n').map((line) => line.trim());
  return lines.join('\n').trim() || undefined;
}
