/** `build`: distributions of a project, each put into the output folder in one step when it is whole. */
import { copyFileSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hasErrorCode, OperationalError, removeIfPresent, renamePath } from '@shoal/cache';
import { digestOfFolder } from '../build/source-digest.ts';
import { archiveSource, folderSource } from '../build/source-tree.ts';
import type { BuildableSource, SourceSurroundings } from '../build/source-tree.ts';
import type { InterpreterFacts } from '../environment/interpreter-facts.ts';
import type { BuildPolicy } from './build-policy.ts';
import type { Context } from './context.ts';
import type { WorkflowOptions } from './install-phases.ts';
import { SourceBuilder } from './source-builder.ts';

/** What is built from a folder: by default a source distribution, and a wheel from it. */
export type BuildOrder = 'sdist-then-wheel' | 'sdist' | 'wheel' | 'sdist-and-wheel';

export interface BuildInput {
  /** Absolute: a folder, or a source distribution, of which a wheel is built. */
  readonly source: string;
  /** As it was written, for messages. */
  readonly shown: string;
  readonly order: BuildOrder;
  /** Absolute. */
  readonly outFolder: string;
  /** Remove what lies in the output folder first. */
  readonly clear: boolean;
  /** Whether a new output folder gets a `.gitignore`. */
  readonly ignores: boolean;
  readonly interpreter: InterpreterFacts;
  readonly policy: BuildPolicy;
}

export type BuildPhase = 'sdist' | 'wheel' | 'wheel-from-sdist';

/** The source is not there, or is nothing to build from. */
export class BuildSourceError extends OperationalError {
  override readonly code = 'BUILD_SOURCE';
}

/**
 * Build what `order` asks for.
 *
 * @param onPhase Called before each distribution is built.
 * @returns the absolute paths of what was built, in order.
 * @throws {BuildSourceError} {BuildFailedError} {BackendAnswerError}
 */
export async function buildProject(
  input: BuildInput,
  context: Context,
  { onPhase, ...options }: WorkflowOptions & { readonly onPhase: (phase: BuildPhase) => void },
): Promise<readonly string[]> {
  const surroundings = surroundingsOf(input, context, options);
  const isFolder = requireSource(input);
  prepareOutFolder(input);
  const build = async (source: BuildableSource, kind: 'sdist' | 'wheel'): Promise<string> => {
    const builder = builderOf(input, context, options);
    return await builder.buildFile(source, kind, (path) => place(path, input.outFolder));
  };
  const ofArchive = async (path: string): Promise<string> => {
    onPhase('wheel-from-sdist');
    const archive = { url: pathToFileURL(path).href, filename: basename(path), hashes: {} };
    return await build(await archiveSource(archive, { subject: path }, surroundings), 'wheel');
  };
  if (!isFolder) return [await ofArchive(input.source)];
  const ofFolder = async (kind: 'sdist' | 'wheel'): Promise<string> => {
    onPhase(kind);
    const digest = digestOfFolder(input.source, input.policy.variables);
    return await build(folderSource(input.source, { subject: input.source, digest }, surroundings), kind);
  };
  if (input.order === 'wheel') return [await ofFolder('wheel')];
  const sdist = await ofFolder('sdist');
  if (input.order === 'sdist') return [sdist];
  return [sdist, input.order === 'sdist-and-wheel' ? await ofFolder('wheel') : await ofArchive(sdist)];
}

function surroundingsOf(input: BuildInput, context: Context, options: WorkflowOptions): SourceSurroundings {
  const { cache, http } = context;
  const isOffline = context.options.network.offline;
  return { cache, http, variables: input.policy.variables, isOffline, signal: options.signal };
}

function builderOf(input: BuildInput, context: Context, options: WorkflowOptions): SourceBuilder {
  const { interpreter, policy, source } = input;
  return new SourceBuilder({
    context,
    interpreter,
    policy,
    options,
    folder: dirname(source),
    editables: new Set(),
    installed: () => [],
  });
}

/** @returns whether it is a folder. */
function requireSource({ source, shown }: BuildInput): boolean {
  const found = statSync(source, { throwIfNoEntry: false });
  if (found === undefined)
    throw new BuildSourceError(`Source \`${shown}\` does not exist`, { hint: 'Correct the path' });
  if (found.isDirectory()) {
    const isProject = ['pyproject.toml', 'setup.py'].some(
      (name) => statSync(join(source, name), { throwIfNoEntry: false }) !== undefined,
    );
    if (isProject) return true;
    throw new BuildSourceError(
      `\`${shown}\` does not appear to be a Python project, as neither \`pyproject.toml\` nor \`setup.py\` are present in the directory`,
      {
        hint: 'Name the folder of a project',
      },
    );
  }
  if (/\.(?:tar\.gz|tgz|zip)$/i.test(source)) return false;
  throw new BuildSourceError(`\`${shown}\` is neither a folder nor a source distribution`, {
    hint: 'Name the folder of a project, or a `.tar.gz` file',
  });
}

function prepareOutFolder({ outFolder, clear, ignores }: BuildInput): void {
  if (clear) for (const name of namesIn(outFolder)) rmSync(join(outFolder, name), { recursive: true, force: true });
  const made = mkdirSync(outFolder, { recursive: true });
  if (made !== undefined && ignores) writeFileSync(join(outFolder, '.gitignore'), '*');
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** A copy beside its place first: the work folder may be on another file system. */
function place(path: string, outFolder: string): string {
  const final = join(outFolder, basename(path));
  const temporary = join(outFolder, `.${basename(path)}.new`);
  try {
    copyFileSync(path, temporary);
    renamePath(temporary, final);
  } finally {
    removeIfPresent(temporary);
  }
  return final;
}
