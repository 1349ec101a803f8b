/**
 * Random excursions variant test, SP 800-22 rev 1a, sections 2.15 and 3.15: xi(x) = visits of the random walk to the
 * state x = -9..-1, 1..9, J = cycles; p = erfc(|xi(x) - J| / sqrt(2 J (4|x| - 2))).
 * At least 1,000,000 bits and max(500, 0.005 sqrt n) cycles.
 */
import { withDefaults } from './_check.ts';
import { erfc } from './_special.ts';
import { farStates, walkOf } from './_walk.ts';
import type { Bits } from './bits.ts';
import type { NistOptions, TestResult } from './types.ts';

/** @throws InputError below 1,000,000 bits or 500 cycles */
export function randomExcursionsVariant(bits: Bits, options?: Partial<NistOptions>): TestResult {
  const { cycles, visits } = walkOf('random-excursions-variant', bits, withDefaults(options));
  const subTests = farStates.map((x) => {
    const distance = Math.abs(visits[x + 9]! - cycles);
    return { name: `${x}`, p: erfc(distance / Math.sqrt(2 * cycles * (4 * Math.abs(x) - 2))) };
  });
  return { test: 'random-excursions-variant', subTests, statistics: { cycles } };
}
