/** What a source tree says of itself before anything is built. */
import { SourceLocationError } from '../project/requirement-errors.ts';
import type { BuildSystem } from './build-system.ts';
import { readBuildSystem } from './build-system.ts';
import { readSourceFile } from './source-tree.ts';
import { staticPkgInfo, staticProject } from './static-metadata.ts';

export interface SourceFacts {
  readonly system: BuildSystem;
  /** Core metadata that needs no build. */
  readonly metadata: string | undefined;
}

/** The files that the facts are read from, as texts that can be kept. */
export interface FactsText {
  readonly pyproject: string | null;
  readonly pkgInfo: string | null;
}

/** @throws {SourceLocationError} when there is no folder */
export function readFacts(folder: string, subject: string): FactsText {
  const isProject = ['pyproject.toml', 'setup.py'].some((name) => readSourceFile(folder, name, subject) !== undefined);
  if (!isProject)
    throw new SourceLocationError(
      subject,
      'it does not appear to be a Python project, as neither `pyproject.toml` nor `setup.py` are present',
      'Name the folder of a project, with `#subdirectory=` where it is not the top one',
    );
  return {
    pyproject: readSourceFile(folder, 'pyproject.toml', subject) ?? null,
    pkgInfo: readSourceFile(folder, 'PKG-INFO', subject) ?? null,
  };
}

/** @throws {InvalidBuildSystemError} */
export function sourceFacts({ pyproject, pkgInfo }: FactsText, subject: string): SourceFacts {
  return {
    system: readBuildSystem(pyproject ?? undefined, subject),
    metadata:
      (pkgInfo === null ? undefined : staticPkgInfo(pkgInfo)) ??
      (pyproject === null ? undefined : staticProject(pyproject)),
  };
}
