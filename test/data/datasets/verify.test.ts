/** `datasets import` and `datasets verify`, on archives made here. */
import { readFileSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { importArchives } from '../../../src/data/datasets/import.ts';
import { publishedList } from '../../../src/data/datasets/layout.ts';
import { type Archive, type Dataset, readLock } from '../../../src/data/datasets/lock.ts';
import { verifyDatasets } from '../../../src/data/datasets/verify.ts';
import { besidePackage } from '../../../src/shared/package.ts';
import { tarGzOf, zipOf } from './_archives.ts';
import { archiveOf, withArchives } from './_server.ts';

const lock = readLock().datasets;
const real = (id: string): Dataset => lock.find((set) => set.id === id)!;
const png = readFileSync(join(besidePackage('samples'), '00001368_000.png'));
const jpeg = readFileSync(join(besidePackage('samples'), 'NORMAL2-IM-1436-0001.jpeg'));
const secondHand: Archive['marks'] = {
  url: 'confirmed',
  bytes: 'second-hand',
  md5: 'second-hand',
  sha256: 'second-hand',
};

let dir: string;
let data: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'medchaos-verify-'));
  data = join(dir, 'data');
});
afterEach(() => rm(dir, { recursive: true }));

const file = async (name: string, content: Buffer | string): Promise<string> => {
  const path = join(dir, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
};
const inData = (name: string, content: Buffer | string) => file(join('data', name), content);

const names = ['images/00000001_000.png', 'images/00000001_001.png', 'images/00000002_000.png'];
const tar = tarGzOf(names.map((name, i) => ({ name, data: Buffer.concat([png, Buffer.from([i])]) })));
const table = Buffer.from('Image Index\n');
const nih = (more: Partial<Archive> = {}): Dataset =>
  withArchives(real('nih'), [
    archiveOf('images_001.tar.gz', tar, more),
    archiveOf('table.csv', table, { of: 'labels', ...more }),
  ]);
const put = (set: Dataset, ...files: string[]) => importArchives({ data, set: set.id, files, sets: [set] });
const verify = async (set: Dataset) => (await verifyDatasets({ data, sets: [set] }))[0]!;

describe('import', () => {
  test('by checksum under any name, by the names that browsers and scripts make', async () => {
    const set = nih();
    expect(await put(set, await file('renamed.bin', tar), await file('table (1).csv', table))).toMatchObject([
      { file: 'images_001.tar.gz', images: 3, warning: null },
      { file: 'table.csv', images: null, warning: null },
    ]);
    expect((await readFile(join(data, 'nih', names[2]!))).length).toBe(png.length + 1);
    expect((await readFile(join(data, 'nih/table.csv'))).equals(table)).toBe(true);
    const loose = nih({ md5: null, sha256: null, bytes: null });
    expect(await put(loose, await file('images_01.tar.gz', tar))).toMatchObject([
      { file: 'images_001.tar.gz' },
    ]);
    expect(await verify(set)).toMatchObject({
      state: 'good',
      checked: 4,
      missing: [],
      damaged: [],
      extra: [],
    });
  });

  test('a second-hand checksum that differs is a note, a confirmed one an error', async () => {
    const path = await file('images_001.tar.gz', tar);
    const wrong = { sha256: '0'.repeat(64) };
    const [imported] = await put(nih({ ...wrong, marks: secondHand }), path);
    expect(imported!.warning).toMatch(/sha256 is [0-9a-f]{64}, second-hand knowledge says 0000/);
    await expect(put(nih(wrong), path)).rejects.toThrow(
      /images_001.tar.gz: expected sha256 0000.*; it is damaged or another version/,
    );
  });

  test('DRIVE: files are compared with the published hashes', async () => {
    const zip = zipOf([{ name: 'test/images/01_test.tif', data: jpeg }]);
    const path = await file('test.zip', zip);
    await expect(put(real('drive'), path)).rejects.toThrow(
      /test.zip: expected the files of drive as published, got 1 of 1 others, first test\/images\/01_test.tif/,
    );
    expect(await verify(real('drive'))).toMatchObject({ state: 'absent' });
  });

  test.each<[string, () => Promise<string[]>, RegExp]>([
    [
      'no files',
      async () => [],
      /"import" expected files of nih, got none; for example: medchaos datasets import nih images_001/,
    ],
    ['a file that is none', async () => [join(dir, 'none')], /cannot read .*none: there is no such file/],
    [
      'an unknown file',
      async () => [await file('other.zip', 'x')],
      /other.zip: expected by name or checksum one of images_001.tar.gz, table.csv/,
    ],
    [
      'one twice',
      async () => [await file('a', tar), await file('b', tar)],
      /expected images_001.tar.gz once, got .*a and .*b/,
    ],
  ])('refuses %s', async (_, files, message) => {
    await expect(put(nih(), ...(await files()))).rejects.toThrow(message);
    expect((await verifyDatasets({ data: dir, sets: [nih()] }))[0]).toMatchObject({ state: 'absent' });
  });

  test('refuses an unknown set', async () => {
    await expect(importArchives({ data, set: 'xray', files: ['x'] })).rejects.toThrow(
      /one of nih, drive, pneumonia, brain-mri.*, got xray/,
    );
  });
});

describe('verify', () => {
  test('lists what is missing, damaged and extra', async () => {
    await put(nih(), await file('a', tar), await file('b', table));
    await appendFile(join(data, 'nih', names[0]!), 'x');
    await rm(join(data, 'nih', names[1]!));
    await rm(join(data, 'nih/table.csv'));
    await inData('nih/images/00000009_000.png', png);
    await inData('nih/images/00000001_001.png.part', 'half');
    expect(await verify(nih())).toEqual({
      ...{ set: 'nih', state: 'bad', checked: 2, unknown: 0 },
      missing: [names[1], 'table.csv'],
      damaged: [names[0]],
      extra: ['images/00000001_001.png.part', 'images/00000009_000.png'],
      lists: ['archives/images_001.tar.gz.sha256'],
    });
  });

  test('the archive too, while it is there', async () => {
    await put(nih(), await file('a', tar));
    await inData('nih/archives/images_001.tar.gz', tar);
    expect(await verify(nih())).toMatchObject({ state: 'good', checked: 4 });
    await inData('nih/archives/images_001.tar.gz', Buffer.alloc(tar.length));
    expect(await verify(nih())).toMatchObject({ state: 'bad', damaged: ['archives/images_001.tar.gz'] });
  });

  test('files unpacked by hand: by the published hashes, else by name and number', async () => {
    await inData('brain-mri/Testing/glioma/Te-gl_0050.jpg', 'not it');
    const brain = await verify(real('brain-mri'));
    expect(brain).toMatchObject({
      state: 'bad',
      checked: 1,
      damaged: ['Testing/glioma/Te-gl_0050.jpg'],
      extra: [],
    });
    expect(brain.missing.length).toBe(7_022);
    await inData('nih/images/00000001_000.png', png);
    await inData('nih/notes.txt', 'mine');
    expect(await verify(real('nih'))).toMatchObject({
      ...{ state: 'bad', checked: 0, unknown: 1, extra: ['notes.txt'] },
      missing: ['112119 of 112120 images'],
    });
    expect(await verify({ ...real('nih'), images: 1 })).toMatchObject({ state: 'named', missing: [] });
  });

  test('a data folder that is not there, a damaged list, a damaged record', async () => {
    await expect(verify(nih())).rejects.toThrow(/cannot read data folder/);
    await inData('nih/archives/x.sha256', 'nonsense\n');
    await expect(verify(nih())).rejects.toThrow(
      /x.sha256: line 1 expected "SHA-256 {2}path", got "nonsense"/,
    );
    await inData('nih/archives/x.sha256', '');
    await inData('nih/record.json', '[]');
    await expect(verify(nih())).rejects.toThrow(/record.json: expected what "datasets fetch" wrote/);
  });
});

describe('published hashes', () => {
  test('140 files of DRIVE, one of them in two versions; 7,023 of brain-mri; none of the others', () => {
    const drive = publishedList(real('drive'))!;
    expect(drive.size).toBe(140);
    expect([...drive].filter(([, hashes]) => hashes.size > 1).map(([path]) => path)).toEqual([
      'test/images/01_test.tif',
    ]);
    const brain = publishedList(real('brain-mri'))!;
    const pattern = new RegExp(real('brain-mri').imagePattern);
    expect([...brain.keys()].filter((path) => pattern.test(path)).length).toBe(7_023);
    // Facts of the lock file: 194 groups of equal bytes, 297 files more than needed.
    const times = new Map<string, number>();
    for (const hashes of brain.values())
      for (const hash of hashes) times.set(hash, (times.get(hash) ?? 0) + 1);
    expect([...times.values()].filter((n) => n > 1).length).toBe(194);
    expect(7_023 - times.size).toBe(297);
    expect(publishedList(real('nih'))).toBeNull();
  });
});
