/**
 * Bit sequences in the two forms that the tests read: a byte per bit, and packed words. A million bits take
 * 1.1 MB and 1 ms. Bytes give their most significant bit first, as NIST's program reads binary files.
 */
import { InputError } from '../shared/errors.ts';

export interface Bits {
  /** Length, at least 1. */
  readonly n: number;
  /** n values 0 or 1. */
  readonly values: Uint8Array;
  /** Bit i stands in word i >> 5, the first in its most significant place; the last word ends in zeros. */
  readonly words: Uint32Array;
}

/**
 * `n` bits of `bytes`, from bit `from` on.
 * @throws InputError if there are not as many
 */
export function bitsFromBytes(bytes: Uint8Array, from = 0, n: number = 8 * bytes.length - from): Bits {
  const whole = Number.isSafeInteger(from) && from >= 0 && Number.isSafeInteger(n) && n >= 1;
  if (!whole || from + n > 8 * bytes.length)
    throw new InputError(
      `"bytes" expected at least 1 bit and ${from + n} bits in all, got ${8 * bytes.length}; give a longer sequence`,
    );
  const values = new Uint8Array(n);
  for (let i = 0, at = from; i < n; i++, at++) values[i] = (bytes[at >>> 3]! >>> (7 - (at & 7))) & 1;
  return { n, values, words: pack(values) };
}

/**
 * Bits from characters 0 and 1; white space is skipped.
 * @throws InputError for any other character, or none
 */
export function bitsFromText(text: string): Bits {
  const digits = text.replace(/\s+/g, '');
  const odd = /[^01]/.exec(digits);
  if (odd) throw new InputError(`"text" expected characters 0 and 1, got ${JSON.stringify(odd[0])}`);
  if (digits === '') throw new InputError('"text" expected at least 1 bit, got none; give a longer sequence');
  const values = Uint8Array.from(digits, Number);
  return { n: values.length, values, words: pack(values) };
}

function pack(values: Uint8Array): Uint32Array {
  const words = new Uint32Array(Math.ceil(values.length / 32));
  for (let i = 0; i < values.length; i++) words[i >>> 5]! |= values[i]! << (31 - (i & 31));
  return words;
}

/** Ones in a 32-bit word (Warren, Hacker's Delight, section 5-1). */
export function popcount(word: number): number {
  let w = word - ((word >>> 1) & 0x55555555);
  w = (w & 0x33333333) + ((w >>> 2) & 0x33333333);
  w = (w + (w >>> 4)) & 0x0f0f0f0f;
  return Math.imul(w, 0x01010101) >>> 24;
}

/** Ones in the whole sequence. */
export function countOnes({ words }: Bits): number {
  let ones = 0;
  for (let i = 0; i < words.length; i++) ones += popcount(words[i]!);
  return ones;
}

/** 32 bits from bit `at` on, first bit in the most significant place; zeros behind the end. */
export function wordAt(words: Uint32Array, at: number): number {
  const [i, shift] = [at >>> 5, at & 31];
  const word = words[i] ?? 0;
  return shift === 0 ? word : (word << shift) | ((words[i + 1] ?? 0) >>> (32 - shift));
}
