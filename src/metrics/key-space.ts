/**
 * Key space, as the paper counts it and as an attacker does.
 *   Paper Eqs. 10, 11: 2^bits, bits = (W + H + W H C) b, the size of the key file with b bits an entry. A file made
 *   from a shorter secret has no more keys than the secret: the effective entropy is the least of the ceilings
 *     date       log2 of the seconds (or other steps) that the date can be: 16.4 bits for a day, 29.8 for 30 years
 *     parameter  log2 of a network's float32 outputs between 2^-24 and 1: 27.6 bits a parameter (`outputBits`); attack
 *                parameters tries all of them
 *     order      log2 W! + log2 H!, all row and column permutations
 *   each being an upper bound: the network is public and deterministic, and adds none.
 */
import { InputError } from '../shared/errors.ts';
import type { Depth } from '../shared/types.ts';

/** Paper Eq. 10: bits of the key file of a W x H x C image. @throws InputError unless sizes are integers >= 1 */
export function keyFileBits(width: number, height: number, channels = 1, depth: Depth = 8): number {
  for (const [name, value] of Object.entries({ width, height, channels })) checkCount(name, value, 1);
  return (width + height + width * height * channels) * depth;
}

/** Bits of a secret that is one of `count` equally likely ones. @throws InputError unless count >= 1 */
export function entropyOfCount(count: number): number {
  checkCount('count', count, 1);
  return Math.log2(count);
}

/** Bits of a date and time to the second within so many days. @throws InputError unless days >= 1 */
export function dateBits(days: number): number {
  checkCount('days', days, 1);
  return Math.log2(days * 86_400);
}

/** Bits of a float32 in (low, high]: log2 of how many there are. @throws InputError unless 0 <= low < high, both finite */
export function float32Bits(low: number, high: number): number {
  if (!(low >= 0 && high > low && high <= largestFloat32))
    throw new InputError(
      `"low" and "high" expected 0 <= low < high <= 3.4028e38, got ${low} and ${high}; correct the range`,
    );
  const count = atMost(high) - atMost(low);
  if (count === 0)
    throw new InputError(
      `"low" and "high" expected a float32 in (${low}, ${high}], got none; widen the range`,
    );
  return Math.log2(count);
}

/** Bits of one parameter that a network gives: its float32 sigmoid lies from 2^-24 to 1 - 2^-24, whatever the parameter's range. */
export const outputBits = (): number => float32Bits(2 ** -24 * (1 - 2 ** -24), 1 - 2 ** -24);

const largestFloat32 = (2 - 2 ** -23) * 2 ** 127;

/** Rank of the largest float32 <= value; their bit patterns, read as integers, are in order where positive. */
function atMost(value: number): number {
  const rounded = Math.fround(value);
  const rank = new Uint32Array(Float32Array.of(rounded).buffer)[0]!;
  return rounded > value ? rank - 1 : rank;
}

/** Bits of a W x H row and column permutation: log2 W! + log2 H!. @throws InputError unless integers >= 1 */
export function orderBits(width: number, height: number): number {
  checkCount('width', width, 1);
  checkCount('height', height, 1);
  return log2Factorial(width) + log2Factorial(height);
}

/** log2 n!; agrees with Stirling's series to 4e-14 at n = 10^6. */
function log2Factorial(n: number): number {
  let sum = 0;
  for (let k = 2; k <= n; k++) sum += Math.log2(k);
  return sum;
}

export interface EffectiveEntropy {
  /** Upper bound, bits. */
  readonly bits: number;
  /** Name of the least ceiling. */
  readonly limit: string;
}

/** The least of named ceilings, bits. @throws InputError if there is none, or one is not a number >= 0 */
export function effectiveEntropy(ceilings: Readonly<Record<string, number>>): EffectiveEntropy {
  const named = Object.entries(ceilings);
  for (const [name, bits] of named)
    if (!(bits >= 0)) throw new InputError(`"${name}" expected bits of at least 0, got ${bits}; correct it`);
  const least = named.sort(([, a], [, b]) => a - b)[0];
  if (!least) throw new InputError('"ceilings" expected at least one, got none; give the bits of the date');
  return { bits: least[1], limit: least[0] };
}

function checkCount(name: string, value: number, least: number): void {
  if (!(Number.isSafeInteger(value) && value >= least))
    throw new InputError(`"${name}" expected an integer of at least ${least}, got ${value}; correct it`);
}
