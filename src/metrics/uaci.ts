/**
 * UACI, unified average changing intensity (paper Eq. 6), in percent of the largest sample value F:
 *   UACI = 100 sum |a - b| / (F N),  N = W H C, 0..100 %; F = 255 or 65535 whatever the image's maximum.
 * Plain against an ideal cipher it describes the picture alone: 25.098 % (all grey) to 50 % (all black or
 * white). The 33.4635 % of the literature holds for two cipher images: src/metrics/differential.ts.
 */
import type { Depth, Raster } from '../shared/types.ts';
import { type Differences, differences } from './_differences.ts';
import { imageMoments } from './_moments.ts';
import { checkPair, largestSample } from './raster.ts';
import type { Expectation, Metric } from './types.ts';

/** UACI of two images of one shape, in percent. @throws InputError if the shapes differ or an image is empty */
export function uaci(a: Raster, b: Raster): number {
  checkPair(a, b);
  return uaciOf(differences(a, b), a.depth);
}

export const uaciOf = ({ absolute, n }: Differences, depth: Depth): number =>
  (100 * absolute) / (largestSample(depth) * n);

/** Expectation of UACI, percent, of this plain image (by its histogram) against a uniform cipher; exact. */
export function expectedUaci(plainCounts: Float64Array, depth: Depth): Expectation {
  const scale = 100 / largestSample(depth);
  const { mean, sd } = imageMoments(plainCounts, depth, 'absolute');
  return { mean: scale * mean, sd: scale * sd };
}

export const uaciMetric: Metric = {
  id: 'uaci',
  label: 'UACI',
  unit: '%',
  decimals: 4,
  table: 5,
  follows: 'mse',
  measure: ({ differences, plain }) => uaciOf(differences(), plain.depth),
  ideal: ({ plainCounts, plain }) => expectedUaci(plainCounts(), plain.depth),
};
