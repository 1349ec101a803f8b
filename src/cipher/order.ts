/** x_index and y_index: the stable argsort of a key sequence. Plain twin: test/twins/paper-scheme.ts. */

/**
 * Positions of `keys` in sorted order; equal keys keep their order in both directions.
 * @param keys finite values
 */
export function sortIndex(keys: Float64Array, order: 'ascending' | 'descending'): Int32Array {
  const index = Int32Array.from(keys, (_, i) => i);
  const sign = order === 'ascending' ? 1 : -1;
  return index.sort((a, b) => sign * (keys[a]! - keys[b]!) || a - b);
}
