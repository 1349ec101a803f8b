import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { expectedLocalEntropy, localEntropy, quotedInterval } from '../../src/metrics/index.ts';
import { stream } from '../../src/shared/random.ts';
import { close, noise, raster } from './_images.ts';

const { localEntropy: known } = JSON.parse(
  readFileSync(new URL('../vectors/theory-constants.json', import.meta.url), 'utf8'),
);
const quantiles: Record<string, number> = { 0.05: 1.959963985, 0.01: 2.575829304, 0.001: 3.290526731 };

test('block mean and sd, the correct and the quoted intervals', () => {
  const { mean, sd } = expectedLocalEntropy();
  expect(close(mean, known.blockMean, 0, 1e-10)).toBe(true);
  expect(close(sd * Math.sqrt(30), known.blockSd, 1e-8)).toBe(true);
  for (const { alpha, interval } of known.correct) {
    expect(close(mean - quantiles[alpha]! * sd, interval[0], 0, 6e-8)).toBe(true);
    expect(close(mean + quantiles[alpha]! * sd, interval[1], 0, 6e-8)).toBe(true);
  }
  for (const { alpha, interval } of known.widelyQuoted)
    quotedInterval(quantiles[alpha]!).forEach((limit, i) => {
      expect(close(limit, interval[i], 0, 2e-9)).toBe(true);
    });
});

test('ideal data: z is standard normal, the quoted 5 % interval holds 28 % of it', () => {
  const random = stream(11, 'local entropy');
  const [low, high] = quotedInterval(quantiles['0.05']!);
  const measured = Array.from({ length: 600 }, () => localEntropy(noise(240, 243, 1, 8, random), random));
  const mean = measured.reduce((sum, m) => sum + m.z!, 0) / 600;
  const square = measured.reduce((sum, m) => sum + m.z! ** 2, 0) / 600;
  expect(Math.abs(mean) * Math.sqrt(600)).toBeLessThan(4);
  expect(Math.abs(square - 1) * Math.sqrt(300)).toBeLessThan(4);
  const passed = measured.filter(({ value }) => value! >= low && value! <= high).length / 600;
  expect(Math.abs(passed - known.passRateOfQuoted5PercentIntervalForIdealData)).toBeLessThan(4 * 0.0183);
});

test('too small, or 16 bits', () => {
  const random = stream(1, 'wrong');
  expect(() => localEntropy(raster(2, 1, 1, 8, [1, 2]), random)).toThrow(
    /at least 58080 samples.*got 8 bits and 2/,
  );
  expect(() => localEntropy(noise(300, 300, 1, 16, random), random)).toThrow(/expected 8 bits/);
});
