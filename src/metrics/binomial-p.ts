/**
 * Two-sided p of a binomial count, exact: min(1, 2 min(P(K <= k), P(K >= k))), K ~ Binomial(n, p). Discreteness makes
 * it at most the level at every level: it refuses an ideal cipher no more often than it says.
 */
import { binomialMass } from '../nist/binomial.ts';

/** @param k successes of n trials, an integer; @param p probability of one success, in (0, 1) */
export function binomialP(k: number, n: number, p: number): number {
  const mass = binomialMass(n, p);
  const lower = mass.sum((j) => (j <= k ? 1 : 0));
  const upper = mass.sum((j) => (j >= k ? 1 : 0));
  return Math.min(1, 2 * Math.min(lower, upper));
}
