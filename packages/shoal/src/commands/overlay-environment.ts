/**
 * Two environments seen as one: an interpreter that finds first what `run --with` asked for, then what the environment below holds.
 * Itself an immutable tree, named by the two.
 */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { digestOf } from '@shoal/cache';
import type { PinnedTree } from '@shoal/cache';
import { prefixEnvironment } from '../environment/environment.ts';
import type { InterpreterFacts, Scheme } from '../environment/interpreter-facts.ts';
import { isActivationName, formatShebang } from '../install/scripts.ts';
import type { Context } from './context.ts';
import { fillEnvironment, filesBelow, interpreterIdentity } from './environment-tree.ts';
import { statIfPresent } from '../host/stat-if-present.ts';
import { namesIn } from '../host/names-in.ts';

export interface OverlayInput {
  readonly interpreter: InterpreterFacts;
  /** What comes first: a tree of the cache. */
  readonly upper: PinnedTree;
  /** The environment below; absent when there is none. */
  readonly lower: Pick<Scheme, 'purelib' | 'platlib' | 'scripts'> | undefined;
  readonly version: string;
  readonly signal?: AbortSignal | undefined;
}

/** Held until it is released; `upper` has to be held as well. */
export async function overlayEnvironment(input: OverlayInput, context: Context): Promise<PinnedTree> {
  const { interpreter, upper, lower, version, signal } = input;
  const scripts = scriptsOf(input);
  const identity = scripts.map(({ name, path }) => [name, path, statSync(path).mtimeMs, statSync(path).size]);
  const digest = digestOf(
    JSON.stringify([
      'overlay 1',
      version,
      interpreterIdentity(interpreter),
      upper.digest,
      upper.folder,
      lower,
      identity,
    ]),
  );
  return await context.cache.trees.pinOrProduce({
    digest,
    resource: 'an environment that joins two others',
    signal,
    produce: async ({ folder }) => {
      const made = await fillEnvironment(folder, {
        interpreter,
        additions: [],
        installer: undefined,
        version,
        note: { overlay: upper.digest },
        signal,
      });
      const { scheme } = prefixEnvironment(folder, interpreter);
      writeFileSync(join(scheme.purelib, '_shoal_overlay.pth'), pathLines(input));
      for (const script of scripts) copyScript(script, scheme);
      return { ...made, files: [...filesBelow(folder, '')] };
    },
  });
}

/** Code rather than paths, since `.pth` files below must count as well. */
function pathLines({ interpreter, upper, lower }: OverlayInput): string {
  const above = prefixEnvironment(upper.folder, interpreter).scheme;
  const folders = [above, ...(lower === undefined ? [] : [lower])].flatMap(({ purelib, platlib }) => [
    purelib,
    platlib,
  ]);
  const calls = [...new Set(folders)].map((folder) => `site.addsitedir(${JSON.stringify(folder)})`);
  return `import site; ${calls.join('; ')}\n`;
}

interface Script {
  readonly name: string;
  readonly path: string;
}

/** Scripts of both, so that each runs with both; of one name, the upper one. */
function scriptsOf({ interpreter, upper, lower }: OverlayInput): readonly Script[] {
  const above = prefixEnvironment(upper.folder, interpreter).scheme.scripts;
  const found = new Map<string, Script>();
  for (const folder of [...(lower === undefined ? [] : [lower.scripts]), above])
    for (const name of namesIn(folder))
      if (isPythonScript(join(folder, name))) found.set(name, { name, path: join(folder, name) });
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function isPythonScript(path: string): boolean {
  const name = posix.basename(path);
  if (isActivationName(name) || name.startsWith('python') || statIfPresent(path)?.isFile() !== true) return false;
  const start = readFileSync(path).subarray(0, 400).toString('latin1');
  return (
    /^#!(?:[^\n]*\/)?python[\d.]*\s*$/m.test(start.split('\n', 1)[0] ?? '') || start.startsWith("#!/bin/sh\n'''exec'")
  );
}

function copyScript({ name, path }: Script, { scripts }: Pick<Scheme, 'scripts'>): void {
  const content = readFileSync(path, 'utf8');
  const body = content.startsWith("#!/bin/sh\n'''exec'")
    ? content.split('\n').slice(3).join('\n')
    : content.slice(content.indexOf('\n') + 1);
  const shebang = formatShebang({ executable: join(scripts, 'python'), scripts, relocatable: true });
  writeFileSync(join(scripts, name), `${shebang}\n${body}`, { mode: 0o777 });
}
