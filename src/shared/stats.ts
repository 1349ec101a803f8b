/** Mean, standard deviation and median of a list; 0 of an empty one. Holm's correction of several p-values. */

export const mean = (values: ArrayLike<number>): number =>
  sumOf(values, (value) => value) / Math.max(1, values.length);

/** Of a sample, with n - 1; 0 of one value. */
export function deviation(values: ArrayLike<number>): number {
  const centre = mean(values);
  return Math.sqrt(sumOf(values, (value) => (value - centre) ** 2) / Math.max(1, values.length - 1));
}

function sumOf(values: ArrayLike<number>, term: (value: number) => number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += term(values[i]!);
  return sum;
}

/** Of an odd number of values the middle one, of an even number the mean of the two. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length / 2;
  return sorted.length === 0 ? 0 : (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2;
}

/** Holm's adjusted p-values (Holm 1979, Scand. J. Statist. 6:65), in the order given; nulls stay and do not count. */
export function holm(p: readonly (number | null)[]): (number | null)[] {
  const order = [...p.keys()].filter((i) => p[i] !== null).sort((i, j) => p[i]! - p[j]!);
  const adjusted = [...p];
  let largest = 0;
  for (const [rank, i] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (order.length - rank) * p[i]!));
    adjusted[i] = largest;
  }
  return adjusted;
}
