/** Environments, interpreters, folders and disks. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';
import { refusesBadInputs } from '../../support/bad-input.ts';
import type { IndexedScene } from '../../support/indexed-scene.ts';

const install = ['pip', 'install', 'good'];
const info = 'kept-1.0.dist-info';

/** Change the environment, then say `words`. */
function broken(
  change: (scene: IndexedScene) => void,
  words: readonly string[] = install,
): (scene: IndexedScene) => readonly string[] {
  return (scene) => {
    change(scene);
    return words;
  };
}

/** Root may write everywhere: a read-only folder has to be a mounted one. */
function readOnly(scene: IndexedScene, path: string): void {
  if (process.getuid?.() === 0) {
    execFileSync('mount', ['--bind', path, path]);
    scene.finally(() => execFileSync('umount', ['--lazy', path]));
    execFileSync('mount', ['-o', 'remount,bind,ro', path]);
    return;
  }
  chmodSync(path, 0o555);
  scene.finally(() => chmodSync(path, 0o755));
}

function smallDisk(scene: IndexedScene, path: string): void {
  mkdirSync(path, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'none', path]);
  scene.finally(() => execFileSync('umount', ['--lazy', path]));
}

function canMount(): string | false {
  try {
    execFileSync('unshare', ['--mount', 'true'], { stdio: 'ignore' });
    return false;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return 'mounting needs root: a full disk was not tried';
  }
}

const withoutMounts = process.getuid?.() === 0 ? canMount() : 'mounting needs root: a full disk was not tried';
const withoutReadOnly =
  process.getuid?.() === 0 && canMount() !== false
    ? 'root without the right to mount: a read-only folder was not tried'
    : false;

refusesBadInputs('environment', [
  {
    title: 'without a Python',
    words: broken(({ environment }) => {
      for (const name of readdirSync(join(environment, 'bin')))
        if (name.startsWith('python')) unlinkSync(join(environment, 'bin', name));
    }),
    says: ['Python interpreter not found at `[FOLDER]/.venv/bin/python'],
  },
  {
    title: 'whose Python is gone',
    words: broken(({ environment }) => {
      unlinkSync(join(environment, 'bin', 'python'));
      symlinkSync('/nowhere/python3', join(environment, 'bin', 'python'));
    }),
    says: ['Broken symlink at `[FOLDER]/.venv/bin/python', 'venv --clear'],
  },
  {
    title: 'whose Python is none',
    words: broken(({ environment, write }) => {
      unlinkSync(join(environment, 'bin', 'python'));
      chmodSync(write('.venv/bin/python', '#!/bin/sh\necho no\nexit 3\n'), 0o755);
    }),
    says: ['[FOLDER]/.venv/bin/python', '3'],
  },
  {
    title: 'without pyvenv.cfg',
    words: broken(({ environment }) => rmSync(join(environment, 'pyvenv.cfg'))),
    says: ['venv'],
  },
  {
    title: 'with a damaged pyvenv.cfg',
    words: broken(({ write }) => {
      write('.venv/pyvenv.cfg', new Uint8Array([0, 255, 1]));
    }),
    says: ['[FOLDER]/.venv/bin/python', 'UnicodeDecodeError'],
  },
  {
    title: 'that is a file',
    words: broken(({ environment, write }) => {
      renameSync(environment, `${environment}.away`);
      write('.venv', '');
    }),
    says: ['No virtual environment found', 'shoal venv'],
  },
  {
    title: 'that is not there',
    words: broken(({ environment }) => renameSync(environment, `${environment}.away`)),
    says: ['No virtual environment found', 'shoal venv'],
  },
  {
    title: 'managed by others',
    words: (scene) => ['pip', 'install', 'good', '--python', managedPython(scene)],
    says: ['externally managed', 'ask your distribution'],
  },
  {
    title: 'with a damaged METADATA, listed strictly',
    words: broken(
      ({ sitePackages, folder, write }) =>
        write(`${sitePackages.slice(folder.length + 1)}/${info}/METADATA`, 'nothing'),
      ['pip', 'check'],
    ),
    says: ['METADATA', 'kept'],
    status: 1,
  },
  {
    title: 'with a damaged RECORD, on uninstall',
    words: broken(
      ({ sitePackages, folder, write }) => write(`${sitePackages.slice(folder.length + 1)}/${info}/RECORD`, 'a,"\n'),
      ['pip', 'uninstall', 'kept'],
    ),
    says: ['RECORD', info],
  },
  {
    title: 'without RECORD, on uninstall',
    words: broken(({ sitePackages }) => rmSync(join(sitePackages, info, 'RECORD')), ['pip', 'uninstall', 'kept']),
    says: ['RECORD', info],
  },
  {
    title: 'with an egg-info, on uninstall',
    words: broken(
      ({ sitePackages, folder, write }) =>
        write(
          `${sitePackages.slice(folder.length + 1)}/old-1.0.egg-info`,
          'Metadata-Version: 1.0\nName: old\nVersion: 1.0\n',
        ),
      ['pip', 'uninstall', 'old'],
    ),
    says: ['old', 'distutils'],
  },
]);

refusesBadInputs('folder', [
  {
    title: 'of the environment that is read-only',
    skip: withoutReadOnly,
    words: broken((scene) => readOnly(scene, scene.environment)),
    says: ['[FOLDER]/.venv'],
  },
  {
    title: 'of the target that is read-only',
    skip: withoutReadOnly,
    words: broken(
      (scene) => {
        mkdirSync(join(scene.folder, 'target'));
        readOnly(scene, join(scene.folder, 'target'));
      },
      [...install, '--target', 'target'],
    ),
    says: ['[FOLDER]/target'],
  },
  {
    title: 'of the cache that is a file',
    words: broken(
      ({ write }) => {
        write('cache-file', '');
      },
      [...install, '--cache-dir', 'cache-file'],
    ),
    variables: { SHOAL_CACHE_DIR: '' },
    says: ['[FOLDER]/cache-file', '--cache-dir'],
  },
  {
    title: 'of the target that is a file',
    words: broken(
      ({ write }) => {
        write('target', '');
      },
      [...install, '--target', 'target'],
    ),
    says: ['target'],
  },
  {
    title: 'of the target below a file',
    words: broken(
      ({ write }) => {
        write('file', '');
      },
      [...install, '--target', 'file/target'],
    ),
    says: ['file/target'],
  },
  {
    title: 'of the cache on a full disk',
    status: 1,
    skip: withoutMounts,
    words: broken(
      (scene) => {
        smallDisk(scene, scene.cache);
        scene.offer({ name: 'big', version: '1.0', files: { 'big.bin': noise(600_000) } });
      },
      ['pip', 'install', 'big'],
    ),
    says: ['[CACHE]', 'no space'],
  },
  {
    title: 'of the target on a full disk',
    skip: withoutMounts,
    words: broken(
      (scene) => {
        smallDisk(scene, join(scene.folder, 'target'));
        scene.offer({ name: 'big', version: '1.0', files: { 'big.bin': noise(600_000) } });
      },
      ['pip', 'install', 'big', '--target', 'target'],
    ),
    says: ['[FOLDER]/target', 'space'],
  },
  {
    title: 'of the output file that is a file',
    words: broken(
      ({ write }) => {
        write('r.in', 'good\n');
        write('file', '');
      },
      ['pip', 'compile', '-q', 'r.in', '-o', 'file/r.txt'],
    ),
    says: ['file/r.txt'],
  },
  {
    title: 'in the place of the output file',
    words: broken(
      ({ write }) => {
        write('r.in', 'good\n');
        write('out/x', '');
      },
      ['pip', 'compile', '-q', 'r.in', '-o', 'out'],
    ),
    says: ['out'],
  },
  {
    title: 'for a new environment that holds something else',
    words: broken(
      ({ write }) => {
        write('full/x', '');
      },
      ['venv', 'full'],
    ),
    says: ['full', '--clear'],
  },
  {
    title: 'for a new environment that is a file',
    words: broken(
      ({ write }) => {
        write('file', '');
      },
      ['venv', 'file'],
    ),
    says: ['file'],
  },
  {
    title: '--directory that is not there',
    words: [...install, '--directory', 'nowhere'],
    says: ['nowhere', '--directory'],
  },
]);

refusesBadInputs('interpreter', [
  { title: 'that is not on this machine', words: [...install, '--python', '3.99'], says: ['3.99'] },
  {
    title: 'by a path that is not there',
    words: [...install, '--python', './nowhere/python'],
    says: ['nowhere/python'],
  },
  {
    title: 'by a path that is no Python',
    words: broken(
      ({ write }) => {
        chmodSync(write('fake', '#!/bin/sh\nexit 0\n'), 0o755);
      },
      [...install, '--python', './fake'],
    ),
    says: ['fake'],
  },
  {
    title: 'by a path that cannot be run',
    words: broken(
      ({ write }) => {
        write('fake', 'x');
      },
      [...install, '--python', './fake'],
    ),
    says: ['fake'],
  },
  { title: 'of an unknown implementation', words: ['venv', 'new', '--python', 'ironpython'], says: ['ironpython'] },
  { title: 'for a new environment', words: ['venv', 'new', '--python', '2.0'], says: ['2.0'] },
  { title: 'found nowhere', words: ['python', 'find', '3.99'], says: ['3.99'], status: 2 },
]);

/** A Python installation that says that others manage it (PEP 668). @returns its interpreter. */
function managedPython({ environment, folder }: IndexedScene): string {
  const real = realpathSync(join(environment, 'bin', 'python'));
  const standardLibrary = execFileSync(real, ['-c', 'import os; print(os.path.dirname(os.__file__))'], {
    encoding: 'utf8',
  }).trim();
  const library = join(folder, 'managed', 'lib', basename(standardLibrary));
  mkdirSync(join(library, 'site-packages'), { recursive: true });
  for (const name of readdirSync(standardLibrary))
    if (name !== 'site-packages' && name !== 'EXTERNALLY-MANAGED')
      symlinkSync(join(standardLibrary, name), join(library, name));
  writeFileSync(join(library, 'EXTERNALLY-MANAGED'), '[externally-managed]\nError=Please ask your distribution.\n');
  mkdirSync(join(folder, 'managed', 'bin'));
  copyFileSync(real, join(folder, 'managed', 'bin', 'python3'));
  return join(folder, 'managed', 'bin', 'python3');
}

/** Bytes that do not compress. */
function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return state >>> 16;
  });
}
