/**
 * p-values of a measure under an ideal cipher, and the quantile of a level.
 *   normal z       two-sided P(|Z| >= |z|) = erfc(|z| / sqrt 2); lower P(Z <= z)
 *   chi-square     two-sided 2 min(Q, 1 - Q), Q = igamc(k/2, x/2): too even a histogram is as suspicious as an uneven one
 *   binomial       exact, two-sided min(1, 2 min(P(K <= k), P(K >= k))): discrete, hence at most the level at every level
 *   histogram      chi-square; below L/4 samples, whose counts are 0, 1 and rarely 2, pairs of equal samples ~ Poisson
 * Of Wu, Noonan and Agaian's tests (2011) NPCR is one-sided, lower, and UACI two-sided; both are given for both.
 */

import { binomialMass } from '../nist/binomial.ts';
import { erfc, igamc, normalCdf } from '../nist/index.ts';
import { InputError } from '../shared/errors.ts';
import type { Interval } from './types.ts';

/** P(|Z| >= |z|). */
export const twoSidedP = (z: number): number => erfc(Math.abs(z) / Math.SQRT2);

/** P(Z <= z): small where the value is too low. */
export const lowerP = (z: number): number => normalCdf(z);

/** Two-sided p of a chi-square value at k degrees of freedom. */
export function chiSquareP(value: number, degrees: number): number {
  const upper = igamc(degrees / 2, value / 2);
  return Math.min(1, 2 * Math.min(upper, 1 - upper));
}

/** P(K <= k), P(K >= k) and the two-sided p of K ~ Binomial(n, p). */
export function binomialTails(k: number, n: number, p: number) {
  const mass = binomialMass(n, p);
  const lower = mass.sum((j) => (j <= k ? 1 : 0));
  const upper = mass.sum((j) => (j >= k ? 1 : 0));
  return { lower, upper, twoSided: Math.min(1, 2 * Math.min(lower, upper)) };
}

/** Two-sided p of the chi-square of n uniform samples over L values. */
export function histogramP(chi2: number, n: number, L: number): number {
  if (n >= L / 4) return chiSquareP(chi2, L - 1);
  const pairs = Math.round((((chi2 + n) * n) / L - n) / 2); // sum v^2 = (chi2 + n) n / L
  if (pairs < 0) return 0; // no picture of n samples has it
  const mean = (n * (n - 1)) / (2 * L);
  const atMost = igamc(pairs + 1, mean);
  const atLeast = pairs === 0 ? 1 : 1 - igamc(pairs, mean);
  return Math.min(1, 2 * Math.min(atMost, atLeast));
}

/** Two-sided p of an entropy z sd above its mean: that of chi-square, which it is to first order with the sign turned. */
export function entropyP(z: number, n: number, L: number): number {
  const degrees = L - 1;
  return histogramP(Math.max(0, degrees - z * Math.sqrt(2 * degrees * (1 - 1 / n))), n, L);
}

/**
 * z with P(|Z| >= z) = level, by bisection to the last digit of a double.
 * @throws InputError unless 0 < level < 1
 */
export function twoSidedQuantile(level: number): number {
  if (!(level > 0 && level < 1))
    throw new InputError(`"level" expected a number between 0 and 1, got ${level}; take 0.01 or 0.05`);
  let [low, high] = [0, 40];
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2;
    if (twoSidedP(middle) > level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** In three digits. */
export const pText = (p: number): string => (p >= 1e-3 ? p.toFixed(4) : p.toExponential(1));

export const intervalText = ([low, high]: Interval, digits: number): string =>
  `${low.toFixed(digits)}..${high.toFixed(digits)}`;
