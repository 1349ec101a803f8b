/**
 * Global Shannon entropy (paper Eq. 3): H = -sum p_v log2 p_v over the 2^depth sample values, bits per sample,
 * 0..8 (0..16); all channels pooled.
 * N uniform samples over L values do not reach log2 L. With K ~ Binomial(N, 1/L) and f(k) = -(k/N) log2(k/N),
 *   E[H] = L E f(K), summed exactly; about log2 L - (L-1) / (2 N ln 2).
 *   sd[H]: exact double sum over the trinomial where N <= 256 L, above it sqrt(2 (L-1)) / (2 N ln 2), which
 *   is then within 0.1 % of the exact value.
 * Values above the expectation are as suspicious as values below it.
 */

import { binomialMass } from '../nist/binomial.ts';
import type { Depth, Raster } from '../shared/types.ts';
import { entry } from './_measure.ts';
import { channelHistograms, histogram } from './histogram.ts';
import { entropyP } from './p-value.ts';
import { checkRaster } from './raster.ts';
import { against, type Expectation, type Family, type Measured, type Metric } from './types.ts';

/** Entropy of an image, bits per sample. @throws InputError if the image is empty or malformed */
export function entropy(image: Raster): number {
  checkRaster(image);
  return entropyOf(histogram(image));
}

/** Entropy of each channel beside its expectation, bits. @throws InputError if the image is empty or malformed */
export function channelEntropies(image: Raster): Measured[] {
  checkRaster(image);
  const expected = expectedEntropy(image.width * image.height, image.depth);
  return channelHistograms(image).map((counts) => against(entropyOf(counts), expected));
}

/** Entropy of a histogram, bits. */
export function entropyOf(counts: Float64Array): number {
  const n = counts.reduce((sum, count) => sum + count, 0);
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / n) * Math.log2(count / n);
  return bits === 0 ? 0 : bits; // never -0
}

const known = new Map<string, Expectation>();

/** Expectation of the entropy of N uniform samples, bits. */
export function expectedEntropy(n: number, depth: Depth): Expectation {
  const key = `${n}/${depth}`;
  const found = known.get(key);
  if (found) return found;
  const expectation = computeExpectation(n, 2 ** depth);
  known.set(key, expectation);
  return expectation;
}

function computeExpectation(n: number, L: number): Expectation {
  const bend = bendOf(n, L);
  const first = binomialMass(n, 1 / L);
  const mean = first.sum(bend);
  const sd = n > 256 * L ? Math.sqrt(2 * (L - 1)) / (2 * n * Math.LN2) : exactSd(n, L, bend, mean);
  return { mean: Math.log2(L) + L * mean, sd };
}

/**
 * f(k) less its tangent at N/L. Counts sum to N, so the tangents sum to log2 L exactly, and what remains is
 * small: no cancellation in the means and covariances of these terms.
 */
function bendOf(n: number, L: number): (k: number) => number {
  const slope = (Math.log2(L) - 1 / Math.LN2) / n;
  return (k) => (k === 0 ? 0 : -(k / n) * Math.log2(k / n)) - Math.log2(L) / L - slope * (k - n / L);
}

/** Var H = L Var g(K1) + L (L-1) Cov(g(K1), g(K2)), K2 given K1 = k being Binomial(N - k, 1 / (L-1)). */
function exactSd(n: number, L: number, bend: (k: number) => number, mean: number): number {
  const first = binomialMass(n, 1 / L);
  const variance = first.sum((k) => (bend(k) - mean) ** 2);
  const covariance = first.sum((k) => {
    const given = binomialMass(n - k, 1 / (L - 1)).sum((j) => bend(j) - mean);
    return (bend(k) - mean) * given;
  });
  return Math.sqrt(Math.max(0, L * variance + L * (L - 1) * covariance));
}

export const entropyMetric: Metric = {
  id: 'entropy',
  label: 'Entropy',
  unit: 'bits',
  decimals: 4,
  table: 5,
  measure: ({ cipherCounts }) => entropyOf(cipherCounts()),
  ideal: ({ cipher }) => expectedEntropy(cipher.data.length, cipher.depth),
  details: ({ z }, { cipher: { data, depth } }) => pOf(z, data.length, depth),
};

const pOf = (z: number | null, n: number, depth: Depth) =>
  z === null ? {} : { p: entropyP(z, n, 2 ** depth) };

export const entropyOfChannels: Family = ({ cipher }) =>
  channelEntropies(cipher).map((found, at) =>
    entry(`entropy of channel ${at + 1}`, 'bits', found, {
      ...pOf(found.z, cipher.width * cipher.height, cipher.depth),
      ...(cipher.channels === 1 && { follows: 'entropy' }),
    }),
  );
