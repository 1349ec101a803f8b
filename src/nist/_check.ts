/** The checks and the chi-square that the tests share. */
import { InputError } from '../shared/errors.ts';
import { igamc } from './_special.ts';
import type { Bits } from './bits.ts';
import { type NistOptions, nistDefaults, type TestName } from './types.ts';

/** Options given over the defaults. */
export const withDefaults = (options: Partial<NistOptions> = {}): NistOptions => ({
  ...nistDefaults,
  ...options,
});

/**
 * @param recommended the document's minimum, lifted by `allowShort`
 * @param needed below it there is no statistic at all
 * @throws InputError naming the minimum
 */
export function needBits(
  test: TestName,
  { n }: Bits,
  recommended: number,
  options: NistOptions,
  needed = 1,
): void {
  const minimum = options.allowShort ? needed : Math.max(needed, recommended);
  if (n < minimum)
    throw new InputError(
      `the ${test} test expected at least ${minimum} bits, got ${n}; give a longer sequence`,
    );
}

/** @throws InputError unless the option is an integer within [low, high] */
export function needInteger(
  name: keyof NistOptions | 'L' | 'Q',
  value: unknown,
  low: number,
  high: number,
): void {
  if (!Number.isInteger(value) || (value as number) < low || (value as number) > high)
    throw new InputError(`"${name}" expected an integer from ${low} to ${high}, got ${String(value)}`);
}

/** Sum (observed - total pi)^2 / (total pi). */
export function chiSquared(observed: ArrayLike<number>, pi: readonly number[], total: number): number {
  return pi.reduce((sum, share, i) => sum + (observed[i]! - total * share) ** 2 / (total * share), 0);
}

/** Upper tail of the chi-square law. */
export const chiSquareTail = (chi2: number, degrees: number): number => igamc(degrees / 2, chi2 / 2);
