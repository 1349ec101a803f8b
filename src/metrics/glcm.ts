/**
 * Grey-level co-occurrence matrix (Haralick, Shanmugam, Dinstein 1973, IEEE SMC 3:610) and three of its features:
 *   p(i, j) = share of the M pairs (pixel, pixel at the offset) with levels i and j, not made symmetric,
 *   contrast = sum (i-j)^2 p,  homogeneity = sum p / (1 + |i-j|),  energy = sum p^2 (its root is used too: say which).
 * Level = floor(sample L / 2^depth), L = 256 unless given; pairs within each channel, the channels pooled.
 * Papers with L = 8 (MATLAB's default: ideal contrast 10.5) and L = 256 (10922.5) cannot be compared.
 * Ideal, D = |x - y| of two uniform levels, over M pairs of which M2 go on to a second (pixel, next, next but one):
 *   mean of f(D) exact; variance of the mean (M Var f + 2 M2 Var E[f | x]) / M^2, exact;
 *   energy mean 1/M + (1 - 1/M) / L^2, exact, because pairs that share a pixel agree as rarely as others; variance
 *   4 (C(M,2) (1 - 1/L^2) / L^2 + 2 C(M2,2) (1 - 1/L) / L^3) / M^4, to the leading order.
 */
import { InputError } from '../shared/errors.ts';
import type { Raster } from '../shared/types.ts';
import { entry } from './_measure.ts';
import { type Direction, directions } from './correlation.ts';
import { checkRaster } from './raster.ts';
import { against, type Expectation, type Family, type Measured, undefinedMeasure } from './types.ts';

/** Distance 1: rows down and columns right. In Haralick's angles 0, 90, 135 and 45 degrees. */
export const glcmOffsets = {
  horizontal: [0, 1],
  vertical: [1, 0],
  diagonal: [1, 1],
  antidiagonal: [-1, 1],
} as const;

export type Offset = readonly [down: number, right: number];

export interface GlcmOptions {
  /** Rows down and columns right from a pixel to its neighbour; horizontal, [0, 1], unless given. */
  readonly offset?: Offset;
  /** Grey levels L, a power of two from 2 to 256. */
  readonly levels?: number;
}

export interface Glcm {
  readonly contrast: Measured;
  readonly homogeneity: Measured;
  readonly energy: Measured;
  /** M, pairs counted. */
  readonly pairs: number;
}

/**
 * The three features beside their expectations.
 * @throws InputError if the image is malformed, the offset leaves no pair, or the levels are no power of two from 2 to 256
 */
export function glcm(image: Raster, { offset = [0, 1], levels = 256 }: GlcmOptions = {}): Glcm {
  checkRaster(image);
  const pairs = checkOptions(image, offset, levels);
  const counts = cooccurrence(image, offset, levels);
  const ideal = expectedGlcm(pairs, chained(image, offset), levels);
  const { contrast, homogeneity, energy } = featuresOf(counts, pairs, levels);
  return {
    contrast: against(contrast, ideal.contrast),
    homogeneity: against(homogeneity, ideal.homogeneity),
    energy: against(energy, ideal.energy),
    pairs,
  };
}

function checkOptions(image: Raster, [down, right]: Offset, levels: number): number {
  if (![2, 4, 8, 16, 32, 64, 128, 256].includes(levels))
    throw new InputError(`"levels" expected a power of two from 2 to 256, got ${levels}; choose 8 or 256`);
  if (!Number.isInteger(down) || !Number.isInteger(right) || (down === 0 && right === 0))
    throw new InputError(
      `"offset" expected two integers, not both 0, got ${down}, ${right}; use one of glcmOffsets`,
    );
  const pairs = placesOf(image, down, right);
  if (pairs > 0) return pairs;
  throw new InputError(
    `"offset" expected to stay within ${image.width}x${image.height} pixels, got ${down}, ${right}; shorten it`,
  );
}

/** Pixels of all channels from which a step stays inside. */
const placesOf = ({ width, height, channels }: Raster, down: number, right: number): number =>
  Math.max(0, width - Math.abs(right)) * Math.max(0, height - Math.abs(down)) * channels;

const chained = (image: Raster, [down, right]: Offset): number => placesOf(image, 2 * down, 2 * right);

/** Counts of level pairs [L x L]. Slow twin: test/twins/metrics.ts. */
function cooccurrence({ width, height, channels, depth, data }: Raster, [down, right]: Offset, L: number) {
  const counts = new Float64Array(L * L);
  const shift = depth - Math.log2(L);
  const step = (down * width + right) * channels;
  const first = Math.max(0, -right) * channels;
  const last = (width - Math.max(0, right)) * channels;
  for (let i = Math.max(0, -down); i < height - Math.max(0, down); i++)
    for (let at = i * width * channels + first; at < i * width * channels + last; at++)
      counts[(data[at]! >> shift) * L + (data[at + step]! >> shift)]!++;
  return counts;
}

const square = (d: number): number => d * d;
const nearness = (d: number): number => 1 / (1 + d);

function featuresOf(counts: Float64Array, pairs: number, L: number) {
  let [contrast, homogeneity, energy] = [0, 0, 0];
  counts.forEach((count, at) => {
    const d = Math.abs(Math.floor(at / L) - (at % L));
    contrast += count * square(d);
    homogeneity += count * nearness(d);
    energy += count * count;
  });
  return { contrast: contrast / pairs, homogeneity: homogeneity / pairs, energy: energy / pairs ** 2 };
}

/** Expectations over M pairs, M2 of which go on to a second, of L uniform levels. */
export function expectedGlcm(M: number, M2: number, L: number) {
  const bins = L * L;
  const agreeing = ((M * (M - 1)) / 2) * ((1 - 1 / bins) / bins) + M2 * (M2 - 1) * ((1 - 1 / L) / L ** 3);
  return {
    contrast: meanOverPairs(square, M, M2, L),
    homogeneity: meanOverPairs(nearness, M, M2, L),
    energy: { mean: 1 / M + (1 - 1 / M) / bins, sd: (2 * Math.sqrt(agreeing)) / M ** 2 },
  };
}

function meanOverPairs(f: (d: number) => number, M: number, M2: number, L: number): Expectation {
  const levels = Array.from({ length: L }, (_, v) => v);
  const average = (of: (v: number) => number): number => levels.reduce((sum, v) => sum + of(v), 0) / L;
  const given = levels.map((x) => average((y) => f(Math.abs(x - y))));
  const mean = average((x) => given[x]!);
  const variance = average((x) => average((y) => (f(Math.abs(x - y)) - mean) ** 2));
  const shared = average((x) => (given[x]! - mean) ** 2);
  return { mean, sd: Math.sqrt(M * variance + 2 * M2 * shared) / M };
}

const noPair = (direction: Direction) =>
  entry(`contrast_${direction[0]}`, '', undefinedMeasure(`no ${direction} pair`));

export const glcmFeatures: Family = ({ cipher }) =>
  directions.flatMap((direction) => {
    const [down, right] = glcmOffsets[direction];
    if (placesOf(cipher, down, right) === 0) return [noPair(direction)];
    const { pairs: _, ...features } = glcm(cipher, { offset: glcmOffsets[direction] });
    return Object.entries(features).map(([name, found]) => entry(`${name}_${direction[0]}`, '', found));
  });
