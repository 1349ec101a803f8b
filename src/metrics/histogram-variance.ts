/**
 * Variance of the histogram: (1 / L^2) sum_v sum_w (O_v - O_w)^2 / 2 = sum (O_v - N/L)^2 / L over the L = 2^depth
 * sample values, channels pooled. It is chi-square in other units, chi2 N / L^2, hence says nothing that chi-square
 * does not, and grows with N: compare images of one size only.
 * Ideal, counts multinomial, exact: mean (N/L) (L-1)/L, sd (N/L^2) sqrt(2 (L-1) (1 - 1/N)).
 */
import type { Depth, Raster } from '../shared/types.ts';
import { histogram } from './_histogram.ts';
import { checkRaster } from './_raster.ts';
import { chiSquareOf } from './chi-square.ts';
import { against, type Expectation, type Measured } from './types.ts';

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
