/**
 * MSE, mean squared error (paper Eq. 8): sum (a - b)^2 / N over N = W H C samples, 0..F^2.
 * Against an ideal cipher E[MSE] = mean(p^2 - F p) + F (2 F + 1) / 6, which lies in 5461.5..21717.5 at 8 bits.
 */
import type { Depth, Raster } from '../shared/types.ts';
import { type Differences, differences } from './_differences.ts';
import { imageMoments } from './_moments.ts';
import { checkPair } from './raster.ts';
import type { Expectation, Metric } from './types.ts';

/** MSE of two images of one shape. @throws InputError if the shapes differ or an image is empty */
export function mse(a: Raster, b: Raster): number {
  checkPair(a, b);
  return mseOf(differences(a, b));
}

export const mseOf = ({ squared, n }: Differences): number => Number(squared) / n;

/** Expectation of the MSE of this plain image (by its histogram) against a uniform cipher; exact. */
export const expectedMse = (plainCounts: Float64Array, depth: Depth): Expectation =>
  imageMoments(plainCounts, depth, 'squared');

export const mseMetric: Metric = {
  id: 'mse',
  label: 'MSE',
  unit: '',
  decimals: 4,
  table: 5,
  measure: ({ differences }) => mseOf(differences()),
  ideal: ({ plainCounts, plain }) => expectedMse(plainCounts(), plain.depth),
};
