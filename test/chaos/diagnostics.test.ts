import { describe, expect, test } from 'vitest';
import { cycleLength, logisticLyapunov, periodicShare } from '../../src/chaos/index.ts';
import { InputError } from '../../src/shared/errors.ts';

describe('Lyapunov exponent of the logistic map', () => {
  test.each([
    [4, Math.LN2, 0.01],
    [3.9999, 0.68808, 0.01],
    [3.83, -0.3697, 0.001],
    [3.57, 0.011, 0.005],
    [2, Number.NEGATIVE_INFINITY, 0], // superstable fixed point at 1/2
  ])('r = %f: %f', (r, expected, tolerance) => {
    const found = logisticLyapunov(r, 100_000);
    expect(found === expected || Math.abs(found - expected) <= tolerance).toBe(true);
  });
  test('a tenth of (3.57, 4] is periodic, half of the window of period 3', () => {
    expect(Math.abs(periodicShare(3.57, 4) - 0.103)).toBeLessThan(0.01);
    expect(Math.abs(periodicShare(3.82, 3.86, 500) - 0.54)).toBeLessThan(0.04);
  });
});

describe('cycles in floating point', () => {
  test.each([
    [3.2, 2],
    [3.5, 4],
    [3.83, 3],
  ])('r = %f has period %i', (r, length) => expect(cycleLength(r, 0.1, { limit: 1e6 })).toBe(length));
  test('r = 4 in float64: the shortest known cycle, from where 0.1 stands after 2e8 steps; 0.25 falls to 0.75', () => {
    expect(cycleLength(4, 0.018751245290633475, { limit: 3e7 })).toBe(5_638_349);
    expect(cycleLength(4, 0.25, { limit: 10 })).toBe(1);
  });
  test('in float32 every orbit is back within a few thousand steps', () => {
    const lengths = [0.1, 0.2, 0.3].map((x0) => cycleLength(3.9999, x0, { limit: 1e6, float32: true }));
    expect(Math.max(...lengths.map((length) => length ?? Infinity))).toBeLessThan(20_000);
  });
  test('gives up at the limit', () => expect(cycleLength(3.9, 0.1, { limit: 1000 })).toBeNull());
});

test.each([
  [5, 0.1],
  [3.9, 1],
  [Number.NaN, 0.1],
])('refuses r = %f, x0 = %f', (r, x0) => {
  expect(() => cycleLength(r, x0, { limit: 10 })).toThrow(InputError);
});
