/**
 * Discrete Fourier transform (spectral) test, SP 800-22 rev 1a, section 2.6: bits as -1 and 1, S their transform,
 * N1 = how many of |S_0| .. |S_{n/2-1}| are below sqrt(n ln 20), N0 = 0.95 n / 2, d = (N1 - N0) /
 * sqrt(0.95 * 0.05 n / 3.8), p = erfc(|d| / sqrt 2). Any n, even or odd, at least 1000 bits.
 * The document's two examples miscount N1. Its variance 0.95 * 0.05 n / 4 is too small: 3.8 in place of 4 fits (Pareschi,
 * Rovatti, Setti 2012, IEEE TIFS 7:491). `reference` takes 4, which refuses 1.2 % of ideal sequences at level 0.01.
 */
import { needBits, withDefaults } from './_check.ts';
import { powerSpectrum } from './_fft.ts';
import { erfc } from './_special.ts';
import type { Bits } from './bits.ts';
import type { NistOptions, TestResult } from './types.ts';

/** @throws InputError below 1000 bits */
export function dft(bits: Bits, options?: Partial<NistOptions>): TestResult {
  const checked = withDefaults(options);
  needBits('dft', bits, 1000, checked, 2);
  const { n, values } = bits;
  const limit = n * Math.log(20);
  const signs = new Float64Array(n);
  for (let i = 0; i < n; i++) signs[i] = 2 * values[i]! - 1;
  let n1 = 0;
  for (const power of powerSpectrum(signs)) if (power < limit) n1++;
  const d = (n1 - dftMean(n)) / Math.sqrt(dftVariance(n, checked.reference ? 4 : 3.8));
  return { test: 'dft', subTests: [{ name: '', p: erfc(Math.abs(d) / Math.SQRT2) }], statistics: { n1, d } };
}

/** Of n1, over ideal bits. */
export const dftMean = (n: number): number => (0.95 * n) / 2;
export const dftVariance = (n: number, constant = 3.8): number => (0.95 * 0.05 * n) / constant;
