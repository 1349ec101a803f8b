/**
 * Binomial(n, p) as weights over the values that matter: k within 12 standard deviations (and 40) of the mean.
 * Weights go by the ratio pmf(k+1) / pmf(k) = (n-k) p / ((k+1) (1-p)) from the mode outwards and are normalised
 * at the end, which keeps 1e-13 where log-gamma would lose eight digits at n = 10^7.
 */

interface Mass {
  /** E g(K). */
  sum(g: (k: number) => number): number;
  /** P(K = k); 0 beyond the values that matter. */
  at(k: number): number;
}

/** @param n trials, an integer >= 0; @param p in (0, 1) */
export function binomialMass(n: number, p: number): Mass {
  const reach = Math.ceil(12 * Math.sqrt(n * p * (1 - p))) + 40;
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const low = Math.max(0, mode - reach);
  const high = Math.min(n, mode + reach);
  const weights = new Float64Array(high - low + 1);
  weights[mode - low] = 1;
  for (let k = mode; k < high; k++)
    weights[k + 1 - low] = (weights[k - low]! * ((n - k) * p)) / ((k + 1) * (1 - p));
  for (let k = mode; k > low; k--)
    weights[k - 1 - low] = (weights[k - low]! * (k * (1 - p))) / ((n - k + 1) * p);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    sum: (g) => weights.reduce((sum, weight, at) => sum + weight * g(low + at), 0) / total,
    at: (k) => (weights[k - low] ?? 0) / total,
  };
}
