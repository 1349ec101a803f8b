/**
 * The residual that tests a published row without its image (8 bits; UACI and MSE plain against cipher):
 *   R = UACI - (MSE + 10922.5) / 652.8  percentage points; mean 0, sd 7.48336 / sqrt(N), for every plain image,
 * because |p-c| (L - |p-c|) depends on d = (p - c) mod L alone, and d is uniform. In general, with L = F + 1,
 *   R = UACI - 100 (MSE + F (F+2) / 6) / (F L),  sd = 100 / (F L) sqrt((L^4-1)/30 - (L^2-1)^2/36) / sqrt(N).
 */
import type { Depth } from '../shared/types.ts';
import { mseOf } from './mse.ts';
import { largestSample } from './raster.ts';
import { against, type Expectation, type Measured, type Metric } from './types.ts';
import { uaciOf } from './uaci.ts';

/** sd of one sample's residual, percentage points: 7.48336043194 at 8 bits. */
export function residualUnit(depth: Depth = 8): number {
  const F = largestSample(depth);
  const L = F + 1;
  return (100 / (F * L)) * Math.sqrt((L ** 4 - 1) / 30 - (L ** 2 - 1) ** 2 / 36);
}

/**
 * @param uaci percent, @param mse of plain against cipher, @param n number of samples W H C
 */
export function residual(uaci: number, mse: number, n: number, depth: Depth = 8): Measured {
  return against(residualOf(uaci, mse, depth), expectedResidual(n, depth));
}

function residualOf(uaci: number, mse: number, depth: Depth): number {
  const F = largestSample(depth);
  return uaci - (100 * (mse + (F * (F + 2)) / 6)) / (F * (F + 1));
}

const expectedResidual = (n: number, depth: Depth): Expectation => ({
  mean: 0,
  sd: residualUnit(depth) / Math.sqrt(n),
});

export const residualMetric: Metric = {
  id: 'residual',
  label: 'Residual',
  unit: '%',
  decimals: 4,
  table: null,
  title: 'UACI and MSE against each other, whatever the picture',
  measure: ({ differences, plain: { depth } }) =>
    residualOf(uaciOf(differences(), depth), mseOf(differences()), depth),
  ideal: ({ plain: { data, depth } }) => expectedResidual(data.length, depth),
};
