/**
 * MAE, mean absolute error: sum |a - b| / N over N = W H C samples, 0..F; UACI is 100 MAE / F.
 * Against an ideal cipher E[MAE] = (mean(p^2 - F p) + F (F + 1) / 2) / (F + 1): 64 (a grey of 127 or 128) to 127.5
 * (black or white) at 8 bits, so it describes the picture.
 */
import type { Depth, Raster } from '../shared/types.ts';
import { type Differences, differences } from './_differences.ts';
import { imageMoments } from './_moments.ts';
import { checkPair } from './raster.ts';
import type { Expectation, Metric } from './types.ts';

/** MAE of two images of one shape. @throws InputError if the shapes differ or an image is empty */
export function mae(a: Raster, b: Raster): number {
  checkPair(a, b);
  return maeOf(differences(a, b));
}

const maeOf = ({ absolute, n }: Differences): number => absolute / n;

/** Expectation of the MAE of this plain image (by its histogram) against a uniform cipher; exact. */
export const expectedMae = (plainCounts: Float64Array, depth: Depth): Expectation =>
  imageMoments(plainCounts, depth, 'absolute');

export const maeMetric: Metric = {
  id: 'mae',
  label: 'MAE',
  unit: '',
  decimals: 4,
  table: null,
  follows: 'mse',
  title: 'mean absolute error, plain against cipher',
  measure: ({ differences }) => maeOf(differences()),
  ideal: ({ plainCounts, plain }) => expectedMae(plainCounts(), plain.depth),
};
