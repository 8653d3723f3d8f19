/** A source tree made into a wheel, an editable wheel, a source distribution, or metadata alone, by its own backend. */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PackagingError, parseRequirement } from '@shoal/packaging';
import type { Requirement } from '@shoal/packaging';
import { BackendAnswerError } from './build-errors.ts';
import type { BuildListener } from './build-event.ts';
import type { BuildSystem } from './build-system.ts';
import { LEGACY_EDITABLE_SCRIPT } from './legacy-editable-script.ts';
import { runHook } from './run-hook.ts';
import type { HookSurroundings } from './run-hook.ts';

export type BuildKind = 'wheel' | 'editable' | 'sdist';

/** `--config-setting KEY=VALUE`: a key that is given twice has a list. */
export type ConfigSettings = Readonly<Record<string, string | readonly string[]>>;

/** A Python with the build requirements; nobody changes it while it is held. */
export interface BuildEnvironment extends Disposable {
  /** The same for the same requirements, files and interpreter. */
  readonly key: string;
  readonly python: string;
  /** For the hooks: `PATH` leads to the environment's scripts. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Put it aside when its files are not what they were. @returns the path of what was wrong; `undefined`: all is whole. */
  discardDamaged(): Promise<string | undefined>;
}

export interface BuildJob {
  readonly subject: string;
  readonly kind: BuildKind;
  readonly system: BuildSystem;
  readonly sourceFolder: string;
  readonly workFolder: string;
  readonly logPath: string;
  readonly configSettings: ConfigSettings;
  readonly environment: BuildEnvironment;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: BuildListener | undefined;
}

/** What the backend needs beside `build-system.requires` (`get_requires_for_build_*`). */
export async function requiresForBuild(job: BuildJob): Promise<readonly Requirement[]> {
  const answer = await runHook(
    {
      hook: `get_requires_for_build_${job.kind}`,
      arguments: { config_settings: settingsOf(job) },
      standIn: standInOf(job),
    },
    surroundingsOf(job),
  );
  if (answer.outcome === 'no-hook') return [];
  const { value } = answer;
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string'))
    throw new BackendAnswerError(
      job.subject,
      `gave no list of requirements from \`get_requires_for_build_${job.kind}\``,
    );
  return value.map((text) => requirementOf(text, job.subject));
}

/**
 * The folder with the core metadata of the wheel that would be built; `undefined` when the backend can only build.
 *
 * @param outFolder Made when missing.
 */
export async function prepareMetadata(job: BuildJob, outFolder: string): Promise<string | undefined> {
  mkdirSync(outFolder, { recursive: true });
  const answer = await runHook(
    {
      hook: `prepare_metadata_for_build_${job.kind}`,
      arguments: { metadata_directory: outFolder, config_settings: settingsOf(job) },
      standIn: standInOf(job),
    },
    surroundingsOf(job),
  );
  if (answer.outcome === 'no-hook') return undefined;
  const name = fileNameOf(answer.value, job, `prepare_metadata_for_build_${job.kind}`);
  return join(outFolder, name);
}

/** The path of what was built, in `outFolder`. `undefined` when the backend has no such hook. */
export async function buildDistribution(job: BuildJob, outFolder: string): Promise<string | undefined> {
  mkdirSync(outFolder, { recursive: true });
  const hook = `build_${job.kind}`;
  const place = job.kind === 'sdist' ? { sdist_directory: outFolder } : { wheel_directory: outFolder };
  const answer = await runHook(
    { hook, arguments: { ...place, config_settings: settingsOf(job) }, standIn: standInOf(job) },
    surroundingsOf(job),
  );
  if (answer.outcome === 'no-hook') return undefined;
  const path = join(outFolder, fileNameOf(answer.value, job, hook));
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw new BackendAnswerError(job.subject, `says that it built \`${path}\`, which is not there`);
  return path;
}

function fileNameOf(value: unknown, { subject }: BuildJob, hook: string): string {
  if (typeof value === 'string' && value !== '' && !/[/\\]/.test(value) && value !== '..') return value;
  throw new BackendAnswerError(subject, `gave no name of a file from \`${hook}\`: ${JSON.stringify(value)}`);
}

/** Projects that hold setuptools back can be editable all the same. */
function standInOf({ kind, system }: BuildJob): string | undefined {
  const isSetuptools = /^setuptools\.build_meta(?::|$)/.test(system.backend);
  return kind === 'editable' && isSetuptools ? LEGACY_EDITABLE_SCRIPT : undefined;
}

function settingsOf({ configSettings }: BuildJob): ConfigSettings | null {
  return Object.keys(configSettings).length === 0 ? null : configSettings;
}

function surroundingsOf(job: BuildJob): HookSurroundings {
  const { subject, sourceFolder, workFolder, logPath, system, environment, signal, onEvent } = job;
  const { python, variables } = environment;
  return { subject, sourceFolder, workFolder, logPath, system, python, variables, signal, onEvent };
}

function requirementOf(text: string, subject: string): Requirement {
  try {
    return parseRequirement(text);
  } catch (error) {
    if (error instanceof PackagingError)
      throw new BackendAnswerError(subject, `asks for something that is no requirement: \`${text}\``);
    throw error;
  }
}
