/**
 * Frequency test within blocks, SP 800-22 rev 1a, section 2.2: N = floor(n / M) blocks with shares pi_i of ones,
 * chi2 = 4 M sum (pi_i - 1/2)^2, p = igamc(N / 2, chi2 / 2). At least 100 bits; M = 128 by default.
 */
import { chiSquareTail, needBits, needInteger, withDefaults } from './_check.ts';
import { type Bits, popcount, wordAt } from './bits.ts';
import type { NistOptions, TestResult } from './types.ts';

/** @throws InputError below 100 bits or one block */
export function blockFrequency(bits: Bits, options?: Partial<NistOptions>): TestResult {
  const checked = withDefaults(options);
  const M = checked.blockFrequencyM;
  needInteger('blockFrequencyM', M, 2, 2 ** 30);
  needBits('block-frequency', bits, 100, checked, M);
  const blocks = Math.floor(bits.n / M);
  let squares = 0;
  for (let b = 0; b < blocks; b++) squares += (onesWithin(bits.words, b * M, M) - M / 2) ** 2;
  const chi2 = (4 / M) * squares;
  const p = chiSquareTail(chi2, blocks);
  return { test: 'block-frequency', subTests: [{ name: '', p }], statistics: { chi2, blocks } };
}

/** Ones among the `length` bits from `from` on. */
function onesWithin(words: Uint32Array, from: number, length: number): number {
  let ones = 0;
  let at = 0;
  for (; at + 32 <= length; at += 32) ones += popcount(wordAt(words, from + at));
  return at === length ? ones : ones + popcount(wordAt(words, from + at) & (-1 << (32 - (length - at))));
}
