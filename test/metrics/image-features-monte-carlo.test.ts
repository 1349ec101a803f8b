/**
 * Expectations of the image features against seeded Monte Carlo, as in monte-carlo.test.ts: 2000 ideal ciphers, the
 * mean within 4 standard errors, the sd within 4 / sqrt(4000) (half as much again where the law is not near normal).
 */
import { describe, expect, test } from 'vitest';
import {
  avalanche,
  bitPlanes,
  expectedMae,
  glcm,
  glcmOffsets,
  histogram,
  histogramVariance,
  type Measured,
  mae,
  sampledCorrelation,
} from '../../src/metrics/index.ts';
import { stream } from '../../src/shared/random.ts';
import type { Depth, Raster } from '../../src/shared/types.ts';
import { noise, picture } from './_images.ts';

const repeats = 2000;

function ciphers(width: number, height: number, channels: number, depth: Depth = 8): Raster[] {
  const random = stream(11, 'features', width, height, channels, depth);
  return Array.from({ length: repeats }, () => noise(width, height, channels, depth, random));
}

function expectLaw(measured: readonly Measured[], sdTolerance = 1): void {
  const { expected, sd } = measured[0]!;
  const values = measured.map((m) => m.value!);
  const mean = values.reduce((sum, v) => sum + v, 0) / repeats;
  const spread = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (repeats - 1));
  expect(Math.abs(mean - expected!) / (sd! / Math.sqrt(repeats))).toBeLessThan(4);
  expect(Math.abs(spread / sd! - 1) * Math.sqrt(2 * repeats)).toBeLessThan(4 * sdTolerance);
}

test('MAE of a picture', () => {
  const plain = picture(16, 12, 3, 8);
  const { mean, sd } = expectedMae(histogram(plain), 8);
  const none = { expected: mean, sd, z: null };
  expectLaw(ciphers(16, 12, 3).map((cipher) => ({ ...none, value: mae(plain, cipher) })));
});

test('histogram variance, also with few samples', () => {
  expectLaw(ciphers(40, 40, 1).map(histogramVariance), 1.5);
  expectLaw(ciphers(8, 8, 1).map(histogramVariance), 1.5);
});

test('avalanche at 8 and 16 bits', () => {
  for (const depth of [8, 16] as const) {
    const made = ciphers(10, 10, 1, depth);
    expectLaw(made.map((cipher, i) => avalanche(cipher, made[(i + 1) % repeats]!)));
  }
});

test('sampled correlation', () => {
  const random = stream(12, 'pairs');
  expectLaw(ciphers(30, 30, 1).map((cipher) => sampledCorrelation(cipher, 'vertical', 600, random)));
});

test('bit planes: balance, runs and correlation', () => {
  const found = ciphers(16, 10, 1).map(bitPlanes);
  for (const plane of [0, 7]) {
    expectLaw(found.map(({ planes }) => planes[plane]!.balance));
    expectLaw(found.map(({ planes }) => planes[plane]!.runs));
  }
  for (const pair of [0, 27]) expectLaw(found.map(({ pairs }) => pairs[pair]!.correlation));
});

describe('GLCM: pairs that share a pixel are counted in the sd', () => {
  test.each([
    ['horizontal', 64, 3],
    ['antidiagonal', 8, 1],
    ['vertical', 8, 1],
  ] as const)('%s, %i levels, %i channels', (name, levels, channels) => {
    const options = { offset: glcmOffsets[name], levels };
    const found = ciphers(24, 20, channels).map((cipher) => glcm(cipher, options));
    expectLaw(found.map((f) => f.contrast));
    expectLaw(
      found.map((f) => f.homogeneity),
      1.5,
    );
    expectLaw(
      found.map((f) => f.energy),
      1.5,
    );
  });
});
