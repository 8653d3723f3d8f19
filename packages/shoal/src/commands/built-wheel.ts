/** What is remembered of a build, and what a build must have given. */
import { basename } from 'node:path';
import { parseDigest } from '@shoal/cache';
import type { Digest, PinnedTree } from '@shoal/cache';
import { PackagingError, parseWheelFilename, versionsEqual } from '@shoal/packaging';
import type { WheelFilename } from '@shoal/packaging';
import { BackendAnswerError } from '../build/build-errors.ts';
import type { BuildableSource } from '../build/source-tree.ts';
import { wheelNoteOf } from '../fetch/wheel-note.ts';
import type { DependencyMetadata } from '../project/distribution-file.ts';

/** The record of a build: which tree it gave. */
export function formatBuilt(tree: PinnedTree): string {
  return JSON.stringify({ wheel: tree.digest, filename: wheelNoteOf(tree).filename });
}

/** `undefined` for a record of another release. */
export function parseBuilt(content: Uint8Array): Digest | undefined {
  const { wheel }: { readonly wheel?: unknown } = JSON.parse(Buffer.from(content).toString('utf8'));
  return typeof wheel === 'string' ? parseDigest(wheel) : undefined;
}

/** @throws {BackendAnswerError} */
export function wheelName(path: string, subject: string): WheelFilename {
  try {
    return parseWheelFilename(basename(path));
  } catch (error) {
    if (!(error instanceof PackagingError)) throw error;
    throw new BackendAnswerError(subject, `built a file that is no wheel: ${error.message}`);
  }
}

/** @throws {BackendAnswerError} when another project or version was built than was asked for. */
export function requireIdentity(
  source: BuildableSource,
  name: DependencyMetadata['name'],
  version: DependencyMetadata['version'],
): void {
  if (source.name !== undefined && source.name !== name)
    throw new BackendAnswerError(source.subject, `gave another project: \`${name}\` instead of \`${source.name}\``);
  if (source.version !== undefined && !versionsEqual(source.version, version))
    throw new BackendAnswerError(
      source.subject,
      `gave another version: \`${version.text}\` instead of \`${source.version.text}\``,
    );
}
