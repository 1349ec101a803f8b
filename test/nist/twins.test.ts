/** The optimised routines equal their definitions (test/twins/nist.ts), on odd lengths too. */
import { describe, expect, test } from 'vitest';
import { berlekampMassey } from '../../src/nist/_berlekamp-massey.ts';
import { fft, powerSpectrum } from '../../src/nist/_fft.ts';
import { aperiodicTemplates, templateText } from '../../src/nist/_templates.ts';
import { shorter, windowCounts } from '../../src/nist/_windows.ts';
import { type Bits, bitsFromText, igamc, type TestName, tests, universal } from '../../src/nist/index.ts';
import { stream } from '../../src/shared/random.ts';
import * as plain from '../twins/nist.ts';
import { randomBits } from './_random.ts';

const lengths = [1, 2, 31, 32, 33, 63, 64, 65, 100, 257, 1000, 1031, 4100];
const samples: [number, Bits, string][] = lengths.map((n) => {
  const bits = randomBits(n, stream(11, 'nist twins', n));
  return [n, bits, plain.textOf(bits.values)];
});
const run = (name: TestName, bits: Bits, options = {}) =>
  tests[name](bits, {
    allowShort: true,
    fewCycles: true,
    reference: ['rank', 'dft', 'approximate-entropy'].includes(name),
    ...options,
  });
const sum = (values: Iterable<number>): number => [...values].reduce((total, v) => total + v, 0);

describe.each(samples)('%i bits', (n, bits, text) => {
  test('bytes, words and text hold the same bits', () => {
    expect(plain.textOf(bitsFromText(text).values)).toBe(text);
    const words = Array.from(bits.words, (word) => word.toString(2).padStart(32, '0')).join('');
    expect(words).toBe(text.padEnd(32 * Math.ceil(n / 32), '0'));
  });
  test('ones and runs', () => {
    const { statistics } = run('runs', bits);
    expect(statistics.ones).toBe(plain.onesPlain(text));
    expect(statistics.runs).toBe(plain.runsPlain(text));
    expect(run('frequency', bits).statistics.sum).toBe(2 * plain.onesPlain(text) - n);
  });
  test.each([2, 20, 32, 37, 128])('ones in blocks of %i', (M) => {
    if (n < M) return;
    const chi2 = run('block-frequency', bits, { blockFrequencyM: M }).statistics.chi2 as number;
    expect(chi2).toBeCloseTo((4 / M) * plain.blockSquaresPlain(text, M), 9);
  });
  test('largest partial sums', () => {
    const reversed = [...text].reverse().join('');
    const largest = (bits: string) => Math.max(...plain.walkPlain(bits).map(Math.abs));
    const { statistics } = run('cusum', bits);
    expect(statistics).toEqual({ forward: largest(text), reverse: largest(reversed) });
  });
  test.each([1, 3, 5])('windows of %i bits on the ring', (m) => {
    const counts = plain.windowsPlain(text, m);
    const dense = Array.from({ length: 2 ** m }, (_, v) => counts.get(templateText(v, m)) ?? 0);
    expect([...windowCounts(bits, m)]).toEqual(dense);
    expect([...shorter(windowCounts(bits, m + 1))]).toEqual(dense);
  });
  test('linear complexity', () => {
    expect(berlekampMassey(bits.words, 0, n)).toBe(plain.linearComplexityPlain([...bits.values]));
  });
  test('visits of the random walk', () => {
    const cycles = plain.cyclesPlain(plain.walkPlain(text));
    const near = run('random-excursions', bits);
    expect(near.statistics.cycles).toBe(cycles.length);
    for (const { name, p } of near.subTests) expect(p).toBeCloseTo(excursionP(cycles, Number(name)), 10);
  });
});

/** By the document's formulas, counted cycle by cycle. */
function excursionP(cycles: number[][], x: number): number {
  const a = Math.abs(x);
  const stay = 1 - 1 / (2 * a);
  const pi = [
    stay,
    ...[1, 2, 3, 4].map((k) => (1 / (4 * a * a)) * stay ** (k - 1)),
    (1 / (2 * a)) * stay ** 4,
  ];
  const visits = cycles.map((cycle) => Math.min(5, cycle.filter((state) => state === x).length));
  const chi2 = pi.reduce((total, share, k) => {
    const expected = cycles.length * share;
    return total + (visits.filter((v) => v === k).length - expected) ** 2 / expected;
  }, 0);
  return igamc(2.5, chi2 / 2);
}

test.each([500, 501, 512, 1000])('linear complexity within a longer sequence, blocks of %i', (M) => {
  const bits = randomBits(5 * M + 13, stream(3, 'complexity', M));
  for (const from of [0, 1, 13, M, 4 * M])
    expect(berlekampMassey(bits.words, from, M)).toBe(
      plain.linearComplexityPlain([...bits.values.subarray(from, from + M)]),
    );
});

test('linear complexity of sequences with known ones', () => {
  const complexity = (text: string) => berlekampMassey(bitsFromText(text).words, 0, text.length);
  expect(complexity('0'.repeat(100))).toBe(0);
  expect(complexity(`${'0'.repeat(99)}1`)).toBe(100);
  expect(complexity('1'.repeat(100))).toBe(1);
  expect(complexity('10'.repeat(50))).toBe(2);
  expect(complexity('1101011110001')).toBe(4); // SP 800-22 rev 1a, section 2.10.4
});

test('templates: aperiodic ones, and matches that skip what they matched', () => {
  const overlapsItself = (t: string) =>
    Array.from({ length: t.length - 1 }, (_, i) => t.slice(0, i + 1)).some((head) => t.endsWith(head));
  for (const m of [2, 3, 5, 9]) {
    const all = Array.from({ length: 2 ** m }, (_, v) => templateText(v, m));
    expect(aperiodicTemplates(m).map((v) => templateText(v, m))).toEqual(
      all.filter((t) => !overlapsItself(t)),
    );
  }
  const [n, N, m] = [4003, 3, 4];
  const bits = randomBits(n, stream(5, 'templates'));
  const M = Math.floor(n / N);
  const blocks = plain.blocksOf(plain.textOf(bits.values), M);
  const variance = M * (2 ** -m - (2 * m - 1) * 2 ** (-2 * m));
  const { subTests } = run('non-overlapping', bits, { templateM: m, templateBlocks: N });
  expect(subTests.length).toBe(aperiodicTemplates(m).length);
  for (const { name, p } of subTests) {
    const squares = blocks.map((block) => (plain.matchesPlain(block, name) - (M - m + 1) / 2 ** m) ** 2);
    expect(p).toBeCloseTo(igamc(N / 2, sum(squares) / variance / 2), 10);
  }
});

test('classes of longest runs and of overlapping matches', () => {
  const bits = randomBits(7001, stream(6, 'classes'));
  const text = plain.textOf(bits.values);
  const runs = plain
    .blocksOf(text, 128)
    .map((block) => Math.min(9, Math.max(4, plain.longestRunPlain(block))));
  const matches = plain.blocksOf(text, 70).map((block) => Math.min(5, plain.overlapsPlain(block, '111')));
  const tally = (values: number[], from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => values.filter((v) => v === from + i).length);
  expect(run('longest-run', bits).statistics.counts).toEqual(tally(runs, 4, 9));
  const overlapping = run('overlapping', bits, { templateM: 3, overlappingM: 70 });
  expect(overlapping.statistics.counts).toEqual(tally(matches, 0, 5));
});

test('ranks of matrices, among them poor ones', () => {
  const text = Array.from({ length: 40 }, (_, k) => {
    const rows = plain.blocksOf(plain.textOf(randomBits(1024, stream(8, 'rank', k)).values), 32);
    return rows.map((row, i) => (i < k % 4 ? rows[31] : row)).join('');
  }).join('');
  const ranks = plain.blocksOf(text, 1024).map((matrix) => plain.rankPlain(matrix, 32));
  const counts = [32, 31].map((rank) => ranks.filter((r) => r === rank).length);
  expect(new Set(ranks).size).toBeGreaterThan(3);
  expect(run('rank', bitsFromText(text)).statistics.counts).toEqual([...counts, 40 - sum(counts)]);
});

test.each([
  [1, 10],
  [2, 4],
  [3, 30],
  [5, 320],
])('universal, blocks of %i bits, first %i', (L, Q) => {
  const bits = randomBits(3001, stream(9, 'universal', L));
  const { statistics } = universal(bits, { allowShort: true }, { L, Q });
  expect(statistics.sum).toBeCloseTo(plain.universalPlain(plain.textOf(bits.values), L, Q), 8);
});

/** Products of 2, 3, 5, then primes and their products (Bluestein). */
const sizes = [1, 2, 3, 4, 5, 6, 8, 9, 10, 15, 16, 20, 25, 27, 30, 60, 64, 75, 100, 125, 225, 240, 360];
const odd = [7, 11, 13, 14, 49, 77, 97, 101, 194, 303, 331];

test.each([...sizes, ...odd])('transform of %i values', (n) => {
  const random = stream(10, 'fft', n);
  const real = Array.from({ length: n }, () => random.normal());
  const want = plain.powerSpectrumPlain(real);
  const got = powerSpectrum(Float64Array.from(real));
  expect(got.length).toBe(want.length);
  got.forEach((power, k) => {
    expect(Math.abs(power - want[k]!)).toBeLessThan(1e-11 * n);
  });
});

test('a transform of a million values keeps a tone and the energy', () => {
  const n = 500_000;
  const x = new Float64Array(2 * n);
  for (let j = 0; j < n; j++) {
    x[2 * j] = Math.cos((2 * Math.PI * ((12_345 * j) % n)) / n);
    x[2 * j + 1] = Math.sin((2 * Math.PI * ((12_345 * j) % n)) / n);
  }
  const X = fft(x);
  expect(X[2 * 12_345]).toBeCloseTo(n, 6);
  X[2 * 12_345] = 0;
  expect(Math.max(...chunksMax(X))).toBeLessThan(1e-7);
});

/** Largest magnitudes in pieces: a spread of a million arguments is too many. */
function chunksMax(x: Float64Array): number[] {
  return Array.from({ length: 100 }, (_, i) =>
    x
      .subarray((i * x.length) / 100, ((i + 1) * x.length) / 100)
      .reduce((high, v) => Math.max(high, Math.abs(v)), 0),
  );
}
