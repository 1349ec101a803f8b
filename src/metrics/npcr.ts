/**
 * NPCR, number of pixels change rate (paper Eq. 4, 5): the percentage of samples that differ.
 *   NPCR = 100 #{a != b} / N,  N = W H C samples, 0..100 %.
 * Against a uniform cipher, N NPCR / 100 ~ Binomial(N, F / (F + 1)), whatever the plain image: 99.609375 % at
 * 8 bits (Wu, Noonan, Agaian 2011, for two cipher images; the same holds for plain against cipher). p is exact: at 16 bits
 * and 64x64 samples the normal law has p < 0.001 for 6.8 % of ideal ciphers.
 */
import type { Depth, Raster } from '../shared/types.ts';
import { type Differences, differences } from './_differences.ts';
import { binomialTails } from './p-value.ts';
import { checkPair, largestSample } from './raster.ts';
import type { Expectation, Metric } from './types.ts';

/** NPCR of two images of one shape, in percent. @throws InputError if the shapes differ or an image is empty */
export function npcr(a: Raster, b: Raster): number {
  checkPair(a, b);
  return npcrOf(differences(a, b));
}

export const npcrOf = ({ different, n }: Differences): number => (100 * different) / n;

/** Expectation over N samples, percent: mean F/(F+1), variance F/((F+1)^2 N). */
export function expectedNpcr(n: number, depth: Depth): Expectation {
  const F = largestSample(depth);
  return { mean: (100 * F) / (F + 1), sd: (100 * Math.sqrt(F / n)) / (F + 1) };
}

/** Exact tails of NPCR: `lower` is the probability of a value as low. */
export function npcrTails({ different, n }: Differences, depth: Depth) {
  const { lower, upper, twoSided } = binomialTails(n - different, n, 1 / (largestSample(depth) + 1));
  return { lower: upper, upper: lower, twoSided };
}

export const npcrMetric: Metric = {
  id: 'npcr',
  label: 'NPCR',
  unit: '%',
  decimals: 4,
  table: 5,
  measure: ({ differences }) => npcrOf(differences()),
  ideal: ({ plain }) => expectedNpcr(plain.data.length, plain.depth),
  details: (_, { differences, plain }) => ({ p: npcrTails(differences(), plain.depth).twoSided }),
};
