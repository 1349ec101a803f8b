/**
 * Runs test, SP 800-22 rev 1a, section 2.3: V = number of runs, pi = share of ones,
 *   p = erfc(|V - 2 n pi (1 - pi)| / (2 sqrt(2 n) pi (1 - pi))).
 * Where |pi - 1/2| >= 2 / sqrt(n) the frequency test has failed, and the document sets p = 0. At least 100 bits.
 */
import { needBits, withDefaults } from './_check.ts';
import { erfc } from './_special.ts';
import { type Bits, countOnes, popcount } from './bits.ts';
import type { NistOptions, TestResult } from './types.ts';

/** @throws InputError below 100 bits */
export function runs(bits: Bits, options?: Partial<NistOptions>): TestResult {
  needBits('runs', bits, 100, withDefaults(options));
  const { n } = bits;
  const ones = countOnes(bits);
  const count = countRuns(bits);
  const biased = Math.abs(ones / n - 0.5) >= 2 / Math.sqrt(n);
  const product = (ones / n) * (1 - ones / n);
  const p = biased ? 0 : erfc(Math.abs(count - 2 * n * product) / (2 * Math.sqrt(2 * n) * product));
  return { test: 'runs', subTests: [{ name: '', p }], statistics: { ones, runs: count } };
}

/** One more than the places where a bit differs from the one before. */
function countRuns({ n, words }: Bits): number {
  let changes = 0;
  let before = words[0]! >>> 31;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    let differs = word ^ ((word >>> 1) | (before << 31));
    if (i === words.length - 1 && n % 32 !== 0) differs &= -1 << (32 - (n % 32));
    changes += popcount(differs);
    before = word & 1;
  }
  return changes + 1;
}
