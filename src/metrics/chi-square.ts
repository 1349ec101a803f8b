/**
 * Chi-square of the histogram against the uniform: sum (O_v - N/L)^2 / (N/L) over the L = 2^depth sample values,
 * channels pooled; L - 1 degrees of freedom. Ideal: mean L - 1, sd sqrt(2 (L - 1)), 22.58 at 8 bits. z treats the
 * law as normal; at 255 degrees its upper 1 % point is 310.457, where z says 307.5.
 *
 * Variance of the histogram: (1 / L^2) sum_v sum_w (O_v - O_w)^2 / 2 = sum (O_v - N/L)^2 / L = chi2 N / L^2. It says
 * nothing that chi-square does not, and grows with N: compare images of one size only.
 * Ideal, counts multinomial, exact: mean (N/L) (L-1)/L, sd (N/L^2) sqrt(2 (L-1) (1 - 1/N)).
 */
import type { Depth, Raster } from '../shared/types.ts';
import { histogram } from './histogram.ts';
import { histogramP } from './p-value.ts';
import { checkRaster } from './raster.ts';
import { against, type Expectation, type Measured, type Metric, type Pair } from './types.ts';

/** Chi-square of an image beside its expectation. @throws InputError if the image is empty or malformed */
export function chiSquare(image: Raster): Measured & { readonly value: number } {
  checkRaster(image);
  const value = chiSquareOf(histogram(image));
  return { ...against(value, expectedChiSquare(image.depth)), value };
}

/** Chi-square of a histogram against the uniform. */
export function chiSquareOf(counts: Float64Array): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2, 0) / expected;
}

export function expectedChiSquare(depth: Depth): Expectation {
  const degrees = 2 ** depth - 1;
  return { mean: degrees, sd: Math.sqrt(2 * degrees) };
}

/** Histogram variance beside its expectation. @throws InputError if the image is empty or malformed */
export function histogramVariance(image: Raster): Measured & { readonly value: number } {
  checkRaster(image);
  const value = histogramVarianceOf(histogram(image));
  return { ...against(value, expectedHistogramVariance(image.data.length, image.depth)), value };
}

export function histogramVarianceOf(counts: Float64Array): number {
  const n = counts.reduce((sum, count) => sum + count, 0);
  return (chiSquareOf(counts) * n) / counts.length ** 2;
}

/** Expectation over N uniform samples. */
export function expectedHistogramVariance(n: number, depth: Depth): Expectation {
  const L = 2 ** depth;
  return { mean: (n / L) * ((L - 1) / L), sd: (n / L ** 2) * Math.sqrt(2 * (L - 1) * (1 - 1 / n)) };
}

const chiSquareDetails = (pair: Pair) => ({
  p: histogramP(chiSquareOf(pair.cipherCounts()), pair.cipher.data.length, 2 ** pair.cipher.depth),
});

export const chiSquareMetric: Metric = {
  id: 'chi2_cipher',
  label: 'χ² cipher',
  unit: '',
  decimals: 1,
  table: 3,
  follows: 'entropy',
  measure: ({ cipherCounts }) => chiSquareOf(cipherCounts()),
  ideal: ({ cipher }) => expectedChiSquare(cipher.depth),
  details: (_, pair) => chiSquareDetails(pair),
};

export const histogramVarianceMetric: Metric = {
  id: 'histogram_variance',
  label: 'Histogram variance',
  unit: '',
  decimals: 1,
  table: null,
  follows: 'entropy',
  measure: ({ cipherCounts }) => histogramVarianceOf(cipherCounts()),
  ideal: ({ cipher }) => expectedHistogramVariance(cipher.data.length, cipher.depth),
  details: (_, pair) => ({ ...chiSquareDetails(pair), remark: 'chi-square in other units: the same p' }),
};
