/** How far two arrays are apart. */

/** Largest difference of two arrays over the largest magnitude of the second. */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < b.length; i++) {
    difference = Math.max(difference, Math.abs(a[i]! - b[i]!));
    largest = Math.max(largest, Math.abs(b[i]!));
  }
  return a.length === b.length ? difference / Math.max(largest, 1e-12) : Number.POSITIVE_INFINITY;
}
