import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { datasetIds, parseLock, readLock } from '../../../src/data/datasets/lock.ts';
import { absentDatasets, datasetImages, findDatasets } from '../../../src/data/datasets/presence.ts';
import { besidePackage } from '../../../src/shared/package.ts';

const text = await readFile(besidePackage('datasets.lock.json'), 'utf8');
const lock = readLock();
const set = (id: string) => lock.datasets.find((one) => one.id === id)!;

describe('the lock file', () => {
  test('has each set once, and splits that add up to their images', () => {
    expect(lock.datasets.map(({ id }) => id)).toEqual(datasetIds);
    for (const { images, splits } of lock.datasets)
      expect(Object.values(splits).reduce((sum, n) => sum + n, 0)).toBe(images);
  });

  test('NIH: 12 archives of 45,079,862,784 bytes and 112,120 images, MD5 by the publisher', () => {
    const archives = set('nih').archives.filter(({ of }) => of === 'images');
    expect(archives.length).toBe(12);
    expect(archives.reduce((sum, { bytes }) => sum + bytes!, 0)).toBe(45_079_862_784);
    expect(archives.reduce((sum, { count }) => sum + count!, 0)).toBe(112_120);
    expect(archives.every(({ marks }) => marks.md5 === 'confirmed')).toBe(true);
  });

  test('a null checksum is marked unknown, and only that', () => {
    for (const { archives } of lock.datasets)
      for (const { marks, ...archive } of archives)
        for (const key of ['url', 'bytes', 'md5', 'sha256'] as const)
          expect(`${archive.file} ${key} ${archive[key] === null}`).toBe(
            `${archive.file} ${key} ${marks[key] === 'unknown'}`,
          );
  });

  test('patients are read from names', () => {
    const group = (id: string, path: string) => new RegExp(set(id).groupPattern!).exec(path)?.[1];
    expect(group('nih', 'images/00000013_007.png')).toBe('00000013');
    expect(group('pneumonia', 'train/PNEUMONIA/person10_bacteria_43.jpeg')).toBe('person10');
    expect(group('pneumonia', 'val/NORMAL/NORMAL2-IM-1427-0001.jpeg')).toBe('IM-1427');
    expect(group('pneumonia', 'test/NORMAL/IM-0011-0001-0001.jpeg')).toBe('IM-0011');
    expect(group('drive', 'test/images/01_test.tif')).toBe('01');
  });
});

describe('wrong lock files', () => {
  // biome-ignore lint/suspicious/noExplicitAny: the point is to break it in any way
  const broken = (change: (value: any) => void): string => {
    const value = JSON.parse(text);
    change(value);
    return JSON.stringify(value);
  };
  test.each<[string, string, RegExp]>([
    ['no JSON', text.slice(0, 100), /expected JSON/],
    ['a list', '[]', /json: expected an object, got \[\]/],
    [
      'a key too many',
      broken((v) => (v.datasets[0].colour = 1)),
      /"datasets\[0\].colour" is unknown; known: id,/,
    ],
    [
      'a key too many deep inside',
      broken((v) => (v.datasets[0].archives[3].marks.x = 1)),
      /archives\[3\]\.marks\.x"/,
    ],
    [
      'a key missing',
      broken((v) => delete v.datasets[1].citation),
      /"datasets\[1\].citation" expected a text/,
    ],
    [
      'a short MD5',
      broken((v) => (v.datasets[0].archives[0].md5 = 'ab')),
      /md5" expected 32 hex digits, got ab/,
    ],
    [
      'bytes as text',
      broken((v) => (v.datasets[0].archives[0].bytes = '5')),
      /bytes" expected a whole number/,
    ],
    ['http', broken((v) => (v.datasets[0].landing = 'http://a.b')), /landing" expected an https address/],
    ['a wrong pattern', broken((v) => (v.datasets[0].imagePattern = '(')), /expected a regular expression/],
    ['a set twice', broken((v) => v.datasets.push(v.datasets[0])), /expected data set nih once, got 2/],
    ['a set missing', broken((v) => v.datasets.splice(3, 1)), /expected data set brain-mri once, got 0/],
    ['another version', broken((v) => (v.schemaVersion = 2)), /schemaVersion" expected 1, got 2/],
  ])('%s', (_, json, message) => expect(() => parseLock(json)).toThrow(message));
});

describe('presence', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'medchaos-presence-'));
  afterAll(() => rm(dir, { recursive: true }));
  const put = async (path: string): Promise<void> => {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), '');
  };
  await Promise.all(
    [
      'nih/images/00000002_000.png',
      'nih/images/00000001_000.png',
      'nih/Data_Entry_2017_v2020.csv',
      'drive/training/images/21_training.tif',
      'drive/training/mask/21_training_mask.gif',
      'pneumonia/chest_xray/val/NORMAL/a.jpeg',
      'pneumonia/chest_xray/chest_xray/val/NORMAL/a.jpeg',
      'pneumonia/chest_xray/chest_xray/val/NORMAL/only-here.jpeg',
      'pneumonia/__MACOSX/chest_xray/val/NORMAL/._a.jpeg',
      'pneumonia/chest_xray/val/NORMAL/._a.jpeg',
    ].map(put),
  );

  test('images are listed sorted; masks, tables, junk and second copies are not', async () => {
    expect(await datasetImages(dir, set('nih'))).toEqual([
      'nih/images/00000001_000.png',
      'nih/images/00000002_000.png',
    ]);
    expect(await datasetImages(dir, set('drive'))).toEqual(['drive/training/images/21_training.tif']);
    expect(await datasetImages(dir, set('pneumonia'))).toEqual([
      'pneumonia/chest_xray/chest_xray/val/NORMAL/only-here.jpeg',
      'pneumonia/chest_xray/val/NORMAL/a.jpeg',
    ]);
    expect(await datasetImages(dir, set('brain-mri'))).toEqual([]);
  });

  test('found, expected, state', async () => {
    const states = (await findDatasets(dir)).map(({ id, found, state }) => `${id} ${found} ${state}`);
    expect(states.slice(0, 4)).toEqual([
      'nih 2 partial',
      'drive 1 partial',
      'pneumonia 2 partial',
      'brain-mri 0 missing',
    ]);
    expect(absentDatasets(dir).every(({ state }) => state === 'missing')).toBe(true);
  });

  test('a folder that is not there, or a file, is refused', async () => {
    await expect(findDatasets(join(dir, 'nope'))).rejects.toThrow(/there is no such file; check --data/);
    await expect(findDatasets(join(dir, 'nih/images/00000001_000.png'))).rejects.toThrow(/it is a file/);
  });
});
