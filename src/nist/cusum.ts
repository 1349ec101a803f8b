/**
 * Cumulative sums test, SP 800-22 rev 1a, sections 2.13 and 3.13: z = largest |partial sum| of the bits as -1 and 1,
 * from the first bit on (forward) and from the last (reverse);
 *   p = 1 - sum_k [F((4k+1) z / sqrt n) - F((4k-1) z / sqrt n)] + sum_k [F((4k+3) z / sqrt n) - F((4k+1) z / sqrt n)],
 * F the normal distribution function, k from (-n/z + 1)/4, in the second sum (-n/z - 3)/4, to (n/z - 1)/4, quotients
 * cut towards 0 as in NIST's program. At least 100 bits.
 */
import { needBits, withDefaults } from './_check.ts';
import { normalCdf } from './_special.ts';
import type { Bits } from './bits.ts';
import type { NistOptions, TestResult } from './types.ts';

/** @throws InputError below 100 bits */
export function cusum(bits: Bits, options?: Partial<NistOptions>): TestResult {
  needBits('cusum', bits, 100, withDefaults(options));
  const z = largestSums(bits.values);
  const subTests = [
    { name: 'forward', p: cusumP(z.forward, bits.n) },
    { name: 'reverse', p: cusumP(z.reverse, bits.n) },
  ];
  return { test: 'cusum', subTests, statistics: z };
}

/** The sum of the last n - i bits is total - S_i, so one walk gives both. */
function largestSums(values: Uint8Array): { forward: number; reverse: number } {
  let sum = 0;
  let low = 0;
  let high = 0;
  for (let i = 0; i < values.length; i++) {
    sum += 2 * values[i]! - 1;
    if (sum < low) low = sum;
    else if (sum > high) high = sum;
  }
  return { forward: Math.max(high, -low), reverse: Math.max(high - sum, sum - low) };
}

export function cusumP(z: number, n: number): number {
  const last = Math.trunc((Math.trunc(n / z) - 1) / 4);
  const first = (offset: number) => Math.trunc((-Math.trunc(n / z) + offset) / 4);
  const between = (a: number, b: number, from: number): number => {
    let sum = 0;
    // F is 0 or 1 to the last bit beyond 40 standard deviations
    const reach = Math.ceil((40 * Math.sqrt(n)) / (4 * z)) + 1;
    for (let k = Math.max(from, -reach); k <= Math.min(last, reach); k++)
      sum += normalCdf(((4 * k + b) * z) / Math.sqrt(n)) - normalCdf(((4 * k + a) * z) / Math.sqrt(n));
    return sum;
  };
  const p = 1 - between(-1, 1, first(1)) + between(1, 3, first(-3));
  return Math.min(1, Math.max(0, p));
}
