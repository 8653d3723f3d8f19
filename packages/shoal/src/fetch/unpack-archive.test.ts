import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryFolder } from '../../../../tests/support/fetch-fixture.ts';
import { buildZip, type ZipEntry, type ZipOptions } from '../../../../tests/support/zip-builder.ts';
import { type ArchiveFault, InvalidArchiveError } from './archive-errors.ts';
import { unpackArchive } from './unpack-archive.ts';

interface HostileCase {
  readonly title: string;
  readonly fault: ArchiveFault;
  readonly archive: Uint8Array;
  /** What the message must name. */
  readonly names?: string;
}

const plain: ZipEntry = { name: 'pkg/__init__.py', content: 'x = 1\n' };
const large = Buffer.alloc(9 * 1024 ** 2, 'shoal');

function zip(...entries: ZipEntry[]): Uint8Array {
  return buildZip([plain, ...entries]);
}

const hostile: readonly HostileCase[] = [
  {
    title: 'a path that leads out',
    fault: 'unsafe-path',
    names: '../evil',
    archive: zip({ name: '../evil', content: '' }),
  },
  {
    title: 'a path that leads out in the middle',
    fault: 'unsafe-path',
    names: 'pkg/../../evil',
    archive: zip({ name: 'pkg/../../evil', content: '' }),
  },
  {
    title: 'an absolute path',
    fault: 'unsafe-path',
    names: '/etc/evil',
    archive: zip({ name: '/etc/evil', content: '' }),
  },
  { title: 'a drive', fault: 'unsafe-path', names: 'C:/evil', archive: zip({ name: 'C:/evil', content: '' }) },
  { title: 'a backslash', fault: 'unsafe-path', archive: zip({ name: 'pkg\\evil', content: '' }) },
  { title: 'a NUL', fault: 'unsafe-path', archive: zip({ name: 'pkg/evil\0.py', content: '' }) },
  {
    title: 'an empty part',
    fault: 'unsafe-path',
    names: 'pkg//evil',
    archive: zip({ name: 'pkg//evil', content: '' }),
  },
  { title: 'a dot part', fault: 'unsafe-path', names: 'pkg/./evil', archive: zip({ name: 'pkg/./evil', content: '' }) },
  { title: 'an empty name', fault: 'unsafe-path', archive: zip({ name: '', content: '' }) },
  {
    title: 'a name that is not UTF-8',
    fault: 'unsafe-path',
    archive: Buffer.from(
      Buffer.from(zip({ name: 'pkg/QQ', content: '' }))
        .toString('latin1')
        .replaceAll('QQ', '\xff\xfe'),
      'latin1',
    ),
  },
  {
    title: 'a part longer than file systems take',
    fault: 'unsafe-path',
    archive: zip({ name: `pkg/${'x'.repeat(256)}`, content: '' }),
  },
  { title: 'a duplicate', fault: 'duplicate', names: 'pkg/__init__.py', archive: zip({ ...plain, content: 'y' }) },
  {
    title: 'a file that is also a folder',
    fault: 'duplicate',
    names: 'pkg/__init__.py',
    archive: zip({ name: 'pkg/__init__.py/evil', content: '' }),
  },
  {
    title: 'a file and a folder entry of one name',
    fault: 'duplicate',
    archive: zip({ name: 'pkg/__init__.py/', content: '', mode: 0o040755 }),
  },
  {
    title: 'a symbolic link',
    fault: 'link',
    names: 'pkg/link',
    archive: zip({ name: 'pkg/link', content: '/etc/passwd', mode: 0o120777 }),
  },
  { title: 'a device', fault: 'link', archive: zip({ name: 'pkg/null', content: '', mode: 0o020666 }) },
  {
    title: 'a folder with content of a file',
    fault: 'link',
    archive: zip({ name: 'pkg/folder', content: '', mode: 0o040755 }),
  },
  {
    title: 'an encrypted entry',
    fault: 'encrypted',
    names: 'pkg/secret',
    archive: zip({ name: 'pkg/secret', content: 'x', encrypted: true }),
  },
  {
    title: 'a method that is not known',
    fault: 'method',
    names: 'pkg/lzma',
    archive: zip({ name: 'pkg/lzma', content: 'x', declaredMethod: 14 }),
  },
  {
    title: 'another name in the local header',
    fault: 'mismatch',
    names: 'pkg/a.py',
    archive: zip({ name: 'pkg/a.py', content: 'x', localName: 'pkg/b.py' }),
  },
  {
    title: 'a wrong CRC',
    fault: 'wrong-crc',
    names: 'pkg/a.py',
    archive: zip({ name: 'pkg/a.py', content: 'x', declaredCrc: 1 }),
  },
  {
    title: 'a wrong CRC of a large entry',
    fault: 'wrong-crc',
    names: 'pkg/a.bin',
    archive: zip({ name: 'pkg/a.bin', content: large, declaredCrc: 1 }),
  },
  {
    title: 'more content than declared',
    fault: 'wrong-size',
    names: 'pkg/bomb',
    archive: zip({ name: 'pkg/bomb', content: 'x'.repeat(100_000), declaredSizeBytes: 10 }),
  },
  {
    title: 'less content than declared',
    fault: 'wrong-size',
    names: 'pkg/short',
    archive: zip({ name: 'pkg/short', content: 'x', declaredSizeBytes: 10 }),
  },
  {
    title: 'more content than declared, in a large entry',
    fault: 'wrong-size',
    names: 'pkg/bomb',
    archive: zip({ name: 'pkg/bomb', content: large, declaredSizeBytes: 8 * 1024 ** 2 + 1 }),
  },
  {
    title: 'less content than declared, in a large entry',
    fault: 'wrong-size',
    names: 'pkg/short',
    archive: zip({ name: 'pkg/short', content: large, declaredSizeBytes: 10 * 1024 ** 2 }),
  },
  {
    title: 'a sum of sizes beyond the limit',
    fault: 'too-large',
    archive: zip(
      ...[1, 2, 3].map((number): ZipEntry => ({
        name: `pkg/bomb${number}`,
        content: 'x',
        declaredSizeBytes: 2 * 1024 ** 3,
      })),
    ),
  },
  {
    title: 'damaged compressed data',
    fault: 'truncated',
    names: 'pkg/a.py',
    archive: zip({
      name: 'pkg/a.py',
      content: Buffer.from('this is no deflate stream'),
      method: 'stored',
      declaredMethod: 8,
    }),
  },
  { title: 'entries that overlap', fault: 'overlap', archive: overlapping() },
  { title: 'no end of the directory', fault: 'not-a-zip', archive: zip().subarray(0, -10) },
  { title: 'only a part of the directory', fault: 'not-a-zip', archive: zip().subarray(0, 60) },
  {
    title: 'something that is no zip',
    fault: 'not-a-zip',
    archive: Buffer.from('<!DOCTYPE html><html>not found</html>'),
  },
  { title: 'an empty file', fault: 'not-a-zip', archive: new Uint8Array() },
  { title: 'a cut in the middle', fault: 'truncated', archive: withoutMiddle() },
  { title: 'a count that is wrong', fault: 'mismatch', archive: withCount(7) },
];

/** Both entries of the directory point to the first content. */
function overlapping(): Uint8Array {
  const bytes = Buffer.from(
    buildZip([
      { name: 'a', content: 'x' },
      { name: 'b', content: 'x' },
    ]),
  );
  const second = bytes.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'));
  bytes.writeUInt32LE(0, second + 42);
  return bytes;
}

function withoutMiddle(): Uint8Array {
  const bytes = Buffer.from(zip());
  return Buffer.concat([bytes.subarray(0, 20), bytes.subarray(40)]);
}

function withCount(count: number): Uint8Array {
  const bytes = Buffer.from(zip());
  bytes.writeUInt16LE(count, bytes.length - 12);
  bytes.writeUInt16LE(count, bytes.length - 14);
  return bytes;
}

function archiveFile(t: TestContext, content: Uint8Array): { path: string; folder: string } {
  const folder = temporaryFolder(t);
  const outer = temporaryFolder(t);
  const path = join(outer, 'archive.zip');
  writeFileSync(path, content);
  return { path, folder };
}

for (const { title, fault, archive, names } of hostile) {
  test(`unpackArchive() refuses ${title}, and writes nothing outside`, async (t) => {
    const { path, folder } = archiveFile(t, archive);

    await assert.rejects(unpackArchive(path, folder), (error) => {
      assert.ok(error instanceof InvalidArchiveError, String(error));
      assert.equal(error.fault, fault, error.message);
      if (names !== undefined) assert.ok(error.message.includes(names), error.message);
      return true;
    });

    assert.ok(!readdirSync(join(folder, '..')).includes('evil'));
  });
}

const entries: readonly ZipEntry[] = [
  { name: 'pkg/', content: '', mode: 0o040755, method: 'stored' },
  plain,
  { name: 'pkg/tool', content: '#!python\n', mode: 0o100755 },
  { name: 'pkg/empty', content: '' },
  { name: 'pkg/stored.txt', content: 'as it is', method: 'stored' },
  { name: 'pkg/späß.txt', content: 'ü' },
  { name: 'pkg/large.bin', content: large },
  { name: 'pkg/large-stored.bin', content: large, method: 'stored' },
];
const layouts: readonly {
  readonly title: string;
  readonly content: (entry: ZipEntry) => ZipEntry;
  readonly options?: ZipOptions;
}[] = [
  { title: 'plain', content: (entry) => entry },
  { title: 'with data descriptors', content: (entry) => ({ ...entry, dataDescriptor: true }) },
  { title: 'with zip64 sizes', content: (entry) => ({ ...entry, zip64: true }) },
  {
    title: 'with a zip64 end and a comment',
    content: (entry) => entry,
    options: { zip64: true, comment: 'PK\x05\x06 is not the end' },
  },
];

for (const { title, content, options } of layouts) {
  test(`unpackArchive() writes every file of an archive ${title}`, async (t) => {
    const { path, folder } = archiveFile(t, buildZip(entries.map(content), options));

    const files = await unpackArchive(path, folder);

    assert.deepEqual(
      files.map((file) => [file.path, file.sizeBytes, file.executable]),
      [
        ['pkg/__init__.py', 6, false],
        ['pkg/empty', 0, false],
        ['pkg/large-stored.bin', large.length, false],
        ['pkg/large.bin', large.length, false],
        ['pkg/späß.txt', 2, false],
        ['pkg/stored.txt', 8, false],
        ['pkg/tool', 9, true],
      ],
    );
    assert.ok(readFileSync(join(folder, 'pkg/large.bin')).equals(large));
    assert.ok(readFileSync(join(folder, 'pkg/large-stored.bin')).equals(large));
    assert.equal(readFileSync(join(folder, 'pkg/stored.txt'), 'utf8'), 'as it is');
    assert.equal(statSync(join(folder, 'pkg/tool')).mode & 0o100, 0o100);
    assert.equal(files.find((file) => file.path === 'pkg/stored.txt')?.sha256.length, 43);
  });
}

test('unpackArchive() takes an archive with more entries than 16 bits can count', async (t) => {
  const many = Array.from({ length: 66_000 }, (_, number): ZipEntry => ({
    name: `pkg/f${number % 2}/${number}/`,
    content: '',
    method: 'stored',
    mode: 0o040755,
  }));
  const { path, folder } = archiveFile(t, buildZip([...many, plain]));

  const files = await unpackArchive(path, folder);

  assert.deepEqual(
    files.map((file) => file.path),
    ['pkg/__init__.py'],
  );
});
