/**
 * Random excursions test, SP 800-22 rev 1a, sections 2.14 and 3.14: for each state x = -4..-1, 1..4 the cycles of the
 * random walk in classes 0, 1, .., 4, at least 5 visits to x; chi-square with 5 degrees of freedom against
 *   pi_0 = 1 - 1/(2|x|), pi_k = (1 - pi_0)^2 pi_0^(k-1) for k = 1..4, pi_5 = (1 - pi_0) pi_0^4.
 * At least 1,000,000 bits and max(500, 0.005 sqrt n) cycles.
 */
import { chiSquared, chiSquareTail, withDefaults } from './_check.ts';
import { nearStates, walkOf } from './_walk.ts';
import type { Bits } from './bits.ts';
import type { NistOptions, TestResult } from './types.ts';

/** @throws InputError below 1,000,000 bits or 500 cycles */
export function randomExcursions(bits: Bits, options?: Partial<NistOptions>): TestResult {
  const walk = walkOf('random-excursions', bits, withDefaults(options));
  const subTests = nearStates.map((x) => {
    const counts = walk.classes.subarray(6 * (x + 4), 6 * (x + 5));
    return { name: `${x}`, p: chiSquareTail(chiSquared(counts, probabilities(x), walk.cycles), 5) };
  });
  return { test: 'random-excursions', subTests, statistics: { cycles: walk.cycles } };
}

function probabilities(x: number): number[] {
  const leave = 1 / (2 * Math.abs(x));
  const stay = 1 - leave;
  return [
    stay,
    leave ** 2,
    leave ** 2 * stay,
    leave ** 2 * stay ** 2,
    leave ** 2 * stay ** 3,
    leave * stay ** 4,
  ];
}
