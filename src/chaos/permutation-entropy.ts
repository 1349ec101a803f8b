/**
 * Permutation entropy (Bandt and Pompe 2002, Phys. Rev. Lett. 88:174102): Shannon entropy of the orders of `order`
 * successive values, over log2 order!, so 0..1. Equal values count as rising. White noise gives 1 less about
 * (order! - 1) / (2 n ln 2 log2 order!); a one-dimensional map stays below, as some orders never occur (the logistic
 * map at r = 4 never falls twice in a row).
 */
import { InputError } from '../shared/errors.ts';

/**
 * @param order 2..8
 * @throws InputError for another order, or fewer than order values
 */
export function permutationEntropy(series: Float64Array, order = 5): number {
  if (!(Number.isInteger(order) && order >= 2 && order <= 8))
    throw new InputError(`"order" expected an integer from 2 to 8, got ${order}; 5 is usual`);
  const n = series.length - order + 1;
  if (n < 1) throw new InputError(`"series" expected at least ${order} values, got ${series.length}`);
  const counts = new Map<number, number>();
  for (let i = 0; i < n; i++) {
    const pattern = patternAt(series, i, order);
    counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
  }
  let bits = 0;
  for (const count of counts.values()) bits -= (count / n) * Math.log2(count / n);
  return (bits === 0 ? 0 : bits) / Math.log2(factorial(order)); // never -0
}

/** Lehmer code: for each value, how many later ones are smaller. */
function patternAt(series: Float64Array, at: number, order: number): number {
  let code = 0;
  for (let i = 0; i < order; i++) {
    let smaller = 0;
    for (let j = i + 1; j < order; j++) if (series[at + j]! < series[at + i]!) smaller++;
    code = code * (order - i) + smaller;
  }
  return code;
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
