/** Archives: what comes out is what went in, and what is damaged or hostile leaves nothing behind. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isJunk, safePath } from '../../../src/data/datasets/archives/entry.ts';
import { type ExtractOptions, extract, extractLimits } from '../../../src/data/datasets/archives/extract.ts';
import { placeIn } from '../../../src/data/datasets/layout.ts';
import { readLock } from '../../../src/data/datasets/lock.ts';
import { besidePackage } from '../../../src/shared/package.ts';
import { stream } from '../../../src/shared/random.ts';
import { paxEntry, type TarFile, type TestFile, tarEnd, tarEntry, tarGzOf, zipOf } from './_archives.ts';
import { sha256 } from './_server.ts';

const sample = (name: string): Buffer => readFileSync(join(besidePackage('samples'), name));
const png = sample('00001368_000.png');
const jpeg = sample('NORMAL2-IM-1436-0001.jpeg');
const random = stream(1, 'archives');
const noise = (n: number): Buffer => Buffer.from(Uint8Array.from({ length: n }, () => random.int(256)));

let dir: string;
let out: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'medchaos-archives-'));
  out = join(dir, 'out');
});
afterEach(() => rm(dir, { recursive: true }));

function unpack(bytes: Buffer, more: Partial<ExtractOptions> = {}) {
  const archive = join(dir, 'a.bin');
  writeFileSync(archive, bytes);
  return extract({
    ...{ archive, folder: out, images: null },
    place: (path) => path,
    isImage: (path) => /\.(png|jpeg)$/.test(path),
    ...more,
  });
}
/** Files below the folder, by path. */
function files(): Record<string, Buffer> {
  const names = readdirSync(dir).includes('out')
    ? readdirSync(out, { recursive: true, withFileTypes: true })
    : [];
  const paths = names.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  return Object.fromEntries(paths.map((path) => [path.slice(out.length + 1), readFileSync(path)]));
}
const same = (found: Record<string, Buffer>, expected: Record<string, Buffer>): void => {
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  for (const [path, data] of Object.entries(expected)) expect(data.equals(found[path]!)).toBe(true);
};

/** The zip64 end record begins 98 bytes before the end; what it says at `place` becomes too large a number. */
function beyond(zip: Buffer, place: number): Buffer {
  zip.writeBigUInt64LE(2n ** 64n - 256n, zip.length - 98 + place);
  return zip;
}

const content = {
  'images/a.png': png,
  'images/b.jpeg': jpeg,
  'notes/é.txt': Buffer.from('text'),
  empty: Buffer.alloc(0),
};
const listed: TestFile[] = Object.entries(content).map(([name, data]) => ({ name, data }));

const set = (id: string) => readLock().datasets.find((one) => one.id === id)!;

describe('.zip', () => {
  test.each<[string, Buffer]>([
    ['deflated', zipOf(listed)],
    ['stored', zipOf(listed.map((file) => ({ ...file, method: 0 })))],
    ['zip64', zipOf(listed, { zip64: true })],
    ['with a comment', zipOf(listed, { comment: 'of 2017, PK and more' })],
  ])('%s', async (_, bytes) => {
    const result = await unpack(bytes);
    same(files(), content);
    expect(result).toMatchObject({ images: 2, left: 0, whole: true });
    expect(result.files.map(({ path, sha256: hash }) => [path, hash])).toEqual(
      Object.entries(content).map(([path, data]) => [path, sha256(data)]),
    );
  });

  test('names: UTF-8 that does not say so, code page 437, backslashes, folders', async () => {
    const names = ['notes/é.txt', 'a\\b.txt', 'folder/'];
    const unsaid = names.map((name) => ({ name, data: Buffer.from(name.slice(0, 1)), flags: 0, method: 0 }));
    const zip = zipOf(unsaid);
    expect((await unpack(zip)).files.map(({ path }) => path)).toEqual(['notes/é.txt', 'a/b.txt']);
    const old = Buffer.from(zip.toString('latin1').replaceAll('Ã©', '\x82+'), 'latin1');
    expect((await unpack(old, { folder: join(dir, 'old') })).files[0]!.path).toBe('notes/é+.txt');
  });

  test('100 seeded cuts: refused, nothing left', async () => {
    const bytes = zipOf(listed.slice(2).concat({ name: 'x.png', data: noise(3000) }));
    for (let i = 0; i < 100; i++) {
      await expect(unpack(bytes.subarray(0, random.int(bytes.length)))).rejects.toMatchObject({
        name: 'InputError',
      });
      same(files(), {});
    }
  });

  test('any changed byte of the data is found', async () => {
    const bytes = zipOf([{ name: 'a.png', data: noise(2000), method: 0 }]);
    for (let i = 0; i < 20; i++) {
      const wrong = Buffer.from(bytes);
      wrong[35 + random.int(2000)]! ^= 1 << random.int(8);
      await expect(unpack(wrong)).rejects.toThrow(/damaged one \("a.png" has another CRC-32/);
      same(files(), {});
    }
  });

  const good = { name: 'first.png', data: png };
  test.each<[string, Buffer, RegExp]>([
    [
      'a symbolic link',
      zipOf([good, { name: 'x', data: Buffer.from('/etc/passwd'), mode: 0o120777 }]),
      /got a symbolic link \("x"\)/,
    ],
    ['a device', zipOf([good, { name: 'x', data: Buffer.alloc(0), mode: 0o20644 }]), /got a device or pipe/],
    ['an encrypted entry', zipOf([good, { name: 'x', data: png, flags: 1 }]), /got an encrypted entry/],
    ['another method', zipOf([good, { name: 'x', data: png, method: 12 }]), /got compression method 12/],
    [
      'more than it says',
      zipOf([good, { name: 'x', data: png, says: { bytes: 10 } }]),
      /"x": too many bytes in the stream\)/,
    ],
    [
      'less than it says',
      zipOf([good, { name: 'x', data: png, says: { bytes: 1e6 } }]),
      /"x": not enough bytes in the stream\)/,
    ],
    [
      'stored, with another size than it says',
      zipOf([good, { name: 'x', data: png, method: 0, says: { bytes: 10 } }]),
      /size mismatch for stored file/,
    ],
    [
      'an upward path',
      zipOf([good, { name: 'a/../../x', data: png }]),
      /"a\/\.\.\/\.\.\/x" \(a path upwards\)/,
    ],
    ['an absolute path', zipOf([good, { name: '/etc/x', data: png }]), /"\/etc\/x" \(an absolute path\)/],
    [
      'a control character in a name',
      zipOf([good, { name: 'a\nb', data: png, flags: 0 }]),
      /a control character/,
    ],
    [
      'a comment that looks like an end record: which one holds is not certain',
      zipOf(listed, { comment: 'PK\x05\x06 and more, to mislead' }),
      /damaged one \(Invalid comment length\)/,
    ],
    ['a directory beyond 2^53', beyond(zipOf(listed, { zip64: true }), 48), /damaged one/],
    ['a zip64 record beyond 2^53', beyond(zipOf(listed, { zip64: true }), 56 + 8), /damaged one/],
    [
      'more entries than a directory can have',
      beyond(zipOf(listed, { zip64: true }), 32),
      /expected at most \d+ entries/,
    ],
    ['another CRC-32', zipOf([good, { name: 'x', data: png, says: { crc: 1 } }]), /another CRC-32/],
    ['overlapping entries', zipOf([good, { name: 'x', data: png, says: { offset: 0 } }]), /overlaps another/],
    ['a name twice', zipOf([good, good]), /expected each file once, got "first.png" and "first.png"/],
    [
      'a name twice but for its case',
      zipOf([good, { ...good, name: 'FIRST.png', data: jpeg }]),
      /expected each file once/,
    ],
    [
      'an encoded bomb',
      zipOf([{ name: 'x', data: Buffer.alloc(1e8) }]),
      /got more than \d+ bytes of files, as in a zip bomb/,
    ],
  ])('%s: refused, nothing left', async (_, bytes, message) => {
    await expect(unpack(bytes)).rejects.toThrow(message);
    same(files(), {});
  });

  test('too many entries, too large a file', async () => {
    const few = { ...extractLimits, files: 3 };
    await expect(unpack(zipOf(listed), { limits: few })).rejects.toThrow(/more than 3 entries/);
    await expect(unpack(zipOf(listed), { limits: { ...extractLimits, file: 1000 } })).rejects.toThrow(
      /a file of \d+ bytes/,
    );
    same(files(), {});
  });
});

describe('.tar.gz', () => {
  const long = `images/${'n'.repeat(120)}.png`;
  test('ustar, prefix, pax path and size, GNU long name and wide size, folders', async () => {
    const result = await unpack(
      tarGzOf([
        { name: './images/', type: '5' },
        { name: './images/a.png', data: png },
        { name: 'b.jpeg', prefix: 'images', data: jpeg },
        paxEntry({ mtime: '1.5', path: 'notes/é.txt' }),
        { name: 'short', data: Buffer.from('text') },
        { name: '././@LongLink', type: 'L', data: Buffer.from(`${long}\0`) },
        { name: 'short', data: noise(512), wide: true },
        paxEntry({ comment: 'a commit' }, 'g'),
        { name: 'empty', type: '\0' },
      ]),
    );
    const found = files();
    expect(found[long]!.length).toBe(512);
    delete found[long];
    same(found, content);
    expect(result).toMatchObject({ images: 3, left: 0, whole: true });
  });

  test('cut anywhere: refused, nothing left', async () => {
    const bytes = tarGzOf([
      { name: 'a.png', data: noise(3000) },
      { name: 'b.png', data: noise(100) },
    ]);
    for (let i = 0; i < 60; i++) {
      await expect(unpack(bytes.subarray(0, random.int(bytes.length)))).rejects.toMatchObject({
        name: 'InputError',
      });
      same(files(), {});
    }
  });

  test('a wrong CRC-32 at the very end undoes all', async () => {
    const bytes = tarGzOf([{ name: 'a.png', data: png }]);
    bytes[bytes.length - 8]! ^= 1;
    await expect(unpack(bytes)).rejects.toThrow(/damaged one \(.*incorrect data check\); get the file again/);
    same(files(), {});
  });

  const first: TarFile = { name: 'first.png', data: png };
  const broken = gunzipSync(tarGzOf([first, first]));
  broken[0]! ^= 1;
  test.each<[string, Buffer, RegExp]>([
    [
      'a symbolic link',
      tarGzOf([first, { name: 'x', type: '2', link: '/etc' }]),
      /got a symbolic link \("x"\)/,
    ],
    ['a hard link', tarGzOf([first, { name: 'x', type: '1', link: 'first.png' }]), /got a hard link/],
    ['a device', tarGzOf([first, { name: 'x', type: '3' }]), /got a device/],
    ['a sparse file', tarGzOf([first, { name: 'x', type: 'S' }]), /got a sparse file or an unknown kind/],
    [
      'a sparse file of pax',
      tarGzOf([first, paxEntry({ 'GNU.sparse.major': '1' }), { name: 'x', data: png }]),
      /got a sparse file/,
    ],
    [
      'a size beyond 2^53 of pax',
      tarGzOf([first, paxEntry({ size: '9'.repeat(20) }), { name: 'x', data: png }]),
      /"x" has a size of 1e\+20|"x" has a size of 1000/,
    ],
    [
      'cut before it was compressed',
      gzipSync(tarEntry(first).subarray(0, 5000)),
      /"first.png": unexpected end of data/,
    ],
    [
      'an upward path from pax',
      tarGzOf([first, paxEntry({ path: '../x' }), first]),
      /"\.\.\/x" \(a path upwards\)/,
    ],
    ['a name twice', tarGzOf([first, first]), /expected each file once/],
    ['a wrong header checksum', gzipSync(broken), /Invalid tar header/],
    ['no end mark', gzipSync(tarEntry(first)), /ends without an end mark/],
    [
      'data behind the end',
      gzipSync(Buffer.concat([tarEnd, Buffer.alloc(2 ** 24)])),
      /data behind its end mark/,
    ],
    ['a bomb', tarGzOf([{ name: 'x', data: Buffer.alloc(1e8) }]), /as in a zip bomb/],
  ])('%s: refused, nothing left', async (_, bytes, message) => {
    await expect(unpack(bytes)).rejects.toThrow(message);
    same(files(), {});
  });
});

describe('what is extracted', () => {
  test('junk is left out, the first images only where so asked', async () => {
    const junk = ['__MACOSX/images/._a.png', 'images/._b.png', 'images/.DS_Store', 'Thumbs.db'];
    const zip = zipOf([...junk.map((name) => ({ name, data: Buffer.from('x') })), ...listed]);
    expect(await unpack(zip)).toMatchObject({ left: 4, images: 2 });
    same(files(), content);
    await rm(out, { recursive: true });
    expect(await unpack(zip, { images: 1 })).toMatchObject({ images: 1, whole: false });
    same(files(), { 'images/a.png': png });
  });

  test('the second tree of the pneumonia archive: once where equal, refused where not', async () => {
    const name = 'train/NORMAL/IM-0115-0001.jpeg';
    const tree = (second: Buffer): TestFile[] => [
      { name: `chest_xray/${name}`, data: jpeg },
      { name: `chest_xray/__MACOSX/${name}`, data: Buffer.from('x') },
      { name: `chest_xray/chest_xray/${name}`, data: second },
    ];
    const place = (path: string) => placeIn(set('pneumonia'), path);
    expect(await unpack(zipOf(tree(jpeg)), { place })).toMatchObject({ images: 1, left: 2 });
    same(files(), { [`chest_xray/${name}`]: jpeg });
    await expect(unpack(zipOf(tree(png)), { place })).rejects.toThrow(
      /expected each file once, got "chest_xray\//,
    );
    const tar = (second: Buffer) => tarGzOf(tree(second));
    expect(await unpack(tar(jpeg), { place })).toMatchObject({ images: 1, left: 2 });
    await expect(unpack(tar(png), { place })).rejects.toThrow(/expected each file once/);
  });

  test('what the check throws undoes the extraction', async () => {
    await expect(
      unpack(zipOf(listed), {
        check: () => {
          throw new Error('no');
        },
      }),
    ).rejects.toThrow('no');
    same(files(), {});
  });

  test('no archive', async () => {
    await expect(unpack(Buffer.from('<html>'))).rejects.toThrow(/got a web page, perhaps a login/);
    await expect(unpack(png)).rejects.toThrow(/got a file of another kind/);
    await expect(unpack(Buffer.alloc(0))).rejects.toThrow(/got a file of another kind/);
    await expect(unpack(png, { archive: join(dir, 'none') })).rejects.toThrow(
      /cannot read archive .*no such file/,
    );
  });
});

describe('names', () => {
  test.each([
    ['./a//b/./c', 'a/b/c'],
    ['a\\b', 'a/b'],
    ['e\u0301', '\u00e9'],
  ])('%j is %j', (name, path) => expect(safePath(name, 'x')).toBe(path));
  test.each([
    '../a',
    'a/../../b',
    'a/..',
    '/a',
    '\\a',
    'C:\\a',
    'c:a',
    '..\\a',
    'a\0b',
    'a\nb',
    '',
    '../',
    'n'.repeat(256),
    'a/'.repeat(600),
  ])('%j is refused', (name) =>
    expect(() => safePath(name, 'x')).toThrow(/x: expected entries that stay in their folder/),
  );
  test('junk', () => {
    expect(['__MACOSX', '__MACOSX/a', 'a/._b', 'a/.DS_Store'].every(isJunk)).toBe(true);
    expect(['a/b.png', 'x__MACOSX.png', 'a._b'].some(isJunk)).toBe(false);
  });
  test('a set that names no place: images alone, where their pattern finds them', () => {
    const { place: _, ...bare } = set('nih');
    expect(placeIn(bare, 'wrap/images/00000001_000.png')).toBe('images/00000001_000.png');
    expect(placeIn(bare, 'wrap/images/read.me')).toBeNull();
  });
  test('where the files of the sets belong', () => {
    expect(placeIn(set('nih'), 'wrap/images/00000001_000.png')).toBe('images/00000001_000.png');
    expect(placeIn(set('drive'), 'DRIVE/test/mask/01_test_mask.gif')).toBe('test/mask/01_test_mask.gif');
    expect(placeIn(set('pneumonia'), 'chest_xray/chest_xray/val/NORMAL/a.jpeg')).toBe(
      'chest_xray/val/NORMAL/a.jpeg',
    );
    expect(placeIn(set('brain-mri'), 'Testing/glioma/a.jpg')).toBe('Testing/glioma/a.jpg');
    expect(placeIn(set('nih'), 'record.json')).toBeNull();
  });
});
