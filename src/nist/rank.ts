/**
 * Binary matrix rank test, SP 800-22 rev 1a, section 2.5: N = floor(n / 1024) matrices of 32 x 32 bits over GF(2),
 * classes rank 32, 31, less; P(rank r) = 2^(r(64-r)-1024) prod_{i<r} (1-2^(i-32))^2 / (1-2^(i-r)), section 3.5.
 * chi-square with 2 degrees of freedom, p = exp(-chi2 / 2). At least 38 matrices: 38,912 bits.
 */
import { chiSquared, needBits, withDefaults } from './_check.ts';
import type { Bits } from './bits.ts';
import type { NistOptions, TestResult } from './types.ts';

const side = 32;

/** @throws InputError below 38,912 bits */
export function rank(bits: Bits, options?: Partial<NistOptions>): TestResult {
  needBits('rank', bits, 38 * side * side, withDefaults(options), side * side);
  const matrices = Math.floor(bits.n / (side * side));
  const counts = [0, 0, 0];
  for (let k = 0; k < matrices; k++) counts[Math.min(side - rankOf(bits.words, k * side), 2)]!++;
  const full = [probability(side), probability(side - 1)];
  const chi2 = chiSquared(counts, [...full, 1 - full[0]! - full[1]!], matrices);
  return { test: 'rank', subTests: [{ name: '', p: Math.exp(-chi2 / 2) }], statistics: { chi2, counts } };
}

const basis = new Int32Array(side);

/** Rank of the 32 words from `from` on, by a basis with one vector per leading bit. */
function rankOf(words: Uint32Array, from: number): number {
  basis.fill(0);
  let found = 0;
  for (let i = from; i < from + side; i++) {
    let row: number = words[i]!;
    while (row !== 0) {
      const lead = Math.clz32(row);
      if (basis[lead] === 0) {
        basis[lead] = row;
        found++;
        break;
      }
      row ^= basis[lead]!;
    }
  }
  return found;
}

/** Probability that a random 32 x 32 matrix over GF(2) has rank r. */
export function probability(r: number): number {
  let product = 2 ** (r * (2 * side - r) - side * side);
  for (let i = 0; i < r; i++) product *= (1 - 2 ** (i - side)) ** 2 / (1 - 2 ** (i - r));
  return product;
}
