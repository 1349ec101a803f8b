/**
 * z_key: floor(|v| * multiplier) mod 2^depth of each value of a chaotic sequence, or the fraction behind that point
 * in 2^depth steps; in one loop with the orbit, or in one pass over blocks, so that 13 million samples need no array
 * of doubles.
 * Plain twin: test/twins/paper-scheme.ts.
 */
import { InputError } from '../shared/errors.ts';
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

// How published schemes make bytes of an orbit's values, by name. Each reads values in order; a range [low, high] is the
// orbit's own. Those that multiply take floor(|v| m) mod 256, `fraction` the digits behind.

type Quantiser = (next: Sequence, n: number, range: readonly [number, number]) => Uint8Array;

const times =
  (multiplier: number, kind: 'integer' | 'fraction' = 'integer'): Quantiser =>
  (next, n) =>
    quantise(next, n, 8, multiplier, kind) as Uint8Array;

/** Each value's place in the range, in 256 steps. */
const byte: Quantiser = (next, n, [low, high]) => {
  const values = new Float64Array(n);
  next(values);
  return Uint8Array.from(values, (v) =>
    Math.min(255, Math.max(0, Math.floor((256 * (v - low)) / (high - low)))),
  );
};

/** One bit a value, above the middle of the range or not, first bit most significant: 8 values a byte. */
const threshold: Quantiser = (next, n, [low, high]) => {
  const values = new Float64Array(8 * n);
  next(values);
  const bytes = new Uint8Array(n);
  for (let i = 0; i < values.length; i++)
    if (values[i]! > (low + high) / 2) bytes[i >>> 3]! |= 128 >>> (i & 7);
  return bytes;
};

/** The lowest byte of the double's mantissa. */
const mantissa: Quantiser = (next, n) => {
  const values = new Float64Array(n);
  next(values);
  const view = new DataView(values.buffer);
  return Uint8Array.from(
    { length: n },
    (_, i) => view.getUint32(8 * i + (littleEndian ? 0 : 4), littleEndian) & 255,
  );
};
const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** `1e5` is the paper's, by our reading; `1e9` and `1e14` those of the preset `sound`. */
export const quantisers = {
  threshold,
  byte,
  '1e5': times(1e5),
  '1e9': times(1e9),
  '1e14': times(1e14),
  fraction: times(1e5, 'fraction'),
  mantissa,
} satisfies Record<string, Quantiser>;

export type QuantiserName = keyof typeof quantisers;
export const quantiserNames = Object.keys(quantisers) as QuantiserName[];

/** @throws InputError for a name that is none, naming all */
export function quantiserNamed(name: string): Quantiser {
  if (Object.hasOwn(quantisers, name)) return quantisers[name as QuantiserName];
  throw new InputError(
    `"quantiser" expected one of ${quantiserNames.join(', ')}, got ${JSON.stringify(name)}`,
  );
}
