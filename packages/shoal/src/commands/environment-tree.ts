/** Environments as immutable trees of the cache: made once from the same content, shared by all processes, and never changed. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonValue, ManifestFile, TreeContent } from '@shoal/cache';
import { planEnvironment } from '../environment/environment-plan.ts';
import { prefixEnvironment } from '../environment/environment.ts';
import type { InterpreterFacts } from '../environment/interpreter-facts.ts';
import { writeFreshEnvironment } from '../environment/write-environment.ts';
import { applyPlan } from '../install/apply-plan.ts';
import type { Addition, LinkableTree } from '../install/install-target.ts';

export interface EnvironmentFilling {
  readonly interpreter: InterpreterFacts;
  readonly additions: readonly Addition[];
  /** Content of INSTALLER; `undefined` writes none. */
  readonly installer: string | undefined;
  /** What made it, for `pyvenv.cfg`. */
  readonly version: string;
  readonly note: JsonValue;
  /** As in `applyPlan`. */
  readonly repair?: ((addition: Addition, reason: string) => Promise<LinkableTree>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Fill the empty folder `root`; the environment can be moved, and finds its interpreter from where it lies. */
export async function fillEnvironment(root: string, filling: EnvironmentFilling): Promise<TreeContent> {
  const { interpreter, additions, installer, version, note, repair, signal } = filling;
  writeFreshEnvironment(root, planEnvironment(root, { interpreter, relocatable: true, version }));
  await applyPlan({
    environment: { ...prefixEnvironment(root, ownInterpreter(root, interpreter)), relocatable: true },
    remove: [],
    add: additions,
    installed: [],
    installer,
    repair,
    signal,
  });
  return { files: [...filesBelow(root, '')], note };
}

/** Scripts start the environment's own Python: the one that it is made of sees nothing of what is installed here. */
function ownInterpreter(root: string, interpreter: InterpreterFacts): InterpreterFacts {
  const name = interpreter.markers.os_name === 'nt' ? 'python.exe' : 'python';
  return { ...interpreter, executable: join(root, interpreter.virtualScheme.scripts, name) };
}

/** Regular files alone: links lead out of the tree, or to a file that is listed. */
export function* filesBelow(root: string, below: string): Generator<ManifestFile> {
  for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(root, path);
    else if (entry.isFile()) yield describeFile(root, path);
  }
}

function describeFile(root: string, path: string): ManifestFile {
  const content = readFileSync(join(root, path));
  return {
    path,
    sizeBytes: content.length,
    executable: (statSync(join(root, path)).mode & 0o100) !== 0,
    sha256: createHash('sha256').update(content).digest('base64url'),
  };
}

/** What makes two interpreters give the same wheels and the same environments. */
export function interpreterIdentity(interpreter: InterpreterFacts): readonly unknown[] {
  const { baseExecutable, markers, tags, virtualScheme } = interpreter;
  return [baseExecutable, markers, tags, virtualScheme];
}
