/**
 * Approximate entropy test, SP 800-22 rev 1a, section 2.12: phi_m = sum pi ln pi over the shares pi of m-bit windows
 * on the ring, ApEn = phi_m - phi_(m+1), chi2 = 2 n (ln 2 - ApEn), p = igamc(2^(m-1), chi2 / (2 q)).
 * q = E[chi2] / 2^m, E over counts ~ Binomial(n, 2^-m) (Williams 1976, Biometrika 63:33): 1.0051 at n = 100,000, m = 10,
 * where p without it is uneven over thousands of sequences. `reference` takes q = 1, as the document does.
 * m = 10 by default; the document asks for m < floor(log2 n) - 5: 2^16 = 65,536 bits at m = 10.
 */
import { chiSquareTail, needBits, needInteger, withDefaults } from './_check.ts';
import { shorter, windowCounts } from './_windows.ts';
import { binomialMass } from './binomial.ts';
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
  const q = checked.reference ? 1 : (2 * (deficit(bits.n, m + 1) - deficit(bits.n, m))) / 2 ** m;
  const p = chiSquareTail(chi2 / q, 2 ** m);
  return { test: 'approximate-entropy', subTests: [{ name: '', p }], statistics: { apEn, chi2 } };
}

const deficits = new Map<string, number>();

/** E sum v ln(v 2^m / n) over the counts v of the 2^m words in n ideal bits. */
function deficit(n: number, m: number): number {
  const key = `${n}/${m}`;
  const mean = n / 2 ** m;
  // v - mean sums to 0: taken off, it leaves small terms
  const term = (v: number): number => (v === 0 ? mean : v * Math.log(v / mean) - (v - mean));
  const value = deficits.get(key) ?? 2 ** m * binomialMass(n, 2 ** -m).sum(term);
  deficits.set(key, value);
  return value;
}

function phi(counts: Uint32Array, n: number): number {
  let sum = 0;
  for (const v of counts) if (v > 0) sum += v * Math.log(v / n);
  return sum / n;
}
