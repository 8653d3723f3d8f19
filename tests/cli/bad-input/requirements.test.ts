/** Requirements and the files they come from. */
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { refusesBadInputs } from '../../support/bad-input.ts';
import type { IndexedScene } from '../../support/indexed-scene.ts';

function file(content: string, ...more: readonly string[]): (scene: IndexedScene) => readonly string[] {
  return ({ write }) => {
    write('requirements.txt', content);
    return ['pip', 'install', '-r', 'requirements.txt', ...more];
  };
}

refusesBadInputs('requirement', [
  { title: 'an operator that is none', words: ['pip', 'install', 'good=1.0'], says: ['good=1.0'] },
  { title: 'a version that is none', words: ['pip', 'install', 'good==1.0.x.y'], says: ['1.0.x.y'] },
  { title: 'an extra that is not closed', words: ['pip', 'install', 'good[x'], says: ['good[x'] },
  { title: 'an unknown marker variable', words: ['pip', 'install', "good; os == 'linux'"], says: ["os == 'linux'"] },
  { title: 'a name that is none', words: ['pip', 'install', '-good-'], says: ['-g'] },
  {
    title: 'an unknown URL scheme',
    words: ['pip', 'install', 'good @ gopher://host.invalid/good-1.0-py3-none-any.whl'],
    says: ['`gopher:` is not supported', 'https:'],
  },
  { title: 'a URL that is none', words: ['pip', 'install', 'good @ https://'], says: ['https://'] },
  {
    title: 'a Git URL',
    words: ['pip', 'install', 'good @ git+https://host.invalid/good'],
    says: ['git fetch', 'https://host.invalid/good'],
  },
  {
    title: 'a folder',
    words: ({ write }) => {
      write('project/pyproject.toml', '');
      return ['pip', 'install', './project'];
    },
    says: ['project'],
  },
  {
    title: 'an editable folder',
    words: ({ write }) => {
      write('project/pyproject.toml', '');
      return ['pip', 'install', '-e', './project'];
    },
    says: ['project'],
  },
  {
    title: 'a path without a file',
    words: ['pip', 'install', './gone-1.0-py3-none-any.whl'],
    says: ['Distribution not found at: file://[FOLDER]/gone-1.0-py3-none-any.whl'],
    status: 1,
  },
  {
    title: 'a wheel filename that is none',
    words: ({ write }) => {
      write('good.whl', 'x');
      return ['pip', 'install', './good.whl'];
    },
    says: ['good.whl'],
  },
  {
    title: 'an sdist by path',
    words: ({ write }) => {
      write('good-1.0.tar.gz', 'x');
      return ['pip', 'install', './good-1.0.tar.gz'];
    },
    says: ['good-1.0.tar.gz'],
  },
  {
    title: 'a URL whose file is of another project',
    words: ({ offer, index }) => [
      'pip',
      'install',
      `other @ ${index.root}files/${offer({ name: 'good', version: '2.0' }).filename}`,
    ],
    says: ['`other` does not match `good`', '[INDEX]/files/good-2.0-py3-none-any.whl'],
    status: 1,
  },
  { title: 'nothing to install', words: ['pip', 'install'], says: ['required arguments'] },
]);

refusesBadInputs('requirements file', [
  { title: 'that is not there', words: ['pip', 'install', '-r', 'gone.txt'], says: ['gone.txt'] },
  {
    title: 'that is a folder',
    words: ({ write }) => {
      write('folder/x', '');
      return ['pip', 'install', '-r', 'folder'];
    },
    says: ['folder'],
  },
  {
    title: 'with an unknown option',
    words: file('good\n--unknown-option x\n'),
    says: ['requirements.txt', '--unknown-option'],
  },
  {
    title: 'with an unknown option after a requirement',
    words: file('good --unknown-option=x\n'),
    says: ['requirements.txt', '--unknown-option'],
  },
  {
    title: 'with a malformed requirement',
    words: file('# first\n\ngood=1.0\n'),
    says: ['requirements.txt:3', 'good=1.0'],
  },
  {
    title: 'that includes a missing file',
    words: ({ write }) => {
      write('a.txt', '-r b.txt\n');
      write('b.txt', 'good\n-r gone.txt\n');
      return ['pip', 'install', '-r', 'a.txt'];
    },
    says: ['a.txt:1', 'b.txt:2', 'File not found: gone.txt'],
  },
  {
    title: 'that constrains by a missing file',
    words: file('good\n\n-c gone.txt\n'),
    says: ['requirements.txt:3', 'File not found: gone.txt'],
  },
  { title: 'with an option without its value', words: file('good\n-r\n'), says: ['requirements.txt', '-r'] },
  { title: 'with a hash that is none', words: file('good==1.0 --hash=sha256\n'), says: ['requirements.txt', 'sha256'] },
  { title: 'with an unknown hash algorithm', words: file('good==1.0 --hash=crc32:abcd\n'), says: ['crc32'] },
  { title: 'with a bad index URL', words: file('-i ht!tp:://x\ngood\n'), says: ['ht!tp', '--index-url'] },
  {
    title: 'with a variable that is not set in a URL',
    words: file('good @ ${NOWHERE}/good-1.0-py3-none-any.whl\n'),
    says: ['Distribution not found at', 'Set the variable `NOWHERE`'],
    status: 1,
  },
  {
    title: 'that is not text',
    words: ({ write }) => {
      write('requirements.txt', new Uint8Array([0xff, 0xd8, 0x00, 0x81]));
      return ['pip', 'install', '-r', 'requirements.txt'];
    },
    says: ['requirements.txt'],
  },
  {
    title: 'that is a dangling link',
    words: ({ folder }) => {
      symlinkSync('nowhere', join(folder, 'r.txt'));
      return ['pip', 'install', '-r', 'r.txt'];
    },
    says: ['r.txt'],
  },
  {
    title: 'at a URL that has none',
    words: ({ index }) => ['pip', 'install', '-r', `${index.root}requirements.txt`],
    says: ['[INDEX]/requirements.txt', '404'],
  },
  {
    title: 'with an unpinned requirement in hash mode',
    words: file('good>=1 --hash=sha256:00\n', '--require-hashes'),
    says: ['good>=1', 'pinned'],
  },
  {
    title: 'with a requirement without hash in hash mode',
    words: file('good==1.0\n', '--require-hashes'),
    says: ['must have a hash', 'good==1.0'],
  },
]);

refusesBadInputs('constraint', [
  {
    title: 'without a name',
    words: ({ write }) => {
      write('c.txt', './good-1.0-py3-none-any.whl\n');
      return ['pip', 'install', 'good', '-c', 'c.txt'];
    },
    says: ['Unnamed requirements are not allowed as constraints', 'c.txt:1'],
  },
  {
    title: 'that is malformed',
    words: ({ write }) => {
      write('c.txt', '\ngood=1\n');
      return ['pip', 'install', 'good', '-c', 'c.txt'];
    },
    says: ['c.txt', '2', 'good=1'],
  },
  {
    title: 'that contradicts',
    words: ({ write }) => {
      write('c.txt', 'good<1\n');
      return ['pip', 'install', 'good', '-c', 'c.txt'];
    },
    status: 1,
    says: ['good<1'],
  },
  {
    title: 'that is an editable',
    words: ({ write }) => {
      write('c.txt', '-e ./x\n');
      return ['pip', 'install', 'good', '-c', 'c.txt'];
    },
    says: ['c.txt'],
  },
]);

refusesBadInputs('pyproject.toml', [
  {
    title: 'that is no TOML',
    words: ({ write }) => {
      write('pyproject.toml', '[project\n');
      return ['pip', 'install', '-r', 'pyproject.toml'];
    },
    says: ['pyproject.toml', '1'],
  },
  {
    title: 'without a group of that name',
    words: ({ write }) => {
      write('pyproject.toml', '[dependency-groups]\ndev = []\n');
      return ['pip', 'install', '--group', 'test'];
    },
    says: ['pyproject.toml', 'test'],
  },
  { title: 'without groups', words: ['pip', 'install', '--group', 'test'], says: ['pyproject.toml'] },
  {
    title: 'whose groups include each other',
    words: ({ write }) => {
      write('pyproject.toml', '[dependency-groups]\na = [{include-group = "b"}]\nb = [{include-group = "a"}]\n');
      return ['pip', 'install', '--group', 'a'];
    },
    says: ['`a`', '`b`'],
  },
  {
    title: 'with a malformed dependency',
    words: ({ write }) => {
      write('pyproject.toml', '[project]\nname = "x"\nversion = "1"\ndependencies = ["good=1"]\n');
      return ['pip', 'install', '-r', 'pyproject.toml'];
    },
    says: ['pyproject.toml', 'good=1'],
  },
  {
    title: 'whose dependencies are no list',
    words: ({ write }) => {
      write('pyproject.toml', '[project]\nname = "x"\nversion = "1"\ndependencies = "good"\n');
      return ['pip', 'install', '-r', 'pyproject.toml'];
    },
    says: ['pyproject.toml', 'dependencies'],
  },
  {
    title: 'without the extra that is asked for',
    words: ({ write }) => {
      write('pyproject.toml', '[project]\nname = "x"\nversion = "1"\n');
      return ['pip', 'install', '-r', 'pyproject.toml', '--extra', 'gui'];
    },
    says: ['gui'],
  },
  {
    title: 'with a group that holds neither requirements nor groups',
    words: ({ write }) => {
      write('pyproject.toml', '[dependency-groups]\na = [1]\n');
      return ['pip', 'install', '--group', 'a'];
    },
    says: ['pyproject.toml', '`a`'],
  },
  {
    title: 'an extra without a pyproject.toml',
    words: ({ write }) => {
      write('r.txt', 'good\n');
      return ['pip', 'install', '-r', 'r.txt', '--extra', 'gui'];
    },
    says: ['Requesting extras requires a', 'package[extra]'],
  },
  {
    title: 'whose dependencies are dynamic',
    words: ({ write }) => {
      write('pyproject.toml', '[project]\nname = "x"\ndynamic = ["dependencies"]\n');
      return ['pip', 'install', '-r', 'pyproject.toml'];
    },
    says: ['pyproject.toml'],
  },
]);
