/** Which distributions are chosen, and whether they are the ones that were meant. */
import { refusesBadInputs } from '../../support/bad-input.ts';
import { buildSdist, buildWheel } from '../../support/wheel-builder.ts';

refusesBadInputs('hash', [
  {
    title: 'of a requirements file that does not fit',
    words: ({ write }) => {
      write('r.txt', `good==1.0 --hash=sha256:${'0'.repeat(64)}\n`);
      return ['pip', 'install', '-r', 'r.txt'];
    },
    says: ['Hash mismatch', 'good', `sha256:${'0'.repeat(64)}`],
    status: 1,
  },
  {
    title: 'in a URL that does not fit',
    words: ({ index }) => [
      'pip',
      'install',
      `good @ ${index.root}files/good-1.0-py3-none-any.whl#sha256=${'0'.repeat(64)}`,
    ],
    says: ['Hash mismatch', 'good', `sha256:${'0'.repeat(64)}`],
    status: 1,
  },
  {
    title: 'in a URL that is none',
    words: ({ index }) => ['pip', 'install', `good @ ${index.root}files/good-1.0-py3-none-any.whl#sha256=xyz`],
    says: ['sha256=xyz', '64'],
  },
  {
    title: 'of a local wheel that does not fit',
    words: ({ write }) => {
      const { filename, content } = buildWheel({ name: 'local', version: '1.0' });
      write(filename, content);
      write('r.txt', `./${filename} --hash=sha256:${'0'.repeat(64)}\n`);
      return ['pip', 'install', '-r', 'r.txt'];
    },
    says: ['Hash mismatch', 'local', `sha256:${'0'.repeat(64)}`],
    status: 1,
  },
  {
    title: 'missing for a dependency in hash mode',
    words: ({ write, offer }) => {
      const { sha256 } = offer({ name: 'needs', version: '1.0', requires: ['good'] });
      write('r.txt', `needs==1.0 --hash=sha256:${sha256}\n`);
      return ['pip', 'install', '--require-hashes', '-r', 'r.txt'];
    },
    says: ['no trusted hash was provided for: `good`'],
    status: 1,
  },
]);

refusesBadInputs('choice of a distribution', [
  {
    title: 'a wheel for another platform',
    words: ({ offer }) => {
      offer({ name: 'other', version: '1.0', tag: 'cp312-cp312-win_arm64' });
      return ['pip', 'install', 'other'];
    },
    says: ['other', 'win_arm64'],
    status: 1,
  },
  {
    title: 'wheels for other Pythons',
    words: ({ offer }) => {
      offer({ name: 'other', version: '1.0', tag: 'cp27-cp27m-manylinux1_x86_64' });
      return ['pip', 'install', 'other'];
    },
    says: ['other', 'cp27'],
    status: 1,
  },
  {
    title: 'a URL of a wheel for another platform',
    words: ({ offer, index }) => [
      'pip',
      'install',
      `${index.root}files/${offer({ name: 'other', version: '1.0', tag: 'cp312-cp312-win_arm64' }).filename}`,
    ],
    says: ['incompatible with the current platform', 'win_arm64'],
  },
  {
    title: 'a source distribution whose build needs what is not there',
    words: ({ index }) => {
      index.add(buildSdist({ name: 'source', version: '1.0' }));
      return ['pip', 'install', 'source'];
    },
    says: ['source==1.0', 'setuptools was not found'],
  },
  {
    title: 'source distributions where they are forbidden',
    words: ({ index }) => {
      index.add(buildSdist({ name: 'source', version: '1.0' }));
      return ['pip', 'install', 'source', '--only-binary', ':all:'];
    },
    says: ['source', 'no usable wheels'],
    status: 1,
  },
  {
    title: 'a Python that is too old',
    words: ({ offer }) => {
      offer({ name: 'modern', version: '1.0', requiresPython: '>=4' });
      return ['pip', 'install', 'modern'];
    },
    says: ['modern', 'Python>=4'],
    status: 1,
  },
  {
    title: 'yanked files alone',
    words: ({ index }) => {
      index.add({ ...buildWheel({ name: 'yanked', version: '1.0' }), yanked: 'broken on Tuesdays' });
      return ['pip', 'install', 'yanked>=1'];
    },
    says: ['yanked', 'broken on Tuesdays'],
    status: 1,
  },
  { title: 'a version that is missing', words: ['pip', 'install', 'good==7'], says: ['good==7'], status: 1 },
  {
    title: 'pins that conflict',
    words: ['pip', 'install', 'good==1.0', 'good==2.0'],
    says: ['good==1.0', 'good==2.0'],
    status: 1,
  },
  {
    title: 'dependencies that conflict',
    words: ({ offer }) => {
      offer({ name: 'a', version: '1', requires: ['good<1'] });
      offer({ name: 'b', version: '1', requires: ['good>=1'] });
      return ['pip', 'install', 'a', 'b'];
    },
    says: ['good<1', 'good>=1'],
    status: 1,
  },
  {
    title: 'URLs that conflict',
    words: ({ index, offer }) => {
      const { filename } = offer({ name: 'good', version: '1.0', buildTag: '1' });
      return [
        'pip',
        'install',
        `good @ ${index.root}files/good-1.0-py3-none-any.whl`,
        `good @ ${index.root}files/${filename}`,
      ];
    },
    says: ['conflicting URLs', 'files/good-1.0-py3', 'files/good-1.0-1-py3'],
  },
  {
    title: 'a dependency by URL',
    words: ({ offer, index }) => {
      offer({ name: 'a', version: '1', requires: [`good @ ${index.root}files/good-1.0-py3-none-any.whl`] });
      return ['pip', 'install', 'a'];
    },
    says: ['`good` was included as a URL dependency', 'direct requirements'],
  },
  {
    title: 'a pre-release alone',
    words: ({ offer }) => {
      offer({ name: 'pre', version: '1.0a1' });
      return ['pip', 'install', 'pre>1.0a0', '--prerelease', 'disallow'];
    },
    says: ['pre'],
    status: 1,
  },
  {
    title: 'a missing project of a dependency',
    words: ({ offer }) => {
      offer({ name: 'a', version: '1', requires: ['absent'] });
      return ['pip', 'install', 'a'];
    },
    says: ['absent'],
    status: 1,
  },
  {
    title: 'everything younger than a date',
    words: ({ index }) => {
      index.add({ ...buildWheel({ name: 'young', version: '1' }), uploadTime: '2026-01-01T00:00:00Z' });
      return ['pip', 'install', 'young', '--exclude-newer', '2020-01-01'];
    },
    says: ['young', '2020'],
    status: 1,
  },
  {
    title: '--no-index without links',
    words: ['pip', 'install', 'good', '--no-index'],
    says: ['good', '--find-links'],
    status: 1,
  },
  {
    title: '--find-links at a folder that is not there',
    words: ['pip', 'install', 'good', '--find-links', './links'],
    says: ['Failed to read `--find-links` directory: [FOLDER]/links'],
  },
  {
    title: '--find-links at a page that is not there',
    words: ({ index }) => ['pip', 'install', 'good', '--find-links', `${index.root}links.html`],
    says: ['[INDEX]/links.html', '404'],
  },
]);
