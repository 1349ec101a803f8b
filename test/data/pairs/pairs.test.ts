import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { encodePng } from '../../../src/data/images/image.ts';
import { type Pair, type PairOptions, planPairs } from '../../../src/data/pairs/pairs.ts';
import { PairsTally } from '../../../src/data/pairs/pairs-summary.ts';
import { readPairs, summarise, writePairs } from '../../../src/data/pairs/pairs-table.ts';
import { contactSheet } from '../../../src/data/pairs/sheet.ts';
import { splitGroups, splitNames } from '../../../src/data/pairs/split.ts';
import { targetOf } from '../../../src/data/pairs/target.ts';
import { formatWallClock, parseWallClock } from '../../../src/shared/datetime.ts';
import { besidePackage } from '../../../src/shared/package.ts';
import { allOf } from '../../shared/_all.ts';
import { noise, withChunk } from '../images/_images.ts';

const dir = await mkdtemp(join(tmpdir(), 'medchaos-pairs-'));
afterAll(() => rm(dir, { recursive: true }));
const options: PairOptions = { count: 100, target: 'calendar', map: 'lorenz', seed: 1, valFraction: 0.1 };

/** Two images of patient 1, two of patient 2 (one without a date), one with a date already there, one from 1980. */
const data = join(dir, 'data');
await mkdir(join(data, 'nih/images'), { recursive: true });
const dated = async (name: string, time: number[] | null, seed: number): Promise<void> => {
  const png = await encodePng(noise(4, 4, 1, 8, seed));
  const file = time
    ? withChunk(png, 'tIME', Buffer.from([time[0]! >> 8, time[0]! & 255, ...time.slice(1)]))
    : png;
  await writeFile(join(data, 'nih/images', name), file);
};
await dated('00000001_000.png', [2016, 9, 2, 1, 1, 1], 1);
await dated('00000001_001.png', [2016, 9, 3, 1, 1, 1], 2);
await dated('00000002_000.png', [2016, 9, 4, 1, 1, 1], 3);
await dated('00000002_001.png', null, 4);
await dated('00000003_000.png', [2016, 9, 4, 1, 1, 1], 5);
await dated('00000004_000.png', [1980, 1, 1, 0, 0, 0], 6);

/** All pairs at once. */
async function buildPairs(given: PairOptions) {
  const { pairs, count, skipped } = await planPairs(given);
  const all = await allOf(pairs);
  expect(all.length).toBe(count);
  return { pairs: all, skipped };
}

describe('planPairs', () => {
  test('synthetic only: distinct dates, right targets, splits 80/10/10', async () => {
    const { pairs } = await buildPairs(options);
    expect(new Set(pairs.map(({ when }) => formatWallClock(when))).size).toBe(100);
    expect(pairs.every(({ dateSource, file }) => dateSource === 'synthetic' && file === null)).toBe(true);
    expect(splitNames.map((name) => pairs.filter(({ split }) => split === name).length)).toEqual([
      80, 10, 10,
    ]);
    for (const { when, targets } of pairs) expect(targets).toEqual(targetOf(when, 'lorenz', 'calendar', 1));
  });

  test('images come first, in the order of their paths; those left out are counted', async () => {
    const { pairs, skipped } = await buildPairs({ ...options, data, undated: 'skip' });
    expect(pairs.length).toBe(100);
    expect(pairs.slice(0, 4).map(({ file, dateSource }) => [file, dateSource])).toEqual([
      ['nih/images/00000001_000.png', 'png:tIME'],
      ['nih/images/00000001_001.png', 'png:tIME'],
      ['nih/images/00000002_000.png', 'png:tIME'],
      [null, 'synthetic'],
    ]);
    expect(skipped).toEqual({ withoutDate: 1, outsideSpan: 1, sameDate: 1, damaged: 0 });
  });

  test('an image without a date gets a synthetic one that says so; without a count there is a pair an image', async () => {
    const { count: _, ...all } = options;
    const { pairs, skipped } = await buildPairs({ ...all, data });
    expect(pairs.map(({ file, dateSource }) => `${file?.slice(-16)} ${dateSource}`)).toEqual([
      '00000001_000.png png:tIME',
      '00000001_001.png png:tIME',
      '00000002_000.png png:tIME',
      '00000002_001.png synthetic',
    ]);
    expect(pairs.map(({ modality }) => modality)).toEqual(['DX', 'DX', 'DX', 'DX']);
    expect(pairs[3]!.patient).toBe(pairs[2]!.patient);
    expect(pairs[3]!.patient).not.toBe(pairs[1]!.patient);
    expect(skipped).toMatchObject({ withoutDate: 0, outsideSpan: 1, sameDate: 1 });
  });

  test('a patient is in one split, whatever the seed', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const { pairs } = await buildPairs({ ...options, data, count: 6, seed, valFraction: 0.3 });
      expect(pairs[0]!.split).toBe(pairs[1]!.split);
    }
  });

  test('a copy filed under another patient joins the two; a re-encoded one only where pixels are compared', async () => {
    const copied = join(dir, 'copied');
    await mkdir(join(copied, 'nih/images'), { recursive: true });
    const png = await encodePng(noise(4, 4, 1, 8, 7));
    const at = (second: number, chunk = 'tIME') =>
      withChunk(
        chunk === 'tIME' ? png : withChunk(png, 'tEXt', Buffer.from('a\0b')),
        'tIME',
        Buffer.from([2016 >> 8, 2016 & 255, 9, 2, 1, 1, second]),
      );
    const write = (name: string, file: Buffer) => writeFile(join(copied, 'nih/images', name), file);
    await write('00000001_000.png', at(1));
    await write('00000002_000.png', at(2));
    await write('00000003_000.png', at(3, 'tEXt'));
    const groups = async (copies: 'bytes' | 'pixels') => {
      const { pairs } = await buildPairs({ ...options, data: copied, count: 3, copies });
      return new Set(pairs.map(({ group }) => group)).size;
    };
    expect(await groups('bytes')).toBe(3);
    expect(await groups('pixels')).toBe(1);
  });

  test('fewer than there are real ones', async () => {
    const { pairs } = await buildPairs({ ...options, data, count: 2 });
    expect(pairs.map(({ file }) => file)).toEqual([
      'nih/images/00000001_000.png',
      'nih/images/00000001_001.png',
    ]);
  });

  test('any folder of images will do; copies stay together', async () => {
    const any = join(dir, 'any');
    await mkdir(any);
    await cp(join(besidePackage('samples'), 'NORMAL2-IM-1437-0001.jpeg'), join(any, 'a.jpg'));
    const { pairs } = await buildPairs({ ...options, data: any, count: 2 });
    expect(pairs[0]).toMatchObject({
      file: 'a.jpg',
      set: 'files',
      dateSource: 'exif:ModifyDate',
      group: 'files:a73c06abbb473b57',
    });
  });

  test('equal options give equal pairs', async () => {
    expect(await buildPairs({ ...options, data })).toEqual(await buildPairs({ ...options, data }));
  });

  test('damaged files are named, and a folder of nothing else is refused', async () => {
    const bad = join(dir, 'bad');
    await mkdir(bad);
    const { count: _, ...all } = options;
    await expect(planPairs({ ...all, data: bad })).rejects.toThrow(
      /bad: expected images, got none; check --data/,
    );
    await writeFile(join(bad, 'empty.png'), '');
    await expect(planPairs({ ...all, data: bad })).rejects.toThrow(
      /got 1 damaged \(empty.png: expected an image, got an empty file\); check --data/,
    );
    await writeFile(join(bad, 'good.png'), await encodePng(noise(4, 4, 1, 8, 9)));
    await expect(planPairs({ ...all, data: bad, undated: 'skip' })).rejects.toThrow(
      /1 without a date \(--undated/,
    );
    const { count, faults } = await planPairs({ ...all, data: bad });
    expect([count, faults]).toEqual([1, ['empty.png: expected an image, got an empty file']]);
  });

  test.each<[string, Partial<PairOptions>, RegExp]>([
    ['no pairs', { count: 0 }, /"count" expected an integer from 1 to 1000000, got 0/],
    ['half a pair', { count: 1.5 }, /"count"/],
    ['too much held back', { valFraction: 0.5 }, /"val-fraction" expected a number from 0 to below 0.5/],
    ['NaN held back', { valFraction: Number.NaN }, /"val-fraction"/],
    ['a missing folder', { data: join(dir, 'none') }, /cannot read data folder/],
  ])('%s', async (_, wrong, message) => {
    await expect(buildPairs({ ...options, ...wrong })).rejects.toThrow(message);
  });
});

test('splitGroups: each group once, sizes exact, order of seed', () => {
  const groups = Array.from({ length: 50 }, (_, i) => `g${i % 20}`);
  const splits = splitGroups(groups, 0.1, 3);
  expect(splits.size).toBe(20);
  expect([...splits.values()].filter((split) => split === 'train').length).toBe(16);
  expect(splitGroups(groups, 0.1, 4)).not.toEqual(splits);
  expect([...splitGroups(groups, 0, 3).values()].every((split) => split === 'train')).toBe(true);
});

describe('the table', async () => {
  const built = await buildPairs({ ...options, data, undated: 'skip' });
  const pairs = { ...built, count: 100 };
  const streamed = (some: readonly Pair[]) => ({
    ...pairs,
    pairs: (async function* () {
      yield* some;
    })(),
  });
  const out = join(dir, 'out');
  await writePairs(out, streamed(pairs.pairs));
  const table = await readPairs(out);
  const summary = await summarise(table, pairs.skipped, options);

  test('summary agrees with a plain count', () => {
    const count = (test: (pair: (typeof pairs.pairs)[number]) => boolean) => pairs.pairs.filter(test).length;
    for (const [split, n] of Object.entries(summary.splits)) expect(n).toBe(count((p) => p.split === split));
    expect(summary.sources).toEqual({ 'png:tIME': 3, synthetic: 97 });
    expect(summary.groups.reduce((sum, { count: n }) => sum + n, 0)).toBe(100);
    for (const group of summary.groups) {
      const mine = pairs.pairs.filter(
        (p) => p.split === group.split && p.dateSource === group.dateSource && p.set === group.set,
      );
      expect(group.count).toBe(mine.length);
      for (const k of [0, 1, 2]) {
        const values = mine.map(({ targets }) => targets[k]!);
        expect(group.targets[k]).toEqual([Math.min(...values), Math.max(...values)]);
      }
    }
  });

  test('so is what is counted of thousands', async () => {
    const { pairs: many } = await buildPairs({ ...options, count: 2501, target: 'hash' });
    const tally = new PairsTally();
    for (const pair of many) tally.add(pair);
    const { targets, count } = tally.summary(pairs.skipped, options);
    const values = many.map((pair) => pair.targets[2]!).sort((a, b) => a - b);
    expect(count).toBe(2501);
    expect(targets.target_3).toMatchObject({
      count,
      min: values[0],
      median: values[1250],
      max: values[2500],
    });
  });

  test('counted while it is written it is the same', () => {
    const tally = new PairsTally();
    for (const pair of pairs.pairs) tally.add(pair);
    const { groups, targets, ...rest } = tally.summary(pairs.skipped, options);
    const { groups: theirs, targets: described, ...wanted } = summary;
    expect(rest).toEqual(wanted);
    expect(targets).toEqual(described);
    const named = (some: typeof groups) =>
      new Map(some.map((g) => [`${g.set} ${g.dateSource} ${g.split}`, g]));
    expect(named(groups)).toEqual(named(theirs));
    expect(groups.length).toBe(theirs.length);
  });

  test('describe agrees with a plain mean', () => {
    const values = pairs.pairs.map(({ targets }) => targets[1]!);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Object.keys(summary.targets)).toEqual(['target_1', 'target_2', 'target_3']);
    expect(Math.abs(summary.targets.target_2!.mean - mean)).toBeLessThan(1e-12);
    expect(summary.targets.target_2!.count).toBe(100);
    const sorted = values.toSorted((a, b) => a - b);
    expect(summary.targets.target_2!.median).toBe((sorted[49]! + sorted[50]!) / 2);
  });

  test('CSV: header, exact numbers, LF; read again it is the same', async () => {
    const csv = await readFile(join(out, 'pairs.csv'), 'utf8');
    const lines = csv.trimEnd().split('\n');
    expect(lines[0]).toBe(
      'id,file,set,date,date_source,group,split,modality,patient,target_1,target_2,target_3',
    );
    expect(lines.length).toBe(101);
    expect(csv).not.toContain('\r');
    const cells = lines[1]!.split(',');
    expect(cells.slice(0, 5)).toEqual([
      '0',
      'nih/images/00000001_000.png',
      'nih',
      '2016-09-02T01:01:01',
      'png:tIME',
    ]);
    expect(cells.slice(9).map(Number)).toEqual(targetOf(parseWallClock(cells[3]!), 'lorenz', 'calendar', 1));
    expect(table.shape).toEqual([100, 12]);
    expect(table.column('target_3').values).toEqual(pairs.pairs.map(({ targets }) => targets[2]));
  });

  test('a comma or quote in a file name does not break the CSV', async () => {
    const name = 'scan "a", left.png';
    const odd = join(dir, 'odd');
    await writePairs(odd, streamed(pairs.pairs.map((pair) => ({ ...pair, file: name }))));
    const again = await readPairs(odd);
    expect(again.shape).toEqual([100, 12]);
    expect(again.column('file').values[7]).toBe(name);
  });

  test('reading a folder without pairs says how to make them', async () => {
    await expect(readPairs(dir)).rejects.toThrow(/run: medchaos pairs/);
    const other = join(dir, 'other');
    await mkdir(other);
    await writeFile(join(other, 'pairs.csv'), 'a,b\n1,2\n');
    await expect(readPairs(other)).rejects.toThrow(/expected a table of pairs/);
  });

  test('an error on the way leaves the old table as it is', async () => {
    const broken = {
      ...pairs,
      pairs: (async function* () {
        yield pairs.pairs[0]!;
        throw new Error('power cut');
      })(),
    };
    const before = await readFile(join(out, 'pairs.csv'));
    await expect(writePairs(out, broken)).rejects.toThrow('power cut');
    expect((await readFile(join(out, 'pairs.csv'))).equals(before)).toBe(true);
    expect((await readdir(out)).sort()).toEqual(['pairs.csv']);
  });
});

test('the contact sheet holds up to 64 images in rows of eight', () => {
  const dates = Array.from({ length: 70 }, () => parseWallClock('2023-02-28T14:05:09'));
  expect(contactSheet(dates, 60, 'text')).toMatchObject({ width: 508, height: 508, channels: 1 });
  const sheet = contactSheet(dates.slice(0, 9), 60, 'text');
  expect(sheet).toMatchObject({ width: 508, height: 124 });
  const image = (x0: number, y0: number): number[] =>
    Array.from({ length: 3600 }, (_, i) => sheet.data[(y0 + Math.floor(i / 60)) * 508 + x0 + (i % 60)]!);
  expect(image(64, 0)).toEqual(image(0, 0));
  expect(image(0, 64)).toEqual(image(0, 0));
  expect(sheet.data[60]).toBe(96);
});
