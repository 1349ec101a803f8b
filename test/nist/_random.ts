/** Seeded random bits. */
import { type Bits, bitsFromBytes } from '../../src/nist/index.ts';
import type { Random } from '../../src/shared/random.ts';

/** @param bias the share of ones is 1/2 unless given */
export function randomBits(n: number, random: Random, bias?: number): Bits {
  const bytes = new Uint8Array(Math.ceil(n / 8));
  for (let i = 0; i < bytes.length; i += 3) {
    const word = random.int(2 ** 24);
    bytes[i] = word;
    bytes[i + 1] = word >>> 8;
    bytes[i + 2] = word >>> 16;
  }
  const bits = bitsFromBytes(bytes, 0, n);
  if (bias === undefined) return bits;
  for (let i = 0; i < bytes.length; i++)
    for (let k = 0, byte = 0; k < 8; k++) bytes[i] = byte = 2 * byte + +(random.next() < bias);
  return bitsFromBytes(bytes, 0, n);
}
