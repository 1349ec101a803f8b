/** On ideal bits every p-value is uniform: rejection rates and means within 4 sigma, seeded. And every test rejects something. */
import { describe, expect, test } from 'vitest';
import { type Bits, bitsFromText, type NistOptions, type TestName, tests } from '../../src/nist/index.ts';
import { type Random, stream } from '../../src/shared/random.ts';
import { randomBits } from './_random.ts';

/** Test, bits a sequence, sequences. */
const cases: [TestName, number, number, Partial<NistOptions>?][] = [
  ['frequency', 20_000, 800],
  ['block-frequency', 20_000, 800],
  ['runs', 20_000, 800],
  ['longest-run', 6_000, 800],
  ['longest-run', 50_000, 400],
  ['rank', 102_400, 400],
  ['dft', 10_000, 600],
  ['dft', 9_973, 60],
  ['non-overlapping', 262_144, 60],
  ['overlapping', 206_400, 300],
  ['universal', 387_840, 150],
  ['linear-complexity', 250_000, 200],
  ['serial', 65_536, 200, { serialM: 12 }],
  ['approximate-entropy', 65_536, 300, { approximateEntropyM: 7 }],
  ['cusum', 20_000, 800],
  ['random-excursions', 1_000_000, 120],
  ['random-excursions-variant', 1_000_000, 120],
];

describe.each(cases)('%s, %i bits, %i sequences', (name, n, sequences, options = {}) => {
  test('5 % are below 0.05, the mean is 1/2', () => {
    const random = stream(20, 'nist monte carlo', name, n);
    const short = { ...options, allowShort: !name.startsWith('random') };
    const units = Array.from({ length: sequences }, () => pValues(name, randomBits(n, random), short));
    const p = units.filter((values) => values.length > 0);
    expect(p.length).toBeGreaterThan(sequences / 2);
    expectMean(p, (value) => +(value < 0.05), 0.05, Math.sqrt(0.05 * 0.95));
    expectMean(p, (value) => value, 0.5, Math.sqrt(1 / 12));
  });
});

const meanOf = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

/** Sub-tests of one sequence depend on each other: sequences are the units, and `sd` is at most that of one p-value. */
function expectMean(p: number[][], of: (p: number) => number, mean: number, sd: number): void {
  const units = p.map((values) => meanOf(values.map(of)));
  expect(Math.abs(meanOf(units) - mean)).toBeLessThan((4 * sd) / Math.sqrt(units.length));
}

/** Too few cycles of the walk: no p-values. */
function pValues(name: TestName, bits: Bits, options: Partial<NistOptions>): number[] {
  try {
    return tests[name](bits, options).subTests.map((sub) => sub.p);
  } catch {
    return [];
  }
}

/** Bits by rule from those before. */
function generated(
  n: number,
  random: Random,
  rule: (bits: Uint8Array, i: number, r: Random) => number,
): Bits {
  const bits = new Uint8Array(n);
  for (let i = 0; i < n; i++) bits[i] = rule(bits, i, random);
  return bitsFromText(bits.join(''));
}

const coin = (random: Random): number => random.int(2);

/** A register of degree 20, x^20 + x^3 + 1: complexity 20, period 2^20 - 1. */
const register = (bits: Uint8Array, i: number): number =>
  i < 20 ? +(i === 0) : bits[i - 20]! ^ bits[i - 17]!;

/** Repeats itself after 1000 bits but for one in four. */
const echo = (bits: Uint8Array, i: number, r: Random): number =>
  i < 1000 || r.next() < 0.25 ? coin(r) : bits[i - 1000]!;

/** Changes with probability 0.45. */
const sticky = (bits: Uint8Array, i: number, r: Random): number =>
  i > 0 && r.next() < 0.1 ? bits[i - 1]! : coin(r);

/** A sawtooth walk that turns at 0 and 12: every state is visited alike, and too often. */
const turning = (bits: Uint8Array, i: number, r: Random): number =>
  i % 24 < 12 ? +(i % 24 < 6 || coin(r) > 0 || bits[i - 1] === 1) : 0;

const defects: [TestName, string, number, (bits: Uint8Array, i: number, r: Random) => number][] = [
  ['frequency', 'half a per cent too many ones', 400_000, (_, i, r) => (i % 100 === 0 ? 1 : coin(r))],
  ['block-frequency', 'blocks biased by turns', 20_000, (_, i, r) => +(r.next() < (i & 128 ? 0.6 : 0.4))],
  ['runs', 'runs too long', 20_000, sticky],
  ['longest-run', 'no four ones in a row', 6_000, (_, i, r) => (i % 4 === 0 ? 0 : coin(r))],
  ['rank', 'a short register', 102_400, register],
  ['dft', 'an echo', 20_000, echo],
  ['non-overlapping', 'never 1111', 262_144, (_, i, r) => (i % 4 === 0 ? 0 : coin(r))],
  ['overlapping', 'runs too long', 206_400, sticky],
  ['universal', 'runs too long', 400_000, sticky],
  ['linear-complexity', 'a short register', 100_000, register],
  ['serial', 'runs too long', 65_536, sticky],
  ['approximate-entropy', 'runs too long', 65_536, sticky],
  ['cusum', 'a drift', 20_000, (_, i, r) => +(r.next() < 0.53 || i === 0)],
  ['random-excursions', 'a walk that turns', 100_000, turning],
  ['random-excursions-variant', 'a walk that turns', 100_000, turning],
];

test.each(defects)('%s rejects %s', (name, _, n, rule) => {
  const bits = generated(n, stream(21, 'nist defects', name), rule);
  const p = pValues(name, bits, { allowShort: true, serialM: 10, approximateEntropyM: 7 });
  expect(Math.min(...p)).toBeLessThan(1e-5);
});
