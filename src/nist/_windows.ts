/** Counts of all m-bit windows of a sequence that is closed to a ring, for the serial and entropy tests. */
import type { Bits } from './bits.ts';

/** How often each m-bit value begins at one of the n places; 2^m counts, their sum n. */
export function windowCounts({ n, values }: Bits, m: number): Uint32Array {
  const counts = new Uint32Array(2 ** m);
  const mask = 2 ** m - 1;
  let window = 0;
  for (let i = 0; i < m - 1; i++) window = (window << 1) | values[i % n]!;
  for (let i = m - 1; i < n; i++) {
    window = ((window << 1) | values[i]!) & mask;
    counts[window]!++;
  }
  for (let i = Math.max(n, m - 1); i < n + m - 1; i++) {
    window = ((window << 1) | values[i % n]!) & mask;
    counts[window]!++;
  }
  return counts;
}

/** The counts of windows one bit shorter: on a ring every place begins both. */
export function shorter(counts: Uint32Array): Uint32Array {
  const half = new Uint32Array(counts.length / 2);
  for (let v = 0; v < half.length; v++) half[v] = counts[2 * v]! + counts[2 * v + 1]!;
  return half;
}
