/**
 * Maurer's universal statistical test, SP 800-22 rev 1a, sections 2.9 and 3.9: the sequence in L-bit blocks, Q = 10 * 2^L
 * to start with and K behind; phi = mean of log2 of the distance to the block's last occurrence,
 *   p = erfc(|phi - expected(L)| / (sqrt 2 sigma)), sigma = c sqrt(variance(L) / K),
 *   c = 0.7 - 0.8/L + (4 + 32/L) K^(-3/L) / 15  (Coron and Naccache 1998 for the variance of dependent terms).
 * L follows from n: 6 from 387,840 bits, 7 from 904,960, ..., 16 from 1,059,061,760, always n >= 1010 * 2^L * L.
 */
import { needBits, needInteger, withDefaults } from './_check.ts';
import { erfc } from './_special.ts';
import type { Bits } from './bits.ts';
import type { NistOptions, TestResult } from './types.ts';

/** Mean and variance of log2 of a geometric distance, share 2^-L, by L from 1; the document's table. */
export const universalTable: readonly (readonly [mean: number, variance: number])[] = [
  [0.7326495, 0.69],
  [1.5374383, 1.338],
  [2.4016068, 1.901],
  [3.3112247, 2.358],
  [4.2534266, 2.705],
  [5.2177052, 2.954],
  [6.1962507, 3.125],
  [7.1836656, 3.238],
  [8.1764248, 3.311],
  [9.1723243, 3.356],
  [10.170032, 3.384],
  [11.168765, 3.401],
  [12.16807, 3.41],
  [13.167693, 3.416],
  [14.167488, 3.419],
  [15.167379, 3.421],
];

/** Blocks of L bits; Q of them start the table. */
export interface UniversalShape {
  readonly L: number;
  readonly Q: number;
}

/**
 * @param shape L and Q by hand; else as above, and with `allowShort` L = 5 where n is too short for 6
 * @throws InputError below 387,840 bits
 */
export function universal(bits: Bits, options?: Partial<NistOptions>, shape?: UniversalShape): TestResult {
  const { L, Q } = shape ?? shapeFor(bits.n);
  needInteger('L', L, 1, 16);
  needInteger('Q', Q, 1, 10 * 2 ** 16);
  needBits('universal', bits, shape ? 1 : 1010 * 2 ** 6 * 6, withDefaults(options), (Q + 1) * L);
  const K = Math.floor(bits.n / L) - Q;
  const sum = sumOfLogs(bits.values, L, Q, K);
  const [mean, variance] = universalTable[L - 1]!;
  const c = 0.7 - 0.8 / L + ((4 + 32 / L) * K ** (-3 / L)) / 15;
  const sigma = c * Math.sqrt(variance / K);
  const p = erfc(Math.abs(sum / K - mean) / (Math.SQRT2 * sigma));
  return { test: 'universal', subTests: [{ name: '', p }], statistics: { L, Q, K, sum, phi: sum / K } };
}

function shapeFor(n: number): UniversalShape {
  let L = 5;
  while (L < 16 && n >= 1010 * 2 ** (L + 1) * (L + 1)) L++;
  return { L, Q: 10 * 2 ** L };
}

function sumOfLogs(values: Uint8Array, L: number, Q: number, K: number): number {
  const last = new Float64Array(2 ** L);
  let sum = 0;
  for (let block = 1, at = 0; block <= Q + K; block++) {
    let word = 0;
    for (const end = at + L; at < end; at++) word = (word << 1) | values[at]!;
    if (block > Q) sum += Math.log2(block - last[word]!);
    last[word] = block;
  }
  return sum;
}
