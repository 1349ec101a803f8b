/**
 * Linear complexity over GF(2) by Berlekamp and Massey (Massey 1969, IEEE Trans. Inf. Theory 15:122), without the
 * feedback polynomials C and B: only their products with the sequence are stored, whose leading bits are the
 * discrepancies. Both stand with the bit in question first, so a step is one shift and, for a discrepancy, one XOR
 * of shrinking words: a block of 500 bits takes 9 us. Twin: test/twins/nist.ts.
 */
import { wordAt } from './bits.ts';

/** Length of the shortest linear feedback register that gives `length` >= 1 bits from bit `from` on. */
export function berlekampMassey(words: Uint32Array, from: number, length: number): number {
  const residual = blockOf(words, from, length); // C S, from bit N on
  const previous = new Int32Array(residual.length); // B S, from its discrepancy on
  let L = 0;
  for (let N = nextOne(residual, 0, length); N < length; N = nextOne(residual, N, length)) {
    const live = (length - N + 31) >>> 5;
    if (L === 0) previous.set(residual);
    else if (2 * L <= N) addAndKeep(residual, previous, live);
    else for (let i = 0; i < live; i++) residual[i]! ^= previous[i]!;
    if (2 * L <= N) L = N + 1 - L;
    residual[0]! &= 0x7fffffff; // bit N is done with; at L = 0 no register is too short to have a say in it
  }
  return L;
}

/** The block's bits, first one in the most significant place, zeros behind. */
function blockOf(words: Uint32Array, from: number, length: number): Int32Array {
  const block = new Int32Array((length + 31) >>> 5);
  for (let i = 0; i < block.length; i++) block[i] = wordAt(words, from + 32 * i);
  if (length % 32 !== 0) block[block.length - 1]! &= -1 << (32 - (length % 32));
  return block;
}

/** (r, b) becomes (r + b, r). */
function addAndKeep(r: Int32Array, b: Int32Array, live: number): void {
  for (let i = 0; i < live; i++) {
    const kept = r[i]!;
    r[i] = kept ^ b[i]!;
    b[i] = kept;
  }
}

/** Shifts the next 1 into the first place; returns its place in the block, or `length` if there is none. */
function nextOne(r: Int32Array, N: number, length: number): number {
  for (; r[0] === 0; N += 32) {
    if (N >= length) return length;
    r.copyWithin(0, 1);
    r[r.length - 1] = 0;
  }
  const shift = Math.clz32(r[0]!);
  if (shift > 0) shiftLeft(r, shift, (length - N + 31) >>> 5);
  return N + shift;
}

/** By 1 to 31 places; bits behind the first `live` words are zero. */
function shiftLeft(r: Int32Array, shift: number, live: number): void {
  const back = 32 - shift;
  let word = r[0]!;
  for (let i = 1; i < live; i++) {
    const next = r[i]!;
    r[i - 1] = (word << shift) | (next >>> back);
    word = next;
  }
  r[live - 1] = word << shift;
}
