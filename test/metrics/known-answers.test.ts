/** Closed forms against the published constants, and values that can be seen by eye. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sampleMoments } from '../../src/metrics/_moments.ts';
import { chiSquareOf } from '../../src/metrics/chi-square.ts';
import { differentialLimits, expectedDifferentialUaci } from '../../src/metrics/differential.ts';
import {
  chiSquare,
  correlation,
  entropy,
  expectedEntropy,
  expectedMse,
  expectedNpcr,
  expectedUaci,
  histogram,
  measureCell,
  measureDecrypted,
  mse,
  npcr,
  psnr,
  residual,
  residualUnit,
  uaci,
} from '../../src/metrics/index.ts';
import { close, raster } from './_images.ts';

const constants = JSON.parse(
  readFileSync(new URL('../vectors/theory-constants.json', import.meta.url), 'utf8'),
);
const everyByteOnce = raster(16, 16, 1, 8, [...Array(256).keys()]);

test('256 equal bins hold 8 bits and chi-square 0', () => {
  expect(entropy(everyByteOnce)).toBe(8);
  expect(chiSquare(everyByteOnce).value).toBe(0);
  expect(entropy(raster(2, 2, 1, 8, [7, 7, 7, 7]))).toBe(0);
  expect(entropy(raster(2, 1, 1, 16, [0, 65535]))).toBe(1);
});

test('four samples by hand', () => {
  const p = raster(2, 2, 1, 8, [0, 10, 255, 4]);
  const c = raster(2, 2, 1, 8, [0, 20, 0, 5]);
  expect(npcr(p, c)).toBe(75);
  expect(uaci(p, c)).toBeCloseTo((100 * (10 + 255 + 1)) / (4 * 255), 12);
  expect(mse(p, c)).toBe((100 + 65025 + 1) / 4);
  expect(psnr(p, c)).toBeCloseTo(20 * Math.log10(255 / Math.sqrt(65126 / 4)), 12);
  expect(chiSquareOf(Float64Array.of(4, 0))).toBe(4);
});

test('black against white: UACI 100 at both depths, PSNR 0', () => {
  for (const depth of [8, 16] as const) {
    const black = raster(3, 2, 1, depth, Array(6).fill(0));
    const white = raster(3, 2, 1, depth, Array(6).fill(2 ** depth - 1));
    expect([uaci(black, white), npcr(black, white), psnr(black, white)]).toEqual([100, 100, 0]);
  }
});

test('equal images: MSE 0 and PSNR Infinity, also as a table cell', () => {
  expect(measureDecrypted(everyByteOnce, everyByteOnce)).toEqual({ mse: 0, psnr: Number.POSITIVE_INFINITY });
  expect(measureCell(everyByteOnce, everyByteOnce).psnr.value).toBe(Number.POSITIVE_INFINITY);
});

describe('correlation', () => {
  // 2 rows x 3 columns: horizontal pairs (1,2) (2,3) (4,5) (5,6); diagonal (1,5) (2,6)
  const image = raster(3, 2, 1, 8, [1, 2, 3, 4, 5, 6]);
  test('a slope is perfectly correlated, the diagonal goes down and right', () => {
    expect(correlation(image, 'horizontal')).toBeCloseTo(1, 15);
    expect(correlation(raster(2, 3, 1, 8, [1, 9, 9, 2, 5, 9]), 'diagonal')).toBeCloseTo(1, 15); // (1,2) (9,9)
    expect(correlation(raster(2, 2, 1, 8, [1, 2, 3, 4]), 'diagonal')).toBeNull(); // one pair has no spread
  });
  test('undefined without pairs or spread, with a reason', () => {
    const column = measureCell(raster(1, 3, 1, 8, [1, 2, 3]), raster(1, 3, 1, 8, [9, 8, 1]));
    expect(column.corr_h).toMatchObject({ value: null, z: null, note: 'no horizontal pair in 1x3' });
    expect(column.corr_v.value).not.toBeNull();
    expect(correlation(raster(2, 2, 1, 8, [5, 5, 5, 5]), 'vertical')).toBeNull();
  });
  test('one plane alone', () => {
    const rgb = raster(3, 1, 3, 8, [1, 9, 5, 2, 7, 5, 3, 8, 9]);
    expect(correlation(rgb, 'horizontal', 0)).toBeCloseTo(1, 15);
    expect(correlation(rgb, 'horizontal', 1)).toBeCloseTo(-1, 15); // (9,7) (7,8)
  });
});

describe('constants of the literature', () => {
  test('plain against ideal, per plain value', () => {
    for (const { p, meanAbs, meanSquare, uaciPercent } of constants.plainVsIdeal.examples) {
      const moments = sampleMoments(p, 8);
      expect(moments.absolute.mean).toBe(meanAbs);
      expect(moments.squared.mean).toBe(meanSquare);
      const counts = histogram(raster(2, 1, 1, 8, [p, p]));
      expect(close(expectedUaci(counts, 8).mean, uaciPercent, 1e-11)).toBe(true);
    }
  });
  test('bounds of the spread of one sample', () => {
    const counts = (p: number) => histogram(raster(1, 1, 1, 8, [p]));
    const spread = Array.from({ length: 256 }, (_, p) => expectedMse(counts(p), 8).sd);
    const uaciSpread = Array.from({ length: 256 }, (_, p) => expectedUaci(counts(p), 8).sd);
    const { mse: mseSd, uaciPercent } = constants.plainVsIdeal.perSampleSd;
    expect(close(Math.min(...spread), mseSd[0], 1e-9) && close(Math.max(...spread), mseSd[1], 1e-9)).toBe(
      true,
    );
    expect(close(Math.min(...uaciSpread), uaciPercent[0], 1e-9)).toBe(true);
    expect(close(Math.max(...uaciSpread), uaciPercent[1], 1e-9)).toBe(true);
  });
  test('residual: 7.48336 / sqrt N, and 0 for the expected pair', () => {
    expect(close(residualUnit(), constants.plainVsIdeal.residual.sdTimesSqrtN, 1e-11)).toBe(true);
    const { uaciPercent, mse: error } = constants.plainVsIdeal.uniformPlain;
    expect(residual(uaciPercent, error, 10_000).value).toBeCloseTo(0, 9);
    expect(residual(34, 10922.5, 10_000).sd).toBeCloseTo(0.0748336, 6);
  });
  test('differential NPCR and UACI, with their limits', () => {
    for (const size of constants.differential.sizes) {
      expect(close(expectedNpcr(size.n, 8).sd, size.npcrSd, 1e-9)).toBe(true);
      expect(close(expectedDifferentialUaci(size.n).mean, size.uaciMean, 1e-11)).toBe(true);
      expect(close(expectedDifferentialUaci(size.n).sd, size.uaciSd, 1e-9)).toBe(true);
      for (const level of size.levels) {
        const limits = differentialLimits(size.n, level.alpha);
        expect(close(limits.npcrLower, level.npcrLowerOneSided, 1e-9)).toBe(true);
        limits.npcr.forEach((v, i) => void expect(close(v, level.npcrTwoSided[i], 1e-9)).toBe(true));
        limits.uaci.forEach((v, i) => void expect(close(v, level.uaciTwoSided[i], 1e-9)).toBe(true));
      }
    }
  });
  test('entropy of N uniform bytes: mean to 1e-9, sd to 0.1 %', () => {
    for (const { n, mean, sd } of constants.globalEntropy.sizes) {
      expect(close(expectedEntropy(n, 8).mean, mean, 0, 6e-10)).toBe(true);
      expect(close(expectedEntropy(n, 8).sd, sd, 1e-3)).toBe(true);
    }
  });
  test('one sample has entropy 0, two have 1 bit unless equal', () => {
    expect(expectedEntropy(1, 8).mean).toBeCloseTo(0, 12);
    expect(expectedEntropy(1, 8).sd).toBeCloseTo(0, 7);
    expect(expectedEntropy(2, 8).mean).toBeCloseTo(255 / 256, 12);
    expect(expectedEntropy(2, 8).sd).toBeCloseTo(Math.sqrt(255) / 256, 10);
  });
});
