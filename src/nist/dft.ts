/**
 * Discrete Fourier transform (spectral) test, SP 800-22 rev 1a, section 2.6: bits as -1 and 1, S their transform,
 * N1 = how many of |S_0| .. |S_{n/2-1}| are below sqrt(n ln 20), N0 = 0.95 n / 2, d = (N1 - N0) /
 * sqrt(0.95 * 0.05 n / 4), p = erfc(|d| / sqrt 2). Any n, even or odd, at least 1000 bits.
 * The document's two examples miscount N1. The variance n / 4 is too small by about 5 % (3.8 fits: Pareschi, Rovatti,
 * Setti 2012, IEEE TIFS 7:491): 1 % of ideal sequences becomes 1.2 %, visible in P_T over thousands of sequences.
 */
import { needBits, withDefaults } from './_check.ts';
import { powerSpectrum } from './_fft.ts';
import { erfc } from './_special.ts';
import type { Bits } from './bits.ts';
import type { NistOptions, TestResult } from './types.ts';

/** @throws InputError below 1000 bits */
export function dft(bits: Bits, options?: Partial<NistOptions>): TestResult {
  needBits('dft', bits, 1000, withDefaults(options), 2);
  const { n, values } = bits;
  const limit = n * Math.log(20);
  const signs = new Float64Array(n);
  for (let i = 0; i < n; i++) signs[i] = 2 * values[i]! - 1;
  let n1 = 0;
  for (const power of powerSpectrum(signs)) if (power < limit) n1++;
  const d = (n1 - (0.95 * n) / 2) / Math.sqrt((0.95 * 0.05 * n) / 4);
  return { test: 'dft', subTests: [{ name: '', p: erfc(Math.abs(d) / Math.SQRT2) }], statistics: { n1, d } };
}
