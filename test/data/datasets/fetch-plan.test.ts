/** What a fetch would take, with whose credentials, and how long it says that it takes. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { kaggleCredentials } from '../../../src/data/datasets/credentials.ts';
import { readLock } from '../../../src/data/datasets/lock.ts';
import { parseOnly, parseParts, planFetch } from '../../../src/data/datasets/plan.ts';
import { transferNote } from '../../../src/data/datasets/transfer.ts';
import { duration } from '../../../src/shared/progress.ts';

const lock = readLock().datasets;

describe('the plan', () => {
  const files = (selection: object) =>
    planFetch(lock, selection, 'data').map(({ set, files: taken }) => [
      set.id,
      taken
        .filter(({ archive }) => archive.of === 'images')
        .map(({ archive, images }) => [archive.file, images]),
    ]);
  const all = (n: number) => [`images_${String(n).padStart(3, '0')}.tar.gz`, null];

  test('everything: 12 parts, nothing of DRIVE, one of two sources', () => {
    expect(files({}).slice(0, 4)).toEqual([
      ['nih', Array.from({ length: 12 }, (_, i) => all(i + 1))],
      ['drive', []],
      ['pneumonia', [['chest-xray-pneumonia.zip', null]]],
      ['brain-mri', [['brain-tumor-mri-dataset.zip', null]]],
    ]);
  });
  test('parts, and as few of them as hold the wanted images', () => {
    expect(files({ only: ['nih'], parts: [2, 12] })).toEqual([['nih', [all(2), all(12)]]]);
    expect(files({ only: ['nih'], limit: 100 })).toEqual([['nih', [['images_001.tar.gz', 100]]]]);
    expect(files({ only: ['nih'], limit: 5_000 })).toEqual([['nih', [all(1), ['images_002.tar.gz', 1]]]]);
    expect(files({ only: ['nih'], limit: 4_999 })).toEqual([['nih', [all(1)]]]);
    expect(files({ only: ['brain-mri'], limit: 10 })).toEqual([
      ['brain-mri', [['brain-tumor-mri-dataset.zip', 10]]],
    ]);
  });
  test('labels come with any parts; DRIVE with what to do by hand', () => {
    const [nih, drive] = planFetch(lock, { only: ['nih', 'drive'], parts: [1] }, 'my data');
    expect(nih!.files.filter(({ archive }) => archive.of === 'labels').length).toBe(5);
    expect(drive!.byHand).toBe(
      'drive cannot be fetched by a program: log in at https://drive.grand-challenge.org/, download training.zip and test.zip, then run: medchaos datasets import drive training.zip test.zip --data my data',
    );
  });
  test.each<[string, () => unknown, RegExp]>([
    ['part 13', () => files({ parts: [13] }), /"parts" expected numbers from 1 to 12 for nih, got 13/],
    ['parts without nih', () => files({ only: ['drive'], parts: [1] }), /add nih to --only/],
    ['limit 0', () => files({ limit: 0 }), /"limit" expected a positive integer, got 0/],
    ['limit 1.5', () => files({ limit: 1.5 }), /got 1.5/],
    [
      'an unknown set',
      () => parseOnly('nih,xray'),
      /expected some of nih, drive, pneumonia, brain-mri.*, got xray/,
    ],
    ['an empty set', () => parseOnly('nih,'), /got nothing/],
    ['part x', () => parseParts('1,x'), /expected numbers such as 1,2, got x/],
    ['part 0', () => parseParts('0'), /got 0/],
  ])('refuses %s', (_, wrong, message) => expect(wrong).toThrow(message));
});

describe('Kaggle credentials', () => {
  let data: string;
  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'medchaos-kaggle-'));
  });
  afterEach(() => rm(data, { recursive: true }));
  const write = (name: string, content: string) => writeFile(join(data, name), content);
  const find = (env: Record<string, string> = {}) => kaggleCredentials({ KAGGLE_CONFIG_DIR: data, ...env });

  test('none, kaggle.json, access_token, name and key, token: each goes before the last', async () => {
    expect(await find()).toEqual({ headers: {}, from: null });
    await write('kaggle.json', '{"username":"ann","key":"k"}');
    expect((await find()).headers.authorization).toBe('Basic YW5uOms='); // ann:k
    await write('access_token', 'T1\n');
    expect((await find()).headers.authorization).toBe('Bearer T1');
    const pair = { KAGGLE_USERNAME: 'bob', KAGGLE_KEY: 'x' };
    expect((await find(pair)).headers.authorization).toBe('Basic Ym9iOng='); // bob:x
    expect(await find({ ...pair, KAGGLE_API_TOKEN: 'T2' })).toEqual({
      headers: { authorization: 'Bearer T2' },
      from: 'KAGGLE_API_TOKEN',
    });
  });
  test('half a pair, a damaged file, a token of two lines', async () => {
    await expect(find({ KAGGLE_USERNAME: 'bob' })).rejects.toThrow(/expected both, got one of them/);
    await expect(find({ KAGGLE_API_TOKEN: 'a\nb' })).rejects.toThrow(/expected a token .* on one line/);
    for (const wrong of ['{', 'null', '{"username":"ann"}']) {
      await write('kaggle.json', wrong);
      await expect(find()).rejects.toThrow(/kaggle.json: expected \{"username", "key"\}/);
    }
  });
});

test('speed and time left', () => {
  expect(transferNote(0, 10, 1)).toBe('starting');
  expect(transferNote(25e6, 50e6, 2)).toBe('12.5 MB/s, 4 s left');
  expect([0, 59, 60, 61, 3600, 7261].map(duration)).toEqual([
    '0 s',
    '59 s',
    '1 min',
    '2 min',
    '1 h 0 min',
    '2 h 2 min',
  ]);
});
