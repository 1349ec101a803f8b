/**
 * z_key: floor(|v| * multiplier) mod 2^depth of each value of a chaotic sequence, or the fraction behind that point
 * in 2^depth steps; in one loop with the orbit, or in one pass over blocks, so that 13 million samples need no array
 * of doubles.
 * Plain twin: test/twins/paper-scheme.ts.
 */
import type { Depth } from '../shared/types.ts';
import { samplesArray } from './keys.ts';
import type { PaperOptions } from './options.ts';
import { blockLength, type Sequence } from './sequences.ts';

/** The next `n` values of the sequence as samples of `depth` bits. */
export function quantise(
  next: Sequence,
  n: number,
  depth: Depth,
  multiplier: number,
  quantiser: PaperOptions['quantiser'] = 'integer',
) {
  const samples = samplesArray(depth, n);
  if (next.samples && quantiser === 'integer') {
    next.samples(samples, multiplier);
    return samples;
  }
  const block = new Float64Array(Math.min(n, blockLength));
  for (let at = 0; at < n; at += block.length) {
    const values = block.subarray(0, n - at);
    next(values);
    if (quantiser === 'fraction') toFraction(values, multiplier, depth);
    reduce(values, quantiser === 'fraction' ? 1 : multiplier, samples, at);
  }
  return samples;
}

/** Each value becomes 2^depth frac(|v| m). Exact: a remainder of 1 and a power of two round nothing. */
function toFraction(values: Float64Array, multiplier: number, depth: Depth): void {
  const steps = 2 ** depth;
  for (let i = 0; i < values.length; i++) values[i] = ((Math.abs(values[i]!) * multiplier) % 1) * steps;
}

// A store into an integer array truncates and reduces modulo 2^bits, exactly, for every finite double
// (ECMAScript ToUint8 and ToUint16), so floor and mod need no code of their own.
function reduce(values: Float64Array, multiplier: number, out: Uint8Array | Uint16Array, at: number): void {
  for (let i = 0; i < values.length; i++) out[at + i] = Math.abs(values[i]!) * multiplier;
}
