/**
 * Linear complexity test, SP 800-22 rev 1a, sections 2.10 and 3.10: L_i = length of the shortest feedback register of
 * each of N = floor(n / M) blocks of M bits; mu = M/2 + (9 + (-1)^(M+1)) / 36 - (M/3 + 2/9) / 2^M,
 * T = (-1)^M (L - mu) + 2/9 in classes up to -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, above; chi-square with 6 degrees of
 * freedom. Class probabilities 1/96, 1/32, 1/8, 1/2, 1/4, 1/16, 1/48; `reference` takes the program's 0.01047 and
 * 0.020833 for the outer two. M = 500; at least 1,000,000 bits.
 */
import { berlekampMassey } from './_berlekamp-massey.ts';
import { chiSquared, chiSquareTail, needBits, needInteger, withDefaults } from './_check.ts';
import type { Bits } from './bits.ts';
import type { NistOptions, TestResult } from './types.ts';

const exact = [1 / 96, 1 / 32, 1 / 8, 1 / 2, 1 / 4, 1 / 16, 1 / 48];
const program = [0.01047, 0.03125, 0.125, 0.5, 0.25, 0.0625, 0.020833];

/** @throws InputError below 1,000,000 bits */
export function linearComplexity(bits: Bits, options?: Partial<NistOptions>): TestResult {
  const checked = withDefaults(options);
  const M = checked.linearComplexityM;
  needInteger('linearComplexityM', M, 500, 5000);
  needBits('linear-complexity', bits, 1_000_000, checked, M);
  const blocks = Math.floor(bits.n / M);
  const sign = M % 2 === 0 ? 1 : -1;
  const mu = M / 2 + (9 - sign) / 36 - (M / 3 + 2 / 9) / 2 ** M;
  const counts = new Array<number>(7).fill(0);
  for (let b = 0; b < blocks; b++) {
    const T = sign * (berlekampMassey(bits.words, b * M, M) - mu) + 2 / 9;
    counts[Math.min(Math.max(Math.ceil(T + 2.5), 0), 6)]!++;
  }
  const chi2 = chiSquared(counts, checked.reference ? program : exact, blocks);
  const p = chiSquareTail(chi2, 6);
  return { test: 'linear-complexity', subTests: [{ name: '', p }], statistics: { chi2, counts } };
}
