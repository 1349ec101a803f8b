/** P_T and proportions by the law of p: exact where p takes few values, so that ideal bits pass over thousands of sequences. */
import { describe, expect, test } from 'vitest';
import { evenTenthsTail } from '../../src/nist/_even-tenths.ts';
import { binomialMass } from '../../src/nist/binomial.ts';
import {
  approximateEntropy,
  dft,
  frequency,
  igamc,
  rank,
  type SequenceReport,
  type TestName,
} from '../../src/nist/index.ts';
import { lawOf } from '../../src/nist/p-law.ts';
import { rankTails } from '../../src/nist/rank.ts';
import { summarise, uniformityOf } from '../../src/nist/summary.ts';
import { type Random, stream } from '../../src/shared/random.ts';
import { randomBits } from './_random.ts';

const tenths = (test: TestName, n: number): number[] =>
  Array.from(
    { length: 10 },
    (_, k) => (k === 9 ? 1 : lawOf(test, n)!((k + 1) / 10)) - lawOf(test, n)!(k / 10),
  );

describe('rank', () => {
  test('all outcomes have probability 1, and p is at most x with a probability of at most x', () => {
    for (const matrices of [38, 97, 976]) {
      const { steps } = rankTails(matrices)!;
      expect(steps.at(-1)).toBeCloseTo(1, 9);
      expect([...steps].sort((a, b) => a - b)).toEqual(steps);
      for (const x of [0.001, 0.01, 0.1, 0.5])
        expect(lawOf('rank', 1024 * matrices)!(x)).toBeLessThanOrEqual(x);
    }
  });
  test('known answer: one matrix of three classes', () => {
    const { tail } = rankTails(1)!;
    expect(tail(0)).toBeCloseTo(1, 12);
    expect(tail((1 - 0.2887880951) / 0.2887880951 - 0.01)).toBeCloseTo(1 - 0.5775761902, 6); // all but rank 31
  });
  test('more than 20,000 matrices go by the chi-square law', () => {
    expect(rankTails(20_001)).toBeNull();
    expect(lawOf('rank', 1024 * 20_001)).toBeNull();
  });
  test('97 matrices, 3,000 sequences drawn from the three classes: P_T by its own law', () => {
    const random = stream(7, 'rank law');
    const pi = [0.2887880951538411, 0.5775761901732048];
    const { tail } = rankTails(97)!;
    const p = Array.from({ length: 3000 }, () => tail(chi2Of(drawn(97, pi, random), 97, pi)));
    expect(uniformity(p, tenths('rank', 100_000))).toBeGreaterThan(1e-4);
  });
});

function drawn(n: number, [first, second]: number[], random: Random): number[] {
  const counts = [0, 0, 0];
  for (let k = 0; k < n; k++) {
    const u = random.next();
    counts[u < first! ? 0 : u < first! + second! ? 1 : 2]!++;
  }
  return counts;
}

const chi2Of = (counts: number[], n: number, pi: number[]): number =>
  [...pi, 1 - pi[0]! - pi[1]!].reduce(
    (sum, share, k) => sum + (counts[k]! - n * share) ** 2 / (n * share),
    0,
  );

const binsOf = (p: readonly number[]): number[] =>
  Array.from({ length: 10 }, (_, k) => p.filter((v) => Math.min(9, Math.floor(10 * v)) === k).length);
const uniformity = (p: readonly number[], shares?: readonly number[]): number =>
  uniformityOf(binsOf(p), p.length, shares);

test.each<TestName>(['frequency', 'rank', 'dft', 'cusum'])(
  '%s: tenths have the whole probability, near 1/10',
  (name) => {
    for (const n of [100_000, 1_000_000]) {
      const shares = tenths(name, n);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      for (const share of shares)
        expect(Math.abs(share - 0.1)).toBeLessThan(name === 'frequency' ? 0.01 : 0.03);
    }
  },
);

test('other tests have no law of their own', () => expect(lawOf('runs', 100_000)).toBeNull());

test('frequency of 1,000 bits: the law is the exact binomial', () => {
  const mass = binomialMass(1000, 0.5);
  const below = mass.sum((k) => +(Math.abs(2 * k - 1000) >= 82)); // p = 0.0095, of 80 it is 0.0114
  expect(lawOf('frequency', 1000)!(0.01)).toBeCloseTo(below, 12);
});

/** 8,192 bits: the constant 4 refuses more. */
test('dft: variance of the scores with 3.8 and with 4', () => {
  const random = stream(8, 'dft constant');
  const runs = 700;
  let [own, reference] = [0, 0];
  for (let k = 0; k < runs; k++) {
    const bits = randomBits(8192, random);
    own += (dft(bits).statistics.d as number) ** 2 / runs;
    reference += (dft(bits, { reference: true }).statistics.d as number) ** 2 / runs;
  }
  expect(reference / own).toBeCloseTo(4 / 3.8, 9);
  expect(Math.abs(own - 1)).toBeLessThan(4 * Math.sqrt(2 / runs));
});

test('approximate entropy: mean p of 400 short sequences, where the document is off', () => {
  const random = stream(9, 'approximate entropy');
  const options = { approximateEntropyM: 7, allowShort: true };
  const all = Array.from({ length: 400 }, () => randomBits(4096, random));
  const mean = (reference: boolean): number =>
    all.reduce((sum, bits) => sum + approximateEntropy(bits, { ...options, reference }).subTests[0]!.p, 0) /
    400;
  expect(Math.abs(mean(false) - 0.5)).toBeLessThan(4 / Math.sqrt(12 * 400));
  expect(mean(true)).toBeLessThan(mean(false) - 0.02);
});

describe('P_T of few p-values in even tenths', () => {
  test('known answers: all alike, three p-values by hand', () => {
    expect(evenTenthsTail(0, 60)).toBeCloseTo(1, 9);
    // sums of squares 3, 5 and 9 have probability 0.72, 0.27 and 0.01; chi2 = 10 s / 3 - 3
    for (const [s, tail] of [
      [3, 1],
      [5, 0.28],
      [9, 0.01],
    ] as const)
      expect(evenTenthsTail((10 * s) / 3 - 3, 3)).toBeCloseTo(tail, 12);
  });
  test('above chi-square far out, near it in the middle; none above 100', () => {
    const exact = evenTenthsTail(38, 55)!;
    expect(exact / igamc(4.5, 19)).toBeGreaterThan(1.8);
    expect(Math.abs(evenTenthsTail(9, 100)! - igamc(4.5, 4.5))).toBeLessThan(0.03);
    expect([evenTenthsTail(9, 101), evenTenthsTail(71, 60)]).toEqual([null, null]);
  });
});

describe('summary', () => {
  const reports = (name: TestName, p: readonly number[]): SequenceReport[] =>
    p.map((value) => [{ test: name, subTests: [{ name: '', p: value }], statistics: {} }]);
  test('ideal ranks pass by the exact law, and are refused by that of NIST', () => {
    const random = stream(10, 'summary law');
    const pi = [0.2887880951538411, 0.5775761901732048];
    const { tail } = rankTails(97)!;
    const chi2 = Array.from({ length: 6000 }, () => chi2Of(drawn(97, pi, random), 97, pi));
    const own = summarise(reports('rank', chi2.map(tail)), 0.01, { bits: 100_000 });
    expect(own.verdict).toBe('consistent');
    const nist = reports(
      'rank',
      chi2.map((value) => Math.exp(-value / 2)),
    );
    expect(summarise(nist, 0.01, { bits: 100_000, reference: true }).verdict).toBe('rejected');
  });
  test('bins that expect less than one p-value are taken together', () => {
    expect(uniformityOf([0, 0, 0, 0, 0, 0, 0, 0, 0, 60], 60, [0, 0, 0, 0, 0, 0, 0, 0, 0, 1])).toBe(1);
    const shares = [0.001, 0.199, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1];
    expect(uniformityOf([1, 11, 6, 6, 6, 6, 6, 6, 6, 6], 60, shares)).toBeGreaterThan(0.9);
  });
  test('p of the tests themselves fit their laws', () => {
    const random = stream(11, 'p law');
    for (const [name, run] of [
      ['frequency', frequency],
      ['rank', rank],
    ] as const) {
      const p = Array.from({ length: 400 }, () => run(randomBits(40_000, random)).subTests[0]!.p);
      expect(uniformity(p, tenths(name, 40_000)), name).toBeGreaterThan(1e-4);
    }
  });
});
