/**
 * PSNR, peak signal-to-noise ratio in dB (paper Eq. 9): 20 log10(F / sqrt(MSE)), peak F = 255 or 65535.
 * Equal images have MSE 0 and PSNR Infinity. Plain against an ideal cipher it lies in 4.763..10.758 dB, so the
 * paper's "below 10 dB" holds almost by itself.
 */
import type { Depth, Raster } from '../shared/types.ts';
import { expectedMse, mse, mseOf } from './mse.ts';
import { largestSample } from './raster.ts';
import type { Expectation, Metric } from './types.ts';

/** PSNR of two images of one shape, dB. @throws InputError if the shapes differ or an image is empty */
export const psnr = (a: Raster, b: Raster): number => psnrOf(mse(a, b), a.depth);

/** PSNR, dB, from the mean squared error; Infinity at 0. */
export const psnrOf = (meanSquaredError: number, depth: Depth): number =>
  meanSquaredError === 0
    ? Number.POSITIVE_INFINITY
    : 10 * Math.log10(largestSample(depth) ** 2 / meanSquaredError);

/**
 * Expectation of PSNR by the delta method, to first order, from that of the MSE: sd = 10 / ln 10 sd(MSE) / E[MSE].
 * The neglected shift of the mean is half the squared relative sd, 5e-7 dB or less from 10^6 samples on.
 */
export const expectedPsnr = (meanSquaredError: Expectation, depth: Depth): Expectation => ({
  mean: psnrOf(meanSquaredError.mean, depth),
  sd: ((10 / Math.LN10) * meanSquaredError.sd) / meanSquaredError.mean,
});

export const psnrMetric: Metric = {
  id: 'psnr',
  label: 'PSNR',
  unit: 'dB',
  decimals: 2,
  table: 5,
  follows: 'mse',
  measure: ({ differences, plain }) => psnrOf(mseOf(differences()), plain.depth),
  ideal: ({ plainCounts, plain }) => expectedPsnr(expectedMse(plainCounts(), plain.depth), plain.depth),
};
