/** Wheels that are damaged, hostile or not what their name says. */
import { refusesBadInputs, type BadInput } from '../../support/bad-input.ts';
import type { IndexedScene } from '../../support/indexed-scene.ts';
import { buildWheel, type WheelSpec } from '../../support/wheel-builder.ts';
import type { ZipEntry } from '../../support/zip-builder.ts';

const filename = 'bad-1.0-py3-none-any.whl';

function wheelOf(spec: Partial<WheelSpec>): (scene: IndexedScene) => readonly string[] {
  return ({ offer }) => {
    offer({ name: 'bad', version: '1.0', ...spec });
    return ['pip', 'install', 'bad'];
  };
}

function entry(one: ZipEntry): (scene: IndexedScene) => readonly string[] {
  return wheelOf({ extraEntries: [one] });
}

/** A local wheel whose bytes are `change`d. */
function bytes(change: (content: Uint8Array) => Uint8Array): (scene: IndexedScene) => readonly string[] {
  return ({ write }) => {
    write(filename, change(buildWheel({ name: 'bad', version: '1.0' }).content));
    return ['pip', 'install', `./${filename}`];
  };
}

const unpacking: readonly BadInput[] = [
  { title: 'that is no archive', words: bytes(() => Buffer.from('not a zip')), says: [filename, 'cut off'], status: 1 },
  { title: 'that is empty', words: bytes(() => new Uint8Array()), says: [filename, 'cut off'], status: 1 },
  {
    title: 'that is truncated',
    words: bytes((content) => content.subarray(0, content.length - 40)),
    says: [filename, 'cut off'],
    status: 1,
  },
  {
    title: 'with a damaged entry',
    words: bytes((content) => content.map((byte, at) => (at > 60 && at < 70 ? byte ^ 0xff : byte))),
    says: [filename],
    status: 1,
  },
  {
    title: 'with a wrong CRC',
    status: 1,
    words: entry({ name: 'bad/x.py', content: 'x', declaredCrc: 1 }),
    says: [filename, 'bad/x.py'],
  },
  {
    title: 'with a path that escapes',
    status: 1,
    words: entry({ name: '../../evil.py', content: 'x' }),
    says: [filename, '../../evil.py'],
  },
  {
    title: 'with an absolute path',
    status: 1,
    words: entry({ name: '/tmp/evil.py', content: 'x' }),
    says: [filename, '/tmp/evil.py'],
  },
  {
    title: 'with a path of Windows that escapes',
    status: 1,
    words: entry({ name: '..\\evil.py', content: 'x' }),
    says: [filename, 'evil.py'],
  },
  {
    title: 'with two entries of one name',
    status: 1,
    words: entry({ name: 'bad/__init__.py', content: 'other' }),
    says: [filename, 'bad/__init__.py'],
  },
  {
    title: 'with a symbolic link',
    status: 1,
    words: entry({ name: 'bad/link', content: '/etc/passwd', mode: 0o120777 }),
    says: [filename, 'bad/link'],
  },
  {
    title: 'with an encrypted entry',
    status: 1,
    words: entry({ name: 'bad/secret.py', content: 'x', encrypted: true }),
    says: [filename, 'bad/secret.py'],
  },
  {
    title: 'with an unknown compression',
    status: 1,
    words: entry({ name: 'bad/odd.py', content: 'x', declaredMethod: 99 }),
    says: [filename, 'bad/odd.py'],
  },
  {
    title: 'that unpacks to more than it says',
    status: 1,
    words: entry({ name: 'bad/bomb.bin', content: new Uint8Array(1 << 20), declaredSizeBytes: 10 }),
    says: [filename, 'bad/bomb.bin'],
  },
  {
    title: 'whose local name differs',
    status: 1,
    words: entry({ name: 'bad/a.py', localName: 'bad/b.py', content: 'x' }),
    says: [filename, 'bad/a.py'],
  },
];

refusesBadInputs('wheel', [
  ...unpacking,
  {
    title: 'without METADATA',
    words: ({ write }) => {
      write(filename, buildWheel({ name: 'bad', version: '1.0', metadata: false }).content);
      return ['pip', 'install', `./${filename}`];
    },
    says: [filename, 'METADATA'],
    status: 1,
  },
  { title: 'without RECORD', status: 1, words: wheelOf({ record: false }), says: [filename, 'RECORD'] },
  { title: 'without WHEEL', status: 1, words: wheelOf({ wheelFile: false }), says: [filename, 'WHEEL'] },
  {
    title: 'of an unknown Wheel-Version',
    status: 1,
    words: wheelOf({ wheelFile: 'Wheel-Version: 2.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n' }),
    says: [filename, '2.0'],
  },
  {
    title: 'without a Wheel-Version',
    status: 1,
    words: wheelOf({ wheelFile: 'Root-Is-Purelib: true\n' }),
    says: [filename, 'Wheel-Version'],
  },
  {
    title: 'with a RECORD that is none',
    status: 1,
    words: wheelOf({ record: 'bad/__init__.py,"\n' }),
    says: [filename, 'RECORD'],
  },
  {
    title: 'with an entry point that escapes',
    words: wheelOf({ entryPoints: { console_scripts: { '../evil': 'bad:main' } } }),
    says: [filename, '../evil'],
  },
  {
    title: 'with an entry point that names no object',
    status: 1,
    words: wheelOf({ entryPoints: { console_scripts: { tool: 'not a module' } } }),
    says: [filename, 'not a module'],
  },
  {
    title: 'with data of an unknown scheme',
    words: wheelOf({ data: { 'elsewhere/x': 'x' } }),
    says: [filename, 'elsewhere'],
  },
  {
    title: 'with two .dist-info folders',
    status: 1,
    words: wheelOf({ extraEntries: [{ name: 'other-1.0.dist-info/METADATA', content: '' }] }),
    says: [filename, 'dist-info'],
  },
  {
    title: 'with the .dist-info folder of another project',
    status: 1,
    words: wheelOf({ distInfo: 'other-1.0' }),
    says: [filename, 'other'],
  },
  {
    title: 'with the .dist-info folder of another version',
    status: 1,
    words: wheelOf({ distInfo: 'bad-2.0' }),
    says: [filename, '2.0'],
  },
  {
    title: 'whose metadata names another project',
    words: wheelOf({ metadata: 'Metadata-Version: 2.1\nName: other\nVersion: 1.0\n' }),
    says: ['bad', 'other'],
    status: 1,
  },
  {
    title: 'whose metadata names another version',
    words: wheelOf({ metadata: 'Metadata-Version: 2.1\nName: bad\nVersion: 3.0\n' }),
    says: ['bad', '3.0'],
    status: 1,
  },
  { title: 'whose metadata is none', words: wheelOf({ metadata: 'nothing here' }), says: ['bad'], status: 1 },
  {
    title: 'whose metadata has a malformed requirement',
    words: wheelOf({ metadata: 'Metadata-Version: 2.1\nName: bad\nVersion: 1.0\nRequires-Dist: good=1\n' }),
    says: ['bad', 'good=1'],
    status: 1,
  },
  {
    title: 'by path whose metadata names another project',
    words: ({ write }) => {
      write(
        filename,
        buildWheel({ name: 'bad', version: '1.0', metadata: 'Metadata-Version: 2.1\nName: other\nVersion: 1.0\n' })
          .content,
      );
      return ['pip', 'install', `./${filename}`];
    },
    says: ['`other` does not match given name `bad`'],
    status: 1,
  },
]);

refusesBadInputs('installing', [
  {
    title: 'a folder where a file is in its place',
    words: ({ write, offer, sitePackages, folder }) => {
      write(`${sitePackages.slice(folder.length + 1)}/late`, 'in the way');
      offer({ name: 'late', version: '1.0' });
      return ['pip', 'install', 'late'];
    },
    says: ['site-packages/late', 'in the way', 'Move it away'],
  },
]);
