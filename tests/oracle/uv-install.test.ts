/** The same wheels installed by the real uv and by us, compared file by file: names, content and executable bits. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { promisify } from 'node:util';
import { normalizeName, parseVersion } from '@shoal/packaging';
import { unpackWheel } from '../../packages/shoal/src/fetch/unpack-wheel.ts';
import { wheelNoteOf } from '../../packages/shoal/src/fetch/wheel-note.ts';
import { applyPlan } from '../../packages/shoal/src/install/apply-plan.ts';
import type { Addition, InstallTarget } from '../../packages/shoal/src/install/install-target.ts';
import { anyPython, pythonTools } from '../support/python-tools.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { buildWheel } from '../support/wheel-builder.ts';
import type { WheelSpec } from '../support/wheel-builder.ts';
import { installedIn, snapshotTree } from '../support/wheel-tree.ts';

const run = promisify(execFile);

const WHEELS: readonly WheelSpec[] = [
  {
    name: 'Full.Project',
    version: '1.0',
    files: {
      'full/__init__.py': '',
      'full/z.py': '1',
      'full/Z.py': '2',
      'full/a+b.py': '',
      'full/a.py': '',
      'single.py': '',
      'space/full.py': '',
    },
    data: {
      'scripts/rewritten': '#!python\nprint(1)\n',
      'scripts/windowed': '#!pythonw -E\r\nprint(1)\n',
      'scripts/shell': '#!/bin/sh\n',
      'scripts/binary': { content: '\u0000\u0001', mode: 0o755 },
      'scripts/cli': 'an entry point has this name',
      'data/share/doc/full.txt': 'doc',
      'data/etc/full/full.cfg': 'cfg',
      'headers/full.h': 'header',
      'purelib/pure.py': '',
      'platlib/plat.py': '',
    },
    entryPoints: {
      console_scripts: { cli: 'full.z:main', dotted: 'full:App.run', extra: 'full:main [x]' },
      gui_scripts: { window: 'full:gui' },
    },
  },
  {
    name: 'platform',
    version: '2.0',
    files: { 'space/platform.py': '', 'plat/ext.so': 'binary' },
    rootIsPurelib: false,
  },
  {
    name: 'pip-like',
    version: '3',
    files: { 'piplike.py': '' },
    entryPoints: { console_scripts: { pip: 'piplike:main', pip3: 'piplike:main', 'pip3.7': 'piplike:main' } },
  },
  {
    name: 'unlisted',
    version: '1',
    files: { 'unlisted/a.py': 'x', 'unlisted/b,c.py': 'y' },
    record:
      'unlisted/a.py,sha256=abc,1\nunlisted/gone.py,,\n"unlisted/b,c.py",md5=xyz,1\nunlisted-1.dist-info/METADATA,,\nunlisted-1.dist-info/WHEEL,,\nunlisted-1.dist-info/RECORD,,\n',
  },
];

interface Scene {
  readonly root: string;
  readonly uvTree: Readonly<Record<string, string>>;
  readonly bareTree: Readonly<Record<string, string>>;
  readonly environment: InstallTarget;
  readonly add: readonly Addition[];
  readonly uv: (...parts: readonly string[]) => Promise<void>;
}

/** `root` holds a new environment; uv has installed into one that was there before. */
async function makeScene(
  folder: string,
  { name, relocatable }: { readonly name: string; readonly relocatable: boolean },
): Promise<Scene> {
  const tools = await pythonTools();
  const root = join(folder, name);
  const files = WHEELS.map((spec) => buildWheel(spec));
  for (const { filename, content } of files) writeFileSync(join(folder, filename), content);
  const env = { ...process.env, UV_CACHE_DIR: join(folder, 'uv-cache'), UV_OFFLINE: '1' };
  const uv = async (...parts: readonly string[]): Promise<void> => void (await run(tools.uv, parts, { env }));
  const venv = (): Promise<void> =>
    uv('venv', '-q', '-p', anyPython(), ...(relocatable ? ['--relocatable'] : []), root);
  await venv();
  const site = await sitePackages(root);
  await uv('pip', 'install', '-q', '--no-deps', '-p', root, ...files.map(({ filename }) => join(folder, filename)));
  const uvTree = snapshotTree(root);
  renameSync(root, `${root}-uv`);
  await venv();
  const environment: InstallTarget = {
    root,
    kind: 'virtual',
    scheme: {
      purelib: site.purelib,
      platlib: site.purelib,
      scripts: join(root, 'bin'),
      data: root,
      headers: site.headers,
    },
    interpreter: {
      executable: join(root, 'bin', 'python'),
      version: parseVersion(site.version),
      markers: { os_name: 'posix' },
    },
    relocatable,
  };
  const add = await Promise.all(files.map(({ filename }) => unpack(folder, filename)));
  return { root, uvTree, bareTree: snapshotTree(root), environment, add, uv };
}

async function sitePackages(
  root: string,
): Promise<{ readonly purelib: string; readonly headers: string; readonly version: string }> {
  const code =
    'import json,sys,sysconfig; v="%d.%d"%sys.version_info[:2]; print(json.dumps({"purelib": sysconfig.get_path("purelib"), "headers": sys.prefix+"/include/site/python"+v, "version": v}))';
  const { stdout } = await run(join(root, 'bin', 'python'), ['-c', code]);
  return JSON.parse(stdout) as { purelib: string; headers: string; version: string };
}

async function unpack(folder: string, filename: string): Promise<Addition> {
  const tree = join(folder, 'trees', filename);
  mkdirSync(tree, { recursive: true });
  const manifest = await unpackWheel({ archivePath: join(folder, filename), folder: tree, filename });
  const wheel = wheelNoteOf({ manifest });
  return {
    name: normalizeName(wheel.name),
    tree: { folder: tree, manifest, discard: () => undefined, findDamage: () => Promise.resolve(undefined) },
    wheel,
    directUrl: '{"url":"file:///a.whl","archive_info":{}}',
  };
}

/** What both write alike: uv adds notes of its own about local files, and each names itself in INSTALLER. */
function comparable(tree: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(tree).flatMap(([path, content]): [string, string][] => {
    if (/(?:uv_cache\.json|direct_url\.json|^\.lock|\.shoal.*|CACHEDIR\.TAG|\.gitignore)$/.test(path)) return [];
    // The mode of RECORD is the archive's in uv's case; nothing reads it.
    if (!path.endsWith('/RECORD')) return [[path, content]];
    return [[path, content.replace(/^\d+ /, '').replaceAll(/^.*\/(?:uv_cache\.json|direct_url\.json),.*\n/gm, '')]];
  });
  return Object.fromEntries(entries);
}

suite('a wheel installed', () => {
  if (process.platform === 'win32') return;
  for (const { name, relocatable } of [
    { name: 'env', relocatable: false },
    { name: 'env with space', relocatable: false },
    { name: `long-${'x'.repeat(130)}`, relocatable: false },
    { name: 'movable', relocatable: true },
  ]) {
    test(`applyPlan() leaves what uv leaves, byte for byte, in ${name.slice(0, 20)}`, async (t) => {
      const scene = await makeScene(temporaryFolder(t), { name, relocatable });

      await applyPlan({ environment: scene.environment, installed: [], remove: [], add: scene.add, installer: 'uv' });

      assert.deepEqual(comparable(snapshotTree(scene.root)), comparable(scene.uvTree));
    });
  }

  test('uv removes what applyPlan() installed, and applyPlan() what uv installed', async (t) => {
    const scene = await makeScene(temporaryFolder(t), { name: 'env', relocatable: false });
    const names = scene.add.map((addition) => addition.name);
    await applyPlan({ environment: scene.environment, installed: [], remove: [], add: scene.add, installer: 'shoal' });
    await scene.uv('pip', 'uninstall', '-q', '-p', scene.root, ...names);
    const afterUv = comparable(snapshotTree(scene.root));

    renameSync(scene.root, `${scene.root}-ours`);
    renameSync(`${scene.root}-uv`, scene.root);
    const installed = installedIn(scene.environment);
    await applyPlan({ environment: scene.environment, installed, remove: installed, add: [], installer: 'shoal' });

    assert.equal(installed.length, WHEELS.length);
    assert.deepEqual(comparable(snapshotTree(scene.root)), afterUv);
  });
});
