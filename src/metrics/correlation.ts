/**
 * Correlation of adjacent pixels (paper Eq. 7): Pearson's r over all pairs (i,j) with (i,j+1) horizontal, (i+1,j)
 * vertical, (i+1,j+1) diagonal, within each channel, the channels' pairs pooled (or one plane alone); -1..1.
 * The sums are exact integers, r = (n Sxy - Sx Sy) / sqrt((n Sxx - Sx^2) (n Syy - Sy^2)).
 * Ideal: atanh r ~ N(0, 1/(n-3)) for n independent pairs (Fisher 1921); mean 0 and sd 1/sqrt(n-3) are used for
 * r itself, which differ by less than 1e-3 of sd while |r| < 0.05.
 */
import { InputError } from '../shared/errors.ts';
import type { Raster } from '../shared/types.ts';
import { entry } from './_measure.ts';
import { checkRaster } from './raster.ts';
import {
  against,
  type Expectation,
  type Family,
  type Measured,
  type Metric,
  undefinedMeasure,
} from './types.ts';

export type Direction = 'horizontal' | 'vertical' | 'diagonal';
export const directions = ['horizontal', 'vertical', 'diagonal'] as const;

/** Step from a pixel to its neighbour, in rows and columns. */
export const steps: Record<Direction, readonly [down: number, right: number]> = {
  horizontal: [0, 1],
  vertical: [1, 0],
  diagonal: [1, 1],
};

/** Sums over n adjacent pairs (x, y). */
export interface PairSums {
  readonly n: number;
  readonly x: bigint;
  readonly y: bigint;
  readonly xx: bigint;
  readonly yy: bigint;
  readonly xy: bigint;
}

/**
 * Pearson's r of adjacent pixels; null where it is undefined: no pair (width 1), or constant samples.
 * @param plane this channel alone (0 is the first); all channels pooled where it is left out
 * @throws InputError if the image is empty or malformed
 */
export function correlation(image: Raster, direction: Direction, plane?: number): number | null {
  checkRaster(image);
  checkPlane(image, plane);
  return correlationOf(pairSums(image, direction, plane));
}

export function correlationOf({ n, x, y, xx, yy, xy }: PairSums): number | null {
  const pairs = BigInt(n);
  const varianceX = Number(pairs * xx - x * x);
  const varianceY = Number(pairs * yy - y * y);
  if (varianceX === 0 || varianceY === 0) return null;
  const r = Number(pairs * xy - x * y) / Math.sqrt(varianceX) / Math.sqrt(varianceY);
  return Math.max(-1, Math.min(1, r));
}

/** Expectation over n pairs; null for fewer than four. */
export const expectedCorrelation = (n: number): Expectation | null =>
  n > 3 ? { mean: 0, sd: 1 / Math.sqrt(n - 3) } : null;

function checkPlane({ channels }: Raster, plane: number | undefined): void {
  if (plane !== undefined && !(Number.isInteger(plane) && plane >= 0 && plane < channels))
    throw new InputError(`"plane" expected integer in 0..${channels - 1}, got ${plane}; choose a channel`);
}

/** The correlation beside its expectation; `note` says why there is no value. */
export function measureCorrelation(image: Raster, direction: Direction, plane?: number): Measured {
  checkPlane(image, plane);
  const sums = pairSums(image, direction, plane);
  const value = correlationOf(sums);
  if (value !== null) return against(value, expectedCorrelation(sums.n));
  return undefinedMeasure(whyUndefined(image, direction, sums.n));
}

const whyUndefined = ({ width, height }: Raster, direction: Direction, pairs: number): string =>
  pairs === 0 ? `no ${direction} pair in ${width}x${height}` : 'constant samples';

/** Adjacent pairs of all channels. */
export function pairCount({ width, height, channels }: Raster, direction: Direction): number {
  const [down, right] = steps[direction];
  return (width - right) * (height - down) * channels;
}

/** Exact sums over all adjacent pairs, channels pooled or one plane. Slow twin: test/twins/metrics.ts. */
export function pairSums(image: Raster, direction: Direction, plane?: number): PairSums {
  const [down, right] = steps[direction];
  const rows = image.height - down;
  const sums = { n: 0, x: 0n, y: 0n, xx: 0n, yy: 0n, xy: 0n };
  for (let i = 0; i < rows; i++) addRow(sums, image, i, down, right, plane);
  return sums;
}

const block = 2 ** 20; // 2^20 products of two 16-bit samples stay below 2^53

function addRow(sums: Sums, image: Raster, row: number, down: number, right: number, plane?: number): void {
  const { width, channels, data } = image;
  const first = plane ?? 0;
  const stride = plane === undefined ? 1 : channels;
  const start = row * width * channels;
  const end = start + Math.max(0, width - right) * channels;
  const offset = (down * width + right) * channels;
  for (let from = start; from < end; from += block * stride)
    addBlock(sums, data, from + first, Math.min(from + block * stride, end), stride, offset);
}

type Sums = { -readonly [key in keyof PairSums]: PairSums[key] };

function addBlock(
  sums: Sums,
  data: Raster['data'],
  from: number,
  to: number,
  stride: number,
  offset: number,
) {
  let [n, sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0, 0];
  for (let i = from; i < to; i += stride) {
    const x = data[i]!;
    const y = data[i + offset]!;
    n++;
    sx += x;
    sy += y;
    sxx += x * x;
    syy += y * y;
    sxy += x * y;
  }
  sums.n += n;
  sums.x += BigInt(sx);
  sums.y += BigInt(sy);
  sums.xx += BigInt(sxx);
  sums.yy += BigInt(syy);
  sums.xy += BigInt(sxy);
}

const metricOf = (direction: Direction): Metric => ({
  id: `corr_${direction[0]}`,
  label: `Correlation ${direction[0]!.toUpperCase()}`,
  unit: '',
  decimals: 4,
  table: 6,
  measure: ({ cipher }) =>
    correlation(cipher, direction) ?? whyUndefined(cipher, direction, pairCount(cipher, direction)),
  ideal: ({ cipher }) => expectedCorrelation(pairCount(cipher, direction)),
});

export const correlationMetrics: Readonly<Record<Direction, Metric>> = {
  horizontal: metricOf('horizontal'),
  vertical: metricOf('vertical'),
  diagonal: metricOf('diagonal'),
};

/** The one-plane reading of the paper. */
export const correlationOfChannel1: Family = ({ cipher }) =>
  cipher.channels === 1
    ? []
    : directions.map((direction) =>
        entry(`corr_${direction[0]} of channel 1`, '', measureCorrelation(cipher, direction, 0)),
      );
