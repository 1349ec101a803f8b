/** What a study says of predictors whose answers are known, and of a tiny network. */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { planPairs } from '../../src/data/pairs/pairs.ts';
import { writePairs } from '../../src/data/pairs/pairs-table.ts';
import { openEngine } from '../../src/engine/engine.ts';
import { stream } from '../../src/shared/random.ts';
import { trainConfig } from '../../src/training/config.ts';
import { formatDateError, heldOut } from '../../src/training/errors.ts';
import { engineDifference } from '../../src/training/study/engines.ts';
import { keyStatistics, secondChange, weakKeys } from '../../src/training/study/keys.ts';
import { studyFile, studyOnce, studyRun } from '../../src/training/study/study.ts';
import { studyLines } from '../../src/training/study/text.ts';
import { train } from '../../src/training/train.ts';

const rows = (...values: number[][]): Float32Array[] => values.map((row) => Float32Array.from(row));

describe('errors on unseen dates', () => {
  const wanted = rows([0, 0.5], [1, 0.5], [0, 0.25], [1, 0.75]);

  test('a perfect output has R2 1, the mean of the targets 0, with no spread', () => {
    const [perfect, constant] = heldOut(rows([0, 0.5], [1, 0.5], [0, 0.5], [1, 0.5]), wanted, ['a', 'b']);
    expect(perfect).toEqual({ name: 'a', rmse: 0, mae: 0, constantRmse: 0.5, r2: 1, spread: 1 });
    expect(constant).toMatchObject({ name: 'b', mae: 0.125, r2: 0, spread: 0 });
    expect(constant!.rmse).toBeCloseTo(Math.sqrt(0.125 / 4), 12);
    expect(constant!.constantRmse).toBe(constant!.rmse);
  });
});

describe('the keys of many seconds', () => {
  /** Keys drawn evenly from `count` of them, one output. */
  const drawn = (n: number, count: number, seed: number): Float32Array[] => {
    const random = stream(seed, 'keys');
    return Array.from({ length: n }, () => Float32Array.of(0.25 + random.int(count) / 2 ** 23));
  };

  test.each([10, 1000, 100_000])(
    '%i equally frequent keys are estimated, and bounded from below',
    (count) => {
      const seconds = 31_536_000;
      let bounded = 0;
      for (let seed = 0; seed < 20; seed++) {
        const { distinctOfAll, keyBits } = keyStatistics(drawn(2000, count, seed), seconds);
        expect(distinctOfAll.estimate / count).toBeGreaterThan(0.5);
        expect(distinctOfAll.estimate / count).toBeLessThan(2);
        expect(keyBits.atLeast).toBeLessThanOrEqual(keyBits.estimate);
        if (distinctOfAll.atLeast <= count) bounded++;
      }
      expect(bounded).toBeGreaterThanOrEqual(16); // 19 of 20 expected; fewer than 16 has probability 3e-3
    },
  );

  test('no two alike: the date is the limit, and the rule of three the bound', () => {
    const all = Array.from({ length: 1001 }, (_, i) => Float32Array.of(i / 1024, 0.5));
    const { distinct, equalPairs, keyBits, dateBits, closest, coarseBits } = keyStatistics(all, 2 ** 20);
    expect([distinct, equalPairs, dateBits, keyBits.estimate]).toEqual([1001, 0, 20, 20]);
    expect(2 ** -keyBits.atLeast).toBeCloseTo(3 / 500_500 + 2 ** -20, 6);
    expect(closest).toMatchObject({ distance: 1 / 1024 });
    expect(coarseBits.estimate).toBeCloseTo(Math.log2(251), 0); // four of them in each of 251 cells
  });

  test('one key for all: no entropy, one key, nothing closest', () => {
    const { distinct, keyBits, distinctOfAll, closest } = keyStatistics(drawn(300, 1, 1), 1e6);
    expect([distinct, keyBits.estimate, keyBits.atLeast, closest]).toEqual([1, -0, -0, null]);
    expect(distinctOfAll).toEqual({ estimate: 1, atLeast: 1 });
  });

  test('the closest two are those that trying all pairs finds', () => {
    const random = stream(3, 'points');
    const keys = Array.from({ length: 200 }, () => Float32Array.from([0, 0, 0], () => random.next()));
    let best = Infinity;
    for (const [i, a] of keys.entries())
      for (const b of keys.slice(0, i)) best = Math.min(best, Math.hypot(...a.map((v, k) => v - b[k]!)));
    expect(keyStatistics(keys, 1e6).closest!.distance).toBe(best);
  });

  test('a frequent key among many rare ones counts: half of all seconds share one', () => {
    const random = stream(5, 'mixed');
    const keys = Array.from({ length: 2000 }, () =>
      Float32Array.of(random.int(2) === 0 ? 0.5 : random.next()),
    );
    const { keyBits } = keyStatistics(keys, 31_536_000);
    expect(keyBits.estimate).toBeCloseTo(2, 0);
    expect(keyBits.atLeast).toBeGreaterThan(1.8);
  });
});

test('one second: share unchanged, median and largest change by output', () => {
  const change = secondChange(rows([0.5, 0], [0.5, 0], [0.5, 0.5]), rows([0.5, 0], [0.75, 0.25], [0.5, 1]));
  expect(change).toEqual({ pairs: 3, unchanged: 1 / 3, median: [0, 0.25], largest: [0.25, 0.5] });
});

test('weak keys: r in the window of period 3, Lorenz below the Hopf bifurcation', () => {
  expect(weakKeys('logistic', [[3.83], [3.95], [3.5], [3.99]])).toMatchObject({ keys: 4, weak: 2 });
  expect(weakKeys('logistic', [[4]]).expected).toBeCloseTo(0.103, 2);
  expect(
    weakKeys('lorenz', [
      [10, 28, 2.667],
      [10, 20, 2.667],
    ]),
  ).toMatchObject({ keys: 2, weak: 1 });
});

describe('other engines', () => {
  const where = { engine: 'wasm', batch: 1 };
  const ours = rows([0.5, 0.25, 0.75], [0.1, 0.2, 0.3]);

  test('one step of float32 makes another key of most of an image', () => {
    const step = 2 ** -24; // of values from 0.5 to 1
    const theirs = rows([0.5, 0.25, 0.75 + step], [0.1, 0.2, 0.3]);
    const found = engineDifference('lorenz', where, ours, theirs);
    expect(found).toMatchObject({ ...where, dates: 2, differing: 1, largest: step, largestSteps: 1 });
    expect(found.wrongSamples).toBeGreaterThan(0.9);
  });

  test('equal outputs decrypt', () => {
    const found = engineDifference('lorenz', where, ours, ours);
    expect(found).toMatchObject({ differing: 0, largest: 0, largestSteps: 0, wrongSamples: 0 });
  });
});

test('an error of the day is told in minutes', () => {
  expect(formatDateError({ name: 'positionInDay', rmse: 972, unit: 'seconds' })).toBe(
    '16.2 minutes in the day',
  );
  expect(formatDateError({ name: 'positionInYear', rmse: 4.5, unit: 'days' })).toBe('4.5 days in the year');
});

describe('of a tiny run', async () => {
  const root = mkdtempSync(join(tmpdir(), 'medchaos-study-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const engine = await openEngine();
  const run = join(root, 'run');
  const few = { dates: 64, seconds: 256 };
  const tiny = { net: 'mobilenetv2', map: 'logistic', target: 'hash', size: 64 };
  const pairs = { count: 12, target: 'hash', map: 'logistic', seed: 1, valFraction: 0.2 } as const;
  await writePairs(root, await planPairs(pairs));
  const config = trainConfig({ ...tiny, manifest: join(root, 'pairs.csv'), batch: 8, epochs: 1 });
  await train(config, engine, run);

  test('all is measured, said in lines, and kept; asked again it is read, not measured', async () => {
    const study = await studyRun(run, engine, few);
    expect(study).toMatchObject({
      version: 1,
      target: 'hash',
      imagesSeen: 8,
      unseen: { dates: 64, date: null },
      records: { dates: 2, outputs: [{ name: 'r' }], date: null },
    });
    expect(study.collapsed).toBe(study.unseen.outputs[0]!.spread < 0.1);
    expect(study.keys).toMatchObject({ year: 2021, seconds: 31_536_000, sampled: 256 });
    expect(study.keys.distinct).toBeLessThanOrEqual(256);
    expect(study.nextSecond.pairs).toBe(256);
    expect(study.engines.map(({ engine: name, batch }) => [name, batch])).toEqual([
      [engine.name, 16],
      [engine.name, 64],
      ...(engine.native ? [['wasm', 1]] : []),
    ]);
    const text = studyLines(study).join('\n');
    for (const part of [
      '64 unseen dates: R2 r ',
      '2 records of split test: R2 r ',
      '256 sampled seconds',
      'key entropy',
      'one second later',
    ])
      expect(text).toContain(part);
    expect(text.includes('COLLAPSED')).toBe(study.collapsed);
    const written = statSync(studyFile(run)).mtimeMs;
    expect(await studyOnce(run, engine, few)).toEqual(JSON.parse(JSON.stringify(study)));
    expect(statSync(studyFile(run)).mtimeMs).toBe(written);
  });

  test.each([
    [{ ...few, dates: 10 }, /"dates" expected an integer from 64/],
    [{ ...few, seconds: 1e9 }, /"seconds" expected an integer from 256 to 1000000/],
  ])('%j is refused', async (options, message) => {
    await expect(studyRun(run, engine, options)).rejects.toThrow(message);
  });

  test('a folder without a network is refused', async () => {
    await expect(studyRun(join(root, 'none'), engine, few)).rejects.toThrow(/no run folder/);
    expect(existsSync(studyFile(join(root, 'none')))).toBe(false);
  });
});
