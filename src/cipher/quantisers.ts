/**
 * How published schemes make bytes of an orbit's values, by name. Each reads values in order and fills `out`; a
 * range [low, high] is the orbit's own. Those that multiply take floor(|v| m) mod 256, the fraction what is behind.
 */
import { InputError } from '../shared/errors.ts';
import { quantise } from './quantise.ts';
import type { Sequence } from './sequences.ts';

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
