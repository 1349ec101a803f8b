import { describe, expect, test } from 'vitest';
import type { SequenceReport } from '../../src/nist/index.ts';
import { proportionInterval, sidak, summarise, uniformityOf } from '../../src/nist/summary.ts';
import { stream } from '../../src/shared/random.ts';

/** Reports of one test with these p-values: one row a sequence, one column a sub-test. */
const reports = (rows: number[][]): SequenceReport[] =>
  rows.map((row) => [{ test: 'serial', subTests: row.map((p, i) => ({ name: `${i}`, p })), statistics: {} }]);

const uniform = (m: number, subTests: number, seed: number): number[][] => {
  const random = stream(seed, 'nist summary', m, subTests);
  return Array.from({ length: m }, () => Array.from({ length: subTests }, () => random.next()));
};

test('known answers: interval, Sidak, P_T', () => {
  expect(proportionInterval(100, 0.01)[0]).toBeCloseTo(0.96015038, 8);
  expect(proportionInterval(1000, 0.01)[0]).toBeCloseTo(0.98056072, 8);
  expect(proportionInterval(100, 0.01)[1]).toBe(1);
  expect(sidak(0.01, 188)).toBeCloseTo(5.34578e-5, 10);
  expect(uniformityOf(Array(10).fill(10), 100)).toBe(1);
  expect(uniformityOf([13, 7, 13, 7, 13, 7, 13, 7, 10, 10], 100)).toBeCloseTo(0.6163052249833654, 9);
});

test('one sub-test: passes, bins, smallest', () => {
  const p = [0, 0.005, 0.01, 0.0999, 0.1, 0.5, 0.95, 1];
  const [one] = summarise(reports(p.map((value) => [value]))).subTests;
  expect(one).toMatchObject({ test: 'serial', name: '0', m: 8, passed: 6, proportion: 0.75, smallest: 0 });
  expect(one!.bins).toEqual([4, 1, 0, 0, 0, 1, 0, 0, 0, 2]);
  expect(one!.uniformity).toBeNull();
});

test('how many sub-tests ideal data put outside: P(4 or more of 100 fail) = 0.018374 each', () => {
  const { outside } = summarise(reports(uniform(100, 188, 1)));
  expect(outside.expected).toBeCloseTo(188 * 0.018374, 3);
  expect(outside.count).toBeLessThan(15);
});

test('sequences without a p-value are left out of m, and named', () => {
  const none: SequenceReport = [{ test: 'serial', notApplicable: 'first reason' }];
  const later: SequenceReport = [{ test: 'serial', notApplicable: 'later reason' }];
  const summary = summarise([...reports([[0.3], [0.4]]), none, later]);
  expect(summary.sequences).toBe(4);
  expect(summary.subTests[0]!.m).toBe(2);
  expect(summary.notApplicable).toEqual([{ test: 'serial', sequences: 2, reason: 'first reason' }]);
  expect(summarise([none]).verdict).toBe('none');
});

describe('verdict', () => {
  const ideal = uniform(100, 20, 2);
  const changed = (change: (p: number, i: number) => number) =>
    summarise(reports(ideal.map((row, i) => row.map((p, k) => (k === 3 ? change(p, i) : p)))));
  test('ideal', () => expect(changed((p) => p).verdict).toBe('consistent'));
  test('one p-value of 1e-9 is enough', () => {
    const { verdict, corrections } = changed((p, i) => (i === 7 ? 1e-9 : p));
    expect(verdict).toBe('rejected');
    expect(corrections.pValues!.rejected).toBe(true);
    expect(corrections.proportions!.rejected).toBe(false);
  });
  test('too many failures, none of them extreme', () => {
    const { verdict, corrections } = changed((p, i) => (i < 12 ? 0.005 : p));
    expect(verdict).toBe('rejected');
    expect(corrections.pValues!.rejected).toBe(false);
    expect(corrections.proportions!.rejected).toBe(true);
  });
  test('none fails and yet they crowd', () => {
    const { verdict, corrections } = changed((p) => 0.4 + 0.6 * p);
    expect(verdict).toBe('rejected');
    expect(corrections.pValues!.rejected).toBe(false);
    expect(corrections.uniformity!.rejected).toBe(true);
  });
  test('below 55 sequences only the p-values count', () => {
    const { corrections } = summarise(reports(uniform(54, 20, 3)));
    expect([corrections.proportions, corrections.uniformity]).toEqual([null, null]);
    expect(corrections.pValues!.limit).toBeCloseTo(sidak(0.01, 54 * 20), 15);
  });
  test.each([10, 60])('ideal data are rejected in at most 5 % of runs of %i sequences at level 0.05', (m) => {
    const runs = 400;
    const verdicts = Array.from({ length: runs }, (_, k) =>
      summarise(reports(uniform(m, 20, 100 + k)), 0.05),
    );
    const rate = verdicts.filter(({ verdict }) => verdict === 'rejected').length / runs;
    expect(rate).toBeLessThan(0.05 + 4 * Math.sqrt((0.05 * 0.95) / runs));
    expect(rate).toBeGreaterThan(0);
  });
});
