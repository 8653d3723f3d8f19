/** One source distribution built by shoal and by pip, and the two wheels compared file by file. */
import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { normalizeName } from '@shoal/packaging';
import { shoalCommand } from './shoal-command.ts';

export interface BuildComparison {
  readonly files: number;
  /** Paths that only one has, or whose content differs. Empty when the wheels are the same. */
  readonly differing: readonly string[];
  /** The end of what a builder said that failed. */
  readonly failures: Readonly<Partial<Record<'shoal' | 'pip', string>>>;
}

export interface BuildComparisonPlace {
  /** Of scratch files; the cache of shoal in it is kept from one comparison to the next. */
  readonly folder: string;
  /** A Python that has pip. */
  readonly python: string;
}

/** Without debugging information, which names the folder of the build. */
const COMPILER_FLAGS = { CFLAGS: '-g0', CXXFLAGS: '-g0' };

const BILL_OF_MATERIALS = /\.dist-info\/sboms\/[^/]+\.cyclonedx\.json$/;

/** @param requirement `name==version`, of which the index has a source distribution. */
export function compareBuild(requirement: string, { folder, python }: BuildComparisonPlace): BuildComparison {
  const [name = '', version = ''] = requirement.split('==');
  const place = (part: string): string => join(folder, part, name);
  const [program = '', ...words] = shoalCommand();
  const install = `pip install -p ${python} --no-deps --no-binary ${name} --target ${place('target')}`;
  const cache = join(folder, 'cache');
  const ours = run(program, [...words, ...install.split(' '), '--cache-dir', cache, requirement]);
  const wheel = `-m pip wheel --no-deps --no-cache-dir --no-binary ${name} -w ${place('wheels')} ${requirement}`;
  const theirs = run(python, wheel.split(' '));
  if (ours !== undefined || theirs !== undefined)
    return {
      files: 0,
      differing: [],
      failures: { ...(ours === undefined ? {} : { shoal: ours }), ...(theirs === undefined ? {} : { pip: theirs }) },
    };
  const built = treeOf(cache, name, version);
  return { ...differences(built, unpacked(place('wheels'), python)), failures: {} };
}

/** @returns the end of its output when it failed. */
function run(program: string, words: readonly string[]): string | undefined {
  const { status, stdout, stderr } = spawnSync(program, words, {
    encoding: 'utf8',
    env: { ...process.env, ...COMPILER_FLAGS },
  });
  return status === 0 ? undefined : `${stdout}${stderr}`.trimEnd().split('\n').slice(-12).join('\n');
}

/** The cached tree of the wheel that was built. */
function treeOf(cache: string, name: string, version: string): string {
  const claims = globSync(join(cache, 'trees-v1', '*', '*', 'tree', '*.dist-info', 'METADATA'));
  const found = claims.find((claim) => {
    const text = readFileSync(claim, 'utf8');
    const [, named = ''] = /^Name: *(\S+)/im.exec(text) ?? [];
    const [, versioned] = /^Version: *(\S+)/im.exec(text) ?? [];
    return normalizeName(named) === normalizeName(name) && versioned === version;
  });
  if (found === undefined) throw new Error(`the cache has no tree of ${name}`);
  return join(found, '..', '..');
}

function unpacked(folder: string, python: string): string {
  const [wheel = ''] = globSync(join(folder, '*.whl'));
  const tree = join(folder, 'tree');
  mkdirSync(tree);
  execFileSync(python, ['-m', 'zipfile', '-e', wheel, tree]);
  return tree;
}

function differences(ours: string, theirs: string): Pick<BuildComparison, 'files' | 'differing'> {
  const [left, right] = [filesOf(ours), filesOf(theirs)];
  const paths = [...new Set([...left.keys(), ...right.keys()])].sort();
  const differing = paths.filter((path) => {
    const [one, other] = [left.get(path), right.get(path)];
    return one === undefined || other === undefined || !one.equals(other);
  });
  return { files: paths.length, differing };
}

/** A bill of materials by maturin has a random number, the time, and the folder of the build; RECORD has its hash. */
function comparable(path: string, content: Buffer): Buffer {
  if (BILL_OF_MATERIALS.test(path)) return Buffer.alloc(0);
  if (!path.endsWith('.dist-info/RECORD')) return content;
  const lines = content.toString('utf8').split('\n');
  return Buffer.from(lines.filter((line) => !BILL_OF_MATERIALS.test(line.split(',')[0] ?? '')).join('\n'));
}

function filesOf(root: string): ReadonlyMap<string, Buffer> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(root, path), comparable(path, readFileSync(path))];
    }),
  );
}
