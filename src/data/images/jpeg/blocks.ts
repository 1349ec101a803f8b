/** Coded blocks of 8x8 coefficients read over: sequential (T.81, F.2.2) and progressive ones (annex G). */
import { type BitReader, CodeError, type HuffmanTable } from './huffman.ts';

/** Which coefficients of each block are not 0, as later scans of a progressive frame need to know. */
export class Coefficients {
  readonly #words: Uint32Array;

  constructor(blocks: number) {
    this.#words = new Uint32Array(2 * blocks);
  }

  has(block: number, k: number): boolean {
    return ((this.#words[2 * block + (k >> 5)]! >>> (k & 31)) & 1) === 1;
  }

  add(block: number, k: number): void {
    this.#words[2 * block + (k >> 5)]! |= 1 << (k & 31);
  }
}

/** Blocks that follow and have no further coefficient in this scan. */
export interface EndOfBand {
  run: number;
}

/** A block of a sequential frame: the difference of its mean, then runs of zeros, each with a coefficient behind. */
export function readSequential(bits: BitReader, dc: HuffmanTable, ac: HuffmanTable): void {
  bits.skip(bits.symbol(dc));
  for (let k = 1; k < 64; k++) {
    const symbol = bits.symbol(ac);
    const zeros = symbol >> 4;
    const size = symbol & 15;
    if (size === 0 && zeros < 15) return;
    k += zeros;
    if (k > 63) throw new CodeError('a run of zeros is too long');
    bits.skip(size);
  }
}

/** The first bits of a band of coefficients. */
export function readBand(
  bits: BitReader,
  ac: HuffmanTable,
  [first, last]: readonly [number, number],
  block: number,
  seen: Coefficients,
  end: EndOfBand,
): void {
  if (end.run > 0) {
    end.run--;
    return;
  }
  for (let k = first; k <= last; k++) {
    const symbol = bits.symbol(ac);
    const zeros = symbol >> 4;
    const size = symbol & 15;
    if (size === 0 && zeros < 15) {
      end.run = 2 ** zeros - 1 + bits.number(zeros);
      return;
    }
    k += zeros;
    if (k > last) throw new CodeError('a run of zeros is too long');
    if (size > 0) seen.add(block, k);
    bits.skip(size);
  }
}

/** One more bit of a band: of the coefficients that are not 0 yet a code each, of the others the bit. */
export function refineBand(
  bits: BitReader,
  ac: HuffmanTable,
  [first, last]: readonly [number, number],
  block: number,
  seen: Coefficients,
  end: EndOfBand,
): void {
  let k = first;
  while (k <= last && end.run === 0) {
    const symbol = bits.symbol(ac);
    const zeros = symbol >> 4;
    const size = symbol & 15;
    if (size === 0 && zeros < 15) end.run = 2 ** zeros + bits.number(zeros);
    else k = refineRun(bits, [k, last], zeros, size, block, seen);
  }
  if (end.run === 0) return;
  for (; k <= last; k++) if (seen.has(block, k)) bits.skip(1);
  end.run--;
}

/** Over so many coefficients that stay 0, to the one that becomes other. @returns the coefficient behind it */
function refineRun(
  bits: BitReader,
  [from, last]: readonly [number, number],
  zeros: number,
  size: number,
  block: number,
  seen: Coefficients,
): number {
  bits.skip(size);
  let k = from;
  let left = zeros;
  for (; k <= last; k++) {
    if (seen.has(block, k)) bits.skip(1);
    else if (left-- === 0) break;
  }
  if (size > 0 && k > last) throw new CodeError('a run of zeros is too long');
  if (size > 0) seen.add(block, k);
  return k + 1;
}
