/** The benchmarks on small work: what is counted and what is said, never how long it took. */
import { expect, test } from 'vitest';
import { medians } from '../../bench/_measure.ts';
import { benchAttack } from '../../bench/attack.ts';
import { benchBatches } from '../../bench/batches.ts';
import { benchNames, runBench } from '../../bench/benches.ts';
import { benchFile } from '../../bench/file.ts';
import { benchLinear, exponent } from '../../bench/linear.ts';
import { benchMemory } from '../../bench/memory.ts';
import { benchMetrics } from '../../bench/metrics.ts';
import { benchPeers } from '../../bench/peers.ts';
import { type BenchRow, row } from '../../bench/row.ts';
import { benchText } from '../../bench/text.ts';
import { benchNames as listed } from '../../scripts/bench.ts';
import { stream } from '../../src/shared/random.ts';
import type { Raster } from '../../src/shared/types.ts';
import { medchaos } from '../commands/_cli.ts';

const picture = (width: number, height: number, channels: number): Raster => {
  const random = stream(1, 'bench test');
  const data = Uint8Array.from({ length: width * height * channels }, () => random.int(256));
  return { width, height, channels, depth: 8, data };
};

const everyPositive = (rows: readonly BenchRow[]): boolean =>
  rows.every(({ ours, runs }) => Number.isFinite(ours) && ours > 0 && runs >= 1);

test.each([0.5, 1, 2])('the exponent of 3 x^%d is %d', (b) => {
  const x = [10, 100, 5000];
  expect(
    exponent(
      x,
      x.map((v) => 3 * v ** b),
    ),
  ).toBeCloseTo(b, 12);
});

test('jobs take turns, warm up, and are waited for', async () => {
  const done: string[] = [];
  const slow = async () => {
    await new Promise((resolve) => setTimeout(resolve, 130));
    done.push('slow');
  };
  const { ms, runs } = await medians([slow, () => done.push('quick')], { runs: 2, seconds: 60 });
  expect(runs).toBe(2);
  expect(ms).toHaveLength(2);
  expect(done.length).toBeGreaterThan(2 * runs);
  expect(done.filter((_, i) => i % 2 === 0).every((name) => name === 'slow')).toBe(true);
  expect(done.filter((name) => name === 'quick')).toHaveLength(done.length / 2);
});

test('no turn begins after the time is up, the first excepted', async () => {
  expect((await medians([() => undefined], { runs: 9, seconds: 0 })).runs).toBe(1);
});

test('a row says ours / theirs, and null for what does not apply', () => {
  const common = { work: 'w', unit: 'ms', runs: 3 } as const;
  expect(row({ ...common, ours: 6, peer: 'p', theirs: 4 }).ratio).toBe(1.5);
  expect(row({ ...common, ours: 6 })).toEqual({
    ...common,
    ...{ ours: 6, net: null, batch: null, peer: null, theirs: null, ratio: null },
    ...{ limit: null, nsPerPixel: null },
  });
});

test('the table leaves empty columns out, aligns, and marks what is missed', () => {
  const environment = { node: '20.0.0', cpu: 'a CPU', cores: 2, memoryGiB: 8, engineWhy: null };
  const rows = [
    row({ work: 'short', unit: 'ms', ours: 0.01234, limit: 5, runs: 31 }),
    row({ work: 'a longer one', unit: 'MB', ours: 654.4, limit: 600, runs: 3 }),
  ];
  expect(benchText({ environment, load: 0.26, rows })).toBe(
    [
      'node 20.0.0, 2 cores of a CPU (load 0.3 before), 8 GiB, no engine needed; medians',
      'work            ours  unit  limit         runs',
      'short         0.0123  ms    < 5             31',
      'a longer one     654  MB    < 600 MISSED     3',
    ].join('\n'),
  );
});

test("metrics: one row, which names the size; the limit holds for the paper's size alone", async () => {
  const rows = await benchMetrics({ width: 40, height: 30, channels: 3, depth: 8 });
  expect(rows).toHaveLength(1);
  expect(everyPositive(rows)).toBe(true);
  expect(rows[0]).toMatchObject({ unit: 'ms', limit: null });
  expect(rows[0]!.work).toContain('eight measures, 40x30x3, 8 bits');
  expect(rows[0]!.nsPerPixel).toBeCloseTo((1e6 * rows[0]!.ours) / 1200, 6);
});

test('linear: one row a side and the exponent, for both maps', async () => {
  const rows = await benchLinear([8, 16]);
  expect(rows.map(({ work }) => work)).toEqual(
    ['logistic', 'lorenz'].flatMap((map) => [
      `keys + encrypt 8x8x1, ${map}`,
      `keys + encrypt 16x16x1, ${map}`,
      `time ~ pixels^b, ${map}: b`,
    ]),
  );
  expect(rows[0]!.nsPerPixel).toBe((1e6 * rows[0]!.ours) / 64);
});

test('file: each stage and both ways as a whole', async () => {
  const rows = await benchFile([picture(20, 10, 3)]);
  expect(everyPositive(rows)).toBe(true);
  expect(rows.map(({ work }) => work)).toContain('20x10x3: seal the key file');
  expect(rows.slice(-2).map(({ work }) => work)).toEqual([
    '20x10x3: encrypt, file to file',
    '20x10x3: decrypt, file to file',
  ]);
});

test('batches: in the training thread, in one worker and in two, and what is promised is a lower bound', async () => {
  const rows = await benchBatches([64], 2);
  expect(rows.map(({ work }) => work)).toEqual([
    'metadata images 64x64, in the training thread',
    'metadata images 64x64, in 1 worker thread',
    'metadata images 64x64, in 2 worker threads',
  ]);
  expect(everyPositive(rows)).toBe(true);
  const environment = { node: '20', cpu: 'a CPU', cores: 2, memoryGiB: 8, engineWhy: null };
  const text = benchText({ environment, load: 0, rows: [{ ...rows[0]!, ours: 999 }] });
  expect(text).toMatch(/> 1000 MISSED/);
});

test('attack: both recoveries for both maps; a limit is promised at 512x512 only', async () => {
  const rows = await benchAttack(48);
  expect(everyPositive(rows)).toBe(true);
  expect(rows.map(({ work, limit }) => [work.slice(0, 16), limit])).toEqual(
    ['chosen plaintext', 'known plaintext,', 'chosen plaintext', 'known plaintext,'].map((work) => [
      work,
      null,
    ]),
  );
});

test('peers: the paper scheme beside each, on all cores', async () => {
  const rows = await benchPeers(16, 0.01, 1, ['ancestor']);
  expect(everyPositive(rows)).toBe(true);
  expect(rows.map(({ peer, unit }) => [peer, unit])).toEqual([['Ancestor, corrected', 'images/s']]);
});

test('memory: three commands in processes of their own, without TensorFlow', async () => {
  const rows = await benchMemory(picture(20, 10, 3), 1);
  expect(rows).toHaveLength(3);
  // An idle Node takes 40 MB; one with TensorFlow.js and its addon well over 150.
  for (const { ours, unit } of rows) expect([unit, ours > 30 && ours < 250]).toEqual(['MB', true]);
});

test('the command lists the benchmarks that there are', () => expect(listed).toEqual(benchNames));

test('an unknown benchmark is wrong input, and the command line says which there are', async () => {
  await expect(runBench('speed' as never, {} as never)).rejects.toThrow(
    /"what" expected encrypt, linear, .*, got speed/,
  );
  const { code, stderr } = medchaos(['bench', 'speed'], '.');
  expect(code).toBe(2);
  expect(stderr).toMatch(/"what" expected encrypt, /);
});
