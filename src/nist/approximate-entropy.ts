/**
 * Approximate entropy test, SP 800-22 rev 1a, section 2.12: phi_m = sum pi ln pi over the shares pi of m-bit windows
 * on the ring, ApEn = phi_m - phi_(m+1), chi2 = 2 n (ln 2 - ApEn), p = igamc(2^(m-1), chi2 / 2).
 * m = 10 unless told; the document asks for m < floor(log2 n) - 5: 2^16 = 65,536 bits at m = 10.
 */
import { chiSquareTail, needBits, needInteger, withDefaults } from './_check.ts';
import { shorter, windowCounts } from './_windows.ts';
import type { Bits } from './bits.ts';
import type { NistOptions, TestResult } from './types.ts';

/** @throws InputError below 2^(m+6) bits */
export function approximateEntropy(bits: Bits, options?: Partial<NistOptions>): TestResult {
  const checked = withDefaults(options);
  const m = checked.approximateEntropyM;
  needInteger('approximateEntropyM', m, 1, 20);
  needBits('approximate-entropy', bits, 2 ** (m + 6), checked);
  const longer = windowCounts(bits, m + 1);
  const apEn = phi(shorter(longer), bits.n) - phi(longer, bits.n);
  const chi2 = Math.max(0, 2 * bits.n * (Math.LN2 - apEn));
  const p = chiSquareTail(chi2, 2 ** m);
  return { test: 'approximate-entropy', subTests: [{ name: '', p }], statistics: { apEn, chi2 } };
}

function phi(counts: Uint32Array, n: number): number {
  let sum = 0;
  for (const v of counts) if (v > 0) sum += v * Math.log(v / n);
  return sum / n;
}
