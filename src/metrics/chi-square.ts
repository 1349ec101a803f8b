/**
 * Chi-square of the histogram against the uniform: sum (O_v - N/L)^2 / (N/L) over the L = 2^depth sample values,
 * channels pooled; L - 1 degrees of freedom. Ideal: mean L - 1, sd sqrt(2 (L - 1)), 22.58 at 8 bits. z treats the
 * law as normal; at 255 degrees its upper 1 % point is 310.457, where z says 307.5.
 */
import type { Depth, Raster } from '../shared/types.ts';
import { histogram } from './_histogram.ts';
import { checkRaster } from './_raster.ts';
import { against, type Expectation, type Measured } from './types.ts';

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
