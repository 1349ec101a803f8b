/**
 * Exact moments of D = |p - C| for a plain sample p and a uniform C in 0..F, L = F + 1 values:
 *   E D   = (p^2 - F p + F (F + 1) / 2) / L          8 bits: (p^2 - 255 p + 32640) / 256
 *   E D^2 =  p^2 - F p + F (2 F + 1) / 6             8 bits:  p^2 - 255 p + 21717.5
 *   E D^4 = (S4(p) + S4(F - p)) / L,  S4(m) = 1^4 + ... + m^4 = m (m+1) (2m+1) (3m^2 + 3m - 1) / 30
 * Source: sums of powers; the cipher's samples are independent, so variances add up over the plain image.
 */
import type { Depth } from '../shared/types.ts';
import { largestSample } from './raster.ts';
import type { Expectation } from './types.ts';

const sumOfFourthPowers = (m: number): number => (m * (m + 1) * (2 * m + 1) * (3 * m * m + 3 * m - 1)) / 30;

/** Mean and variance of D and of D^2, for one plain value. */
export function sampleMoments(p: number, depth: Depth) {
  const F = largestSample(depth);
  const q = p * p - F * p;
  const d = (q + (F * (F + 1)) / 2) / (F + 1);
  const d2 = q + (F * (2 * F + 1)) / 6;
  const d4 = (sumOfFourthPowers(p) + sumOfFourthPowers(F - p)) / (F + 1);
  return { absolute: { mean: d, variance: d2 - d * d }, squared: { mean: d2, variance: d4 - d2 * d2 } };
}

/**
 * Expectation of the mean of D (`absolute`) or D^2 (`squared`) over a plain image given by its histogram.
 * @param counts of the plain image, 256 or 65536 bins
 */
export function imageMoments(counts: Float64Array, depth: Depth, power: 'absolute' | 'squared'): Expectation {
  let n = 0;
  let mean = 0;
  let variance = 0;
  counts.forEach((count, p) => {
    if (count === 0) return;
    const moments = sampleMoments(p, depth)[power];
    n += count;
    mean += count * moments.mean;
    variance += count * moments.variance;
  });
  return { mean: mean / n, sd: Math.sqrt(variance) / n };
}
