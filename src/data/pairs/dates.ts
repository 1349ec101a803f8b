/** Synthetic dates: distinct seconds, uniform over the calendar span 1990-2039, from a seeded stream. */

import { fromSeconds, type WallClock } from '../../shared/datetime.ts';
import { InputError } from '../../shared/errors.ts';
import { stream } from '../../shared/random.ts';
import { spanSeconds, spanStart } from './target.ts';

/**
 * `count` distinct dates. The first n of a longer list are the shorter list, so a set can be extended.
 * @param count up to 10^7
 * @param streamName separates, say, training dates from those of samples; equal names give equal dates
 * @throws InputError if `count` is not an integer in range
 */
export const syntheticDates = (count: number, seed: number, streamName: string): WallClock[] =>
  Array.from(syntheticSeconds(count, seed, streamName), (second) => fromSeconds(second));

/** The same as seconds, in a quarter of the memory. */
export function syntheticSeconds(count: number, seed: number, streamName: string): Float64Array {
  if (!Number.isSafeInteger(count) || count < 0 || count > 1e7)
    throw new InputError(`"count" expected an integer from 0 to 10000000, got ${count}`);
  const random = stream(seed, 'dates', streamName);
  const seconds = new Set<number>();
  while (seconds.size < count) seconds.add(random.int(spanSeconds));
  return Float64Array.from(seconds, (second) => spanStart + second);
}
