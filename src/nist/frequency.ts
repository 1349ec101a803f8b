/**
 * Frequency (monobit) test, SP 800-22 rev 1a, section 2.1: S = ones - zeros, p = erfc(|S| / sqrt(2 n)).
 * At least 100 bits.
 */
import { needBits, withDefaults } from './_check.ts';
import { erfc } from './_special.ts';
import { type Bits, countOnes } from './bits.ts';
import type { NistOptions, TestResult } from './types.ts';

/** @throws InputError below 100 bits */
export function frequency(bits: Bits, options?: Partial<NistOptions>): TestResult {
  needBits('frequency', bits, 100, withDefaults(options));
  const ones = countOnes(bits);
  const sum = 2 * ones - bits.n;
  const p = erfc(Math.abs(sum) / Math.sqrt(2 * bits.n));
  return { test: 'frequency', subTests: [{ name: '', p }], statistics: { ones, sum } };
}
