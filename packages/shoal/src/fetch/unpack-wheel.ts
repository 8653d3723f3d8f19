/** A wheel file made into a tree: unpacked, its own descriptions compared with each other and with its name. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasErrorCode, type JsonValue, type ManifestFile } from '@shoal/cache';
import { PackagingError, parseEntryPoints, parseWheelFile, parseWheelFilename } from '@shoal/packaging';
import { InvalidWheelError } from './archive-errors.ts';
import { unpackArchive } from './unpack-archive.ts';
import { formatWheelNote, type ScriptEntryPoint, type WheelNote } from './wheel-note.ts';
import { checkIdentity, findDataFolder, findDistInfo } from './wheel-identity.ts';
import { hashesOfRecord, healRecord } from './wheel-record.ts';

/** Plain data, because it is posted to a worker. */
export interface UnpackWheelJob {
  readonly archivePath: string;
  /** Exists and is empty. */
  readonly folder: string;
  readonly filename: string;
}

export interface UnpackedWheel {
  readonly files: readonly ManifestFile[];
  /** A `WheelNote`. */
  readonly note: JsonValue;
}

/** The newest version of the wheel format that is understood. */
const SUPPORTED_MAJOR = 1;

/** Unpack and check one wheel. @throws {InvalidArchiveError} {InvalidWheelError} */
export async function unpackWheel(job: UnpackWheelJob): Promise<UnpackedWheel> {
  try {
    const files = await unpackArchive(job.archivePath, job.folder, hashesOfRecord);
    return { files, note: formatWheelNote(describeUnpacked(job, files)) };
  } catch (error) {
    if (error instanceof PackagingError) throw new InvalidWheelError(error.message);
    throw error;
  }
}

function describeUnpacked(job: UnpackWheelJob, files: readonly ManifestFile[]): WheelNote {
  const filename = parseWheelFilename(job.filename);
  const paths = files.map(({ path }) => path);
  const distInfo = findDistInfo(paths, filename);
  const read = (name: string): string | undefined => readText(join(job.folder, distInfo, name));
  const { name, version } = checkIdentity(require(read('METADATA'), 'METADATA', distInfo), filename);
  const wheel = parseWheelFile(require(read('WHEEL'), 'WHEEL', distInfo));
  if (wheel.version.major > SUPPORTED_MAJOR) {
    throw new InvalidWheelError(
      `Unsupported wheel version ${wheel.version.major}.${wheel.version.minor}: this tool understands ${SUPPORTED_MAJOR}.x`,
    );
  }
  return {
    filename: job.filename,
    name,
    version,
    distInfo,
    dataFolder: findDataFolder(paths, filename),
    rootIsPurelib: wheel.rootIsPurelib,
    entryPoints: scriptsOf(read('entry_points.txt') ?? ''),
    record: healRecord(require(read('RECORD'), 'RECORD', distInfo), files, distInfo),
  };
}

function require(text: string | undefined, name: string, distInfo: string): string {
  if (text === undefined) throw new InvalidWheelError(`\`${distInfo}/${name}\` is missing`);
  return text;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Only the groups that make scripts are read: what plugins write into theirs need not be understood. */
function scriptsOf(text: string): ScriptEntryPoint[] {
  return (['console_scripts', 'gui_scripts'] as const).flatMap((group) => {
    const lines = linesOfGroup(text, group);
    return parseEntryPoints(`[${group}]\n${lines.join('\n')}`).map(({ name, module, attribute, extras }) => ({
      group,
      name,
      module,
      attribute,
      extras: [...extras],
    }));
  });
}

function linesOfGroup(text: string, group: string): string[] {
  let current = '';
  return text.split(/\r\n|\n|\r/).filter((line) => {
    const section = /^\s*\[([^\]]+)\]\s*$/.exec(line)?.[1]?.trim();
    current = section ?? current;
    return section === undefined && current === group;
  });
}
