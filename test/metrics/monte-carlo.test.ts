/**
 * Closed-form means and standard deviations against seeded Monte Carlo: 2000 ideal ciphers of one picture. The
 * mean must lie within 4 sd / sqrt(2000), a shift of 0.09 sd, and the sample sd within 4 / sqrt(4000), 6 %
 * (half as much again where the law is not near normal).
 */
import { describe, expect, test } from 'vitest';
import { differential, expectedDifferentialUaci } from '../../src/metrics/differential.ts';
import { chiSquare, histogram, measureCell, measureNames, residual } from '../../src/metrics/index.ts';
import { expectedNpcr } from '../../src/metrics/npcr.ts';
import { stream } from '../../src/shared/random.ts';
import type { Depth } from '../../src/shared/types.ts';
import { noise, picture } from './_images.ts';

const repeats = 2000;

function expectMoments(values: number[], expected: { mean: number; sd: number }, sdTolerance = 1): void {
  const n = values.length;
  const mean = values.reduce((sum, v) => sum + v, 0) / n;
  const sd = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1));
  expect(Math.abs(mean - expected.mean) / (expected.sd / Math.sqrt(n))).toBeLessThan(4);
  expect(Math.abs(sd / expected.sd - 1) * Math.sqrt(2 * n)).toBeLessThan(4 * sdTolerance);
}

const cases: [number, number, number, Depth][] = [
  [24, 20, 1, 8],
  [16, 12, 3, 8],
  [24, 20, 1, 16],
];

describe.each(cases)('%i x %i x %i at %i bits', (width, height, channels, depth) => {
  const plain = picture(width, height, channels, depth);
  const random = stream(7, 'monte carlo', width, depth);
  const cells = Array.from({ length: repeats }, () =>
    measureCell(plain, noise(width, height, channels, depth, random)),
  );
  test.each(measureNames)('%s', (name) => {
    const { expected, sd } = cells[0]![name];
    const measured = cells.map((cell) => cell[name].value!);
    if (depth === 16 && name === 'npcr') return expect(Math.min(...measured)).toBeGreaterThan(99); // rarely below 100
    expectMoments(measured, { mean: expected!, sd: sd! }, name === 'psnr' ? 1.5 : 1);
  });
  test('residual: the same law for every picture', () => {
    const values = cells.map((c) => residual(c.uaci.value!, c.mse.value!, plain.data.length, depth).value!);
    expectMoments(values, { mean: 0, sd: residual(0, 0, plain.data.length, depth).sd! }, 1.5);
  });
});

test('chi-square of uniform bytes: mean 255, sd sqrt 510', () => {
  const random = stream(3, 'chi');
  const values = Array.from({ length: repeats }, () => chiSquare(noise(64, 40, 1, 8, random)).value);
  expectMoments(values, { mean: 255, sd: Math.sqrt(510) }, 1.5);
});

test('two ideal cipher images: differential NPCR and UACI', () => {
  const random = stream(5, 'differential');
  const pairs = Array.from({ length: repeats }, () =>
    differential(noise(20, 20, 1, 8, random), noise(20, 20, 1, 8, random)),
  );
  expectMoments(
    pairs.map((p) => p.npcr.value!),
    expectedNpcr(400, 8),
    1.5,
  );
  expectMoments(
    pairs.map((p) => p.uaci.value!),
    expectedDifferentialUaci(400),
  );
});

test('a biased cipher is caught: the lowest bit always 0', () => {
  const random = stream(9, 'biased');
  const plain = picture(128, 128, 1, 8);
  const cipher = noise(128, 128, 1, 8, random);
  for (let i = 0; i < cipher.data.length; i++) cipher.data[i]! &= 254;
  expect(Math.abs(measureCell(plain, cipher).entropy.z!)).toBeGreaterThan(100);
  expect(histogram(cipher)[1]).toBe(0);
});
