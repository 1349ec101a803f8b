/**
 * Serial test, SP 800-22 rev 1a, section 2.11: psi2_m = (2^m / n) sum v^2 - n over the counts v of m-bit windows on
 * the ring; p1 = igamc(2^(m-2), (psi2_m - psi2_(m-1)) / 2), p2 = igamc(2^(m-3), (psi2_m - 2 psi2_(m-1) + psi2_(m-2)) / 2).
 * m = 16 by default; the document asks for m < floor(log2 n) - 2: 2^19 = 524,288 bits at m = 16.
 */
import { needBits, needInteger, withDefaults } from './_check.ts';
import { igamc } from './_special.ts';
import { shorter, windowCounts } from './_windows.ts';
import type { Bits } from './bits.ts';
import type { NistOptions, TestResult } from './types.ts';

/** @throws InputError below 2^(m+3) bits */
export function serial(bits: Bits, options?: Partial<NistOptions>): TestResult {
  const checked = withDefaults(options);
  const m = checked.serialM;
  needInteger('serialM', m, 3, 24);
  needBits('serial', bits, 2 ** (m + 3), checked);
  const counts = windowCounts(bits, m);
  const psi2 = [counts, shorter(counts), shorter(shorter(counts))].map((v) => psiSquared(v, bits.n));
  const first = psi2[0]! - psi2[1]!;
  const second = first - psi2[1]! + psi2[2]!;
  const subTests = [
    { name: 'p1', p: tail(2 ** (m - 2), first) },
    { name: 'p2', p: tail(2 ** (m - 3), second) },
  ];
  return { test: 'serial', subTests, statistics: { psi2, delta1: first, delta2: second } };
}

function psiSquared(counts: Uint32Array, n: number): number {
  let squares = 0;
  for (const v of counts) squares += v * v;
  return (counts.length / n) * squares - n;
}

/** Rounding may leave a difference that is 0 slightly below it. */
const tail = (a: number, delta: number): number => igamc(a, Math.max(0, delta / 2));
