import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { MapName } from '../../../src/chaos/maps.ts';
import { syntheticDates } from '../../../src/data/pairs/dates.ts';
import {
  spanSeconds,
  spanStart,
  type TargetName,
  targetNames,
  targetOf,
  whenFromCalendar,
} from '../../../src/data/pairs/target.ts';
import { formatWallClock, fromSeconds, parseWallClock, toSeconds } from '../../../src/shared/datetime.ts';

const maps: MapName[] = ['logistic', 'lorenz'];
const at = (text: string, map: MapName = 'lorenz') => targetOf(parseWallClock(text), map, 'calendar', 1);

describe('calendar', () => {
  test('the span holds 50 years, 12 of them leap years', () => {
    expect(spanSeconds).toBe((50 * 365 + 12) * 86_400);
  });

  test.each([
    ['1990-01-01T00:00:00', [0, 0, 0]],
    ['1990-01-01T12:00:00', [43_200 / 1_577_836_800, 0.5 / 365, 0.5]],
    ['2024-07-02T00:00:00', [12_601 / 18_262, 0.5, 0]], // day 183 of 366
    ['2039-12-31T23:59:59', [1 - 1 / 1_577_836_800, 1 - 1 / 31_536_000, 1 - 1 / 86_400]],
  ])('%s', (text, wanted) => {
    at(text).forEach((value, k) => {
      expect(Math.abs(value - wanted[k]!)).toBeLessThan(2e-16);
    });
    expect(at(text, 'logistic')).toEqual(at(text).slice(0, 1));
  });

  test.each(['1989-12-31T23:59:59', '2040-01-01T00:00:00', '0001-01-01', '9999-12-31'])(
    '%s is outside',
    (text) => {
      expect(() => at(text)).toThrow(/expected a year from 1990 to 2039/);
      expect(() => at(text, 'logistic')).toThrow(/target calendar/);
    },
  );

  test.each(maps)('%s: the inverse is exact at every day boundary and at random seconds', (map) => {
    const seconds: number[] = [];
    for (let day = 0; day < spanSeconds; day += 86_400) seconds.push(day, day + 1, day + 86_399);
    for (const date of syntheticDates(20_000, 2, 'target')) seconds.push(toSeconds(date) - spanStart);
    const wrong = seconds.filter((second) => {
      const when = fromSeconds(spanStart + second);
      return toSeconds(whenFromCalendar(targetOf(when, map, 'calendar', 1))) !== spanStart + second;
    });
    expect(wrong).toEqual([]);
  });

  test.each([[[1]], [[-0.1]], [[Number.NaN]], [[]], [[0.5, 0.9, 0.1]], [[0, 0, 0.5]]])(
    'no date has %j',
    (values) => {
      expect(() => whenFromCalendar(values)).toThrow(/"values" expected/);
    },
  );
});

test('hash: three words of SHA-256, high byte first', () => {
  const text = '2023-02-28T14:05:09';
  const hex = createHash('sha256').update(text).digest('hex');
  const wanted = [0, 8, 16].map((from) => Number.parseInt(hex.slice(from, from + 8), 16) / 4_294_967_296);
  expect(targetOf(parseWallClock(text), 'lorenz', 'hash', 1)).toEqual(wanted);
  expect(targetOf(parseWallClock(text), 'logistic', 'hash', 2)).toEqual(wanted.slice(0, 1));
});

test('random: one seed gives one value, another seed another', () => {
  const when = parseWallClock('2023-02-28T14:05:09');
  expect(targetOf(when, 'lorenz', 'random', 1)).toEqual(targetOf(when, 'lorenz', 'random', 1));
  expect(targetOf(when, 'lorenz', 'random', 1)).not.toEqual(targetOf(when, 'lorenz', 'random', 2));
});

describe.each(targetNames)('%s', (target) => {
  test.each(maps)('%s: values in [0, 1), spread evenly', (map) => {
    const values = syntheticDates(2000, 3, 'spread').flatMap((when) => targetOf(when, map, target, 1));
    expect(values.length).toBe(2000 * (map === 'lorenz' ? 3 : 1));
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 / Math.sqrt(12 * values.length)); // 5 standard deviations
  });
});

test('an unknown target is refused', () => {
  expect(() => targetOf(parseWallClock('2023-02-28'), 'lorenz', 'moon' as TargetName, 1)).toThrow(
    /"target" expected one of calendar, hash, random, got moon/,
  );
});

describe('syntheticDates', () => {
  test('distinct, in the span, and a longer list begins with the shorter', () => {
    const dates = syntheticDates(3000, 7, 'a').map(formatWallClock);
    expect(new Set(dates).size).toBe(3000);
    expect(dates.every((date) => date >= '1990' && date < '2040')).toBe(true);
    expect(syntheticDates(100, 7, 'a').map(formatWallClock)).toEqual(dates.slice(0, 100));
  });

  test('seed and stream name separate', () => {
    const first = (seed: number, name: string) => formatWallClock(syntheticDates(1, seed, name)[0]!);
    expect(new Set([first(1, 'a'), first(2, 'a'), first(1, 'b')]).size).toBe(3);
  });

  test.each([-1, 0.5, Number.NaN, 1e8])('count %s is refused', (count) => {
    expect(() => syntheticDates(count, 1, 'a')).toThrow(/"count" expected an integer/);
  });
});
