/**
 * Correlation of n adjacent pairs drawn by seed, as most papers print it (n = 3000 or 5000), with Fisher's interval:
 *   atanh r ~ N(atanh rho, 1/(n-3)), so rho lies in tanh(atanh r -+ z / sqrt(n-3))  (Fisher 1921, Metron 1:3).
 * Ideal: |r| < 0.0277 in 95 % at n = 5000, so that differences of 1e-3 between two papers mean nothing.
 * Pairs are drawn without replacement (Floyd, in Bentley 1987, CACM 30:754) from all pairs of all channels.
 */
import { InputError } from '../shared/errors.ts';
import { type Random, stream } from '../shared/random.ts';
import type { Raster } from '../shared/types.ts';
import { entry } from './_measure.ts';
import {
  correlationOf,
  type Direction,
  directions,
  expectedCorrelation,
  type PairSums,
  pairCount,
  steps,
} from './correlation.ts';
import { intervalText, twoSidedQuantile } from './p-value.ts';
import { checkRaster } from './raster.ts';
import { against, type Family, type Measured, undefinedMeasure } from './types.ts';

export interface SampledCorrelation extends Measured {
  /** Fisher's two-sided 95 % interval of the correlation of all pairs; null where there is no value. */
  readonly interval: readonly [low: number, high: number] | null;
}

/** Normal quantile of the two-sided 95 % interval. */
const quantile95 = 1.959963984540054;

/**
 * Pearson's r over `count` adjacent pairs of the image.
 * @param count number of pairs, from 4 to the number of all pairs
 * @throws InputError if the image is malformed or has fewer pairs
 */
export function sampledCorrelation(
  image: Raster,
  direction: Direction,
  count: number,
  random: Random,
): SampledCorrelation {
  checkRaster(image);
  const value = correlationOf(sumsOf(image, direction, count, random));
  if (value === null) return { ...undefinedMeasure('constant samples'), interval: null };
  return { ...against(value, expectedCorrelation(count)), interval: fisherInterval(value, count) };
}

/**
 * Interval of the true correlation, given r over n independent pairs.
 * @param quantile two-sided normal quantile, 1.96 for 95 %
 * @throws InputError unless n >= 4 and -1 <= r <= 1
 */
export function fisherInterval(r: number, n: number, quantile: number = quantile95): [number, number] {
  if (!(Math.abs(r) <= 1)) throw new InputError(`"r" expected a number in -1..1, got ${r}; correct it`);
  if (!(Number.isSafeInteger(n) && n >= 4))
    throw new InputError(`"n" expected an integer of at least 4, got ${n}; measure more pairs`);
  const reach = quantile / Math.sqrt(n - 3);
  return [Math.tanh(Math.atanh(r) - reach), Math.tanh(Math.atanh(r) + reach)];
}

function sumsOf(image: Raster, direction: Direction, count: number, random: Random): PairSums {
  const { width, height, channels, data } = image;
  const [down, right] = steps[direction];
  const rowSamples = (width - right) * channels;
  const all = rowSamples * (height - down);
  checkCount(count, all);
  let [x, y, xx, yy, xy] = [0, 0, 0, 0, 0]; // below 2^53: 2^20 pairs of 16-bit samples
  for (const place of distinct(count, all, random)) {
    const at = Math.floor(place / rowSamples) * width * channels + (place % rowSamples);
    const a = data[at]!;
    const b = data[at + (down * width + right) * channels]!;
    x += a;
    y += b;
    xx += a * a;
    yy += b * b;
    xy += a * b;
  }
  return { n: count, x: BigInt(x), y: BigInt(y), xx: BigInt(xx), yy: BigInt(yy), xy: BigInt(xy) };
}

const mostPairs = 2 ** 20;

function checkCount(count: number, all: number): void {
  const most = Math.min(all, mostPairs);
  if (all < 4) throw new InputError(`"image" expected at least 4 such pairs, got ${all}; use a larger image`);
  if (!(Number.isSafeInteger(count) && count >= 4 && count <= most))
    throw new InputError(
      `"count" expected an integer in 4..${most} (the image has ${all} such pairs), got ${count}; draw fewer pairs, or take all by correlation()`,
    );
}

/** `count` distinct integers below `all`, each set equally likely. */
function distinct(count: number, all: number, random: Random): Set<number> {
  const chosen = new Set<number>();
  for (let last = all - count; last < all; last++) {
    const drawn = random.int(last + 1);
    chosen.add(chosen.has(drawn) ? last : drawn);
  }
  return chosen;
}

const usualPairs = 5000;

export const sampledCorrelations: Family = ({ cipher }, { level, seed, pairs }) => {
  const z = twoSidedQuantile(level);
  return directions.map((direction) => {
    const all = pairCount(cipher, direction);
    if (all < 4 && pairs === undefined)
      return entry(`corr_${direction[0]} of ${all} pairs`, '', undefinedMeasure('fewer than 4 pairs'));
    const n = pairs ?? Math.min(usualPairs, all);
    const { interval: _, ...found } = sampledCorrelation(
      cipher,
      direction,
      n,
      stream(seed, 'random pairs', direction),
    );
    const name = `corr_${direction[0]} of ${n} pairs`;
    if (found.value === null) return entry(name, '', found);
    const fisher = fisherInterval(found.value, n, z);
    const remark = `Fisher's interval for all pairs ${intervalText(fisher, 5)}`;
    return entry(name, '', found, { intervals: { fisher }, remark });
  });
};
