/**
 * The bit planes of an image, plane 0 the least significant bit of each sample; all channels, in raster order.
 *   balance      share of ones;                      ideal mean 1/2,       sd 1 / (2 sqrt N)
 *   runs         maximal stretches of equal bits;    ideal mean (N+1)/2,   sd sqrt(N-1) / 2
 *   correlation  Pearson's r of two planes (phi);    ideal mean 0,         sd 1 / sqrt(N-1)
 * N = W H C. All exact for independent fair bits: a change between neighbours is itself a fair bit, and r has that
 * variance for every pair of margins, the order of one plane being exchangeable (Pitman 1937).
 * Ones and products are read off the histogram, changes off that of x XOR its predecessor: two passes for all planes.
 */
import type { Raster } from '../shared/types.ts';
import { entry } from './_measure.ts';
import { histogram } from './histogram.ts';
import { checkRaster } from './raster.ts';
import { against, type Family, type Measured, undefinedMeasure } from './types.ts';

export interface BitPlane {
  /** 0 is the least significant. */
  readonly plane: number;
  readonly balance: Measured;
  readonly runs: Measured;
}

export interface PlanePair {
  readonly planes: readonly [low: number, high: number];
  readonly correlation: Measured;
}

export interface BitPlanes {
  readonly planes: readonly BitPlane[];
  /** Every two planes: 28 at 8 bits, 120 at 16. */
  readonly pairs: readonly PlanePair[];
}

/** Balance and runs of each plane, correlation of every two. @throws InputError if the image is malformed */
export function bitPlanes(image: Raster): BitPlanes {
  checkRaster(image);
  const { depth, data } = image;
  const n = data.length;
  const counts = histogram(image);
  const changes = histogram({ ...image, data: changesOf(data) }); // the first sample counts as no change
  const planes = Array.from({ length: depth }, (_, plane) => ({
    plane,
    balance: against(onesOf(counts, 1 << plane) / n, { mean: 1 / 2, sd: 1 / (2 * Math.sqrt(n)) }),
    runs: against(1 + onesOf(changes, 1 << plane), { mean: (n + 1) / 2, sd: Math.sqrt(n - 1) / 2 }),
  }));
  return {
    planes,
    pairs: pairsOf(depth).map((pair) => ({ planes: pair, correlation: phi(counts, n, pair) })),
  };
}

function changesOf(data: Raster['data']): Raster['data'] {
  const changes = data.slice();
  changes[0] = 0;
  for (let i = 1; i < data.length; i++) changes[i] = data[i]! ^ data[i - 1]!;
  return changes;
}

/** Samples that have every bit of the mask. */
function onesOf(counts: Float64Array, mask: number): number {
  let ones = 0;
  for (let value = mask; value < counts.length; value++) if ((value & mask) === mask) ones += counts[value]!;
  return ones;
}

const pairsOf = (depth: number): [number, number][] =>
  Array.from({ length: depth }, (_, high) =>
    Array.from({ length: high }, (_, low): [number, number] => [low, high]),
  ).flat();

function phi(counts: Float64Array, n: number, [low, high]: readonly [number, number]): Measured {
  const a = onesOf(counts, 1 << low);
  const b = onesOf(counts, 1 << high);
  const both = onesOf(counts, (1 << low) | (1 << high));
  const spread = Math.sqrt(a * (n - a)) * Math.sqrt(b * (n - b));
  if (spread === 0) return undefinedMeasure('a constant plane');
  return against((n * both - a * b) / spread, { mean: 0, sd: 1 / Math.sqrt(n - 1) });
}

export const bitPlaneFamily: Family = ({ cipher }) => {
  const { planes, pairs } = bitPlanes(cipher);
  return [
    ...planes.map(({ plane, balance }) => entry(`balance of plane ${plane}`, '', balance)),
    ...planes.map(({ plane, runs }) => entry(`runs of plane ${plane}`, '', runs)),
    ...pairs.map(({ planes: [low, high], correlation }) =>
      entry(`correlation of planes ${low}, ${high}`, '', correlation),
    ),
  ];
};
