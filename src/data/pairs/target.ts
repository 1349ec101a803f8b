/**
 * The value that a network learns to predict from a metadata image: one value for the logistic map, three for Lorenz,
 * each in the unit interval, from which the cipher makes parameters.
 *
 * `calendar`, span 1990-01-01T00:00:00 to 2039-12-31T23:59:59: position in the span, in the year and in the
 * day (the logistic map: in the span), each elapsed seconds / seconds there are, so in [0, 1). Exactly
 * invertible: a second of the span is 6.3e-10, a float64 resolves 1.1e-16.
 * `hash`: 32-bit word k (high byte first) of SHA-256 (FIPS 180-4) of `YYYY-MM-DDTHH:MM:SS`, over 2^32:
 * [0, 1 - 2^-32], no inverse, nothing to learn. `random`: the seeded stream of that text: [0, 1 - 2^-53].
 */
import { createHash } from 'node:crypto';
import { type MapName, ofEachMap } from '../../chaos/maps.ts';
import {
  daysInYear,
  formatWallClock,
  fromSeconds,
  secondOfDay,
  secondsInDay,
  toSeconds,
  type WallClock,
} from '../../shared/datetime.ts';
import { InputError } from '../../shared/errors.ts';
import { stream } from '../../shared/random.ts';

export const targetNames = ['calendar', 'hash', 'random'] as const;
export type TargetName = (typeof targetNames)[number];

/** How many values a map takes. */
export const targetSize = ofEachMap(({ parameters }) => parameters.length);

const firstYear = 1990;
const lastYear = 2039;
const startOfYear = (year: number): number =>
  toSeconds({ year, month: 1, day: 1, hour: 0, minute: 0, second: 0 });
/** First second of the calendar span, in `toSeconds`'s count. */
export const spanStart = startOfYear(firstYear);
/** 1,577,836,800 seconds: 50 years, 12 of them leap years. */
export const spanSeconds = startOfYear(lastYear + 1) - spanStart;

/**
 * The target values of a date.
 * @param seed of the target `random`; the others do not depend on it
 * @returns as many values as the map has parameters; `calendar` has 3 at most
 * @throws InputError for a date outside the span (`calendar`), or an unknown target
 */
export function targetOf(when: WallClock, map: MapName, target: TargetName, seed: number): number[] {
  const count = targetSize[map];
  if (target === 'calendar') return calendar(when).slice(0, count);
  if (target === 'hash') return hashed(when).slice(0, count);
  if (target === 'random') return drawn(when, count, seed);
  throw new InputError(`"target" expected one of ${targetNames.join(', ')}, got ${target}`);
}

function calendar(when: WallClock): number[] {
  const elapsed = toSeconds(when) - spanStart;
  if (elapsed < 0 || elapsed >= spanSeconds)
    throw new InputError(
      `"date" expected a year from ${firstYear} to ${lastYear} for target calendar, ` +
        `got ${formatWallClock(when)}; use target hash or give the parameters by hand`,
    );
  const inYear = toSeconds(when) - startOfYear(when.year);
  const yearSeconds = daysInYear(when.year) * secondsInDay;
  return [elapsed / spanSeconds, inYear / yearSeconds, secondOfDay(when) / secondsInDay];
}

/**
 * The inverse of target `calendar`, exact for its values, to the nearest second between them.
 * @param values 1 (logistic) or 3 (lorenz); the first alone determines the date, the others are checked
 * @throws InputError for values outside [0, 1) or that contradict each other by half a second or more
 */
export function whenFromCalendar(values: readonly number[]): WallClock {
  const elapsed = Math.round(values[0]! * spanSeconds);
  if (!(elapsed >= 0 && elapsed < spanSeconds))
    throw new InputError(`"values" expected a first value in [0, 1), got ${values[0]}`);
  const when = fromSeconds(spanStart + elapsed);
  const scale = [spanSeconds, daysInYear(when.year) * secondsInDay, secondsInDay];
  calendar(when).forEach((exact, k) => {
    if (k < values.length && !(Math.abs(exact - values[k]!) * scale[k]! < 0.5))
      throw new InputError(`"values" expected positions of one date, got ${values.join(', ')}`);
  });
  return when;
}

function hashed(when: WallClock): number[] {
  const digest = createHash('sha256').update(formatWallClock(when)).digest();
  return [0, 4, 8, 12, 16, 20, 24, 28].map((at) => digest.readUInt32BE(at) / 2 ** 32);
}

function drawn(when: WallClock, count: number, seed: number): number[] {
  const random = stream(seed, 'target', formatWallClock(when));
  return Array.from({ length: count }, () => random.next());
}
