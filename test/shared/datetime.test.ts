import { describe, expect, test } from 'vitest';
import {
  daysInMonth,
  daysInYear,
  formatWallClock,
  fromSeconds,
  parseWallClock,
  toSeconds,
} from '../../src/shared/datetime.ts';
import { stream } from '../../src/shared/random.ts';

const midnight = { hour: 0, minute: 0, second: 0 };

describe('parseWallClock', () => {
  test.each([
    ['2023-02-28T14:05:09', '2023-02-28T14:05:09'],
    ['2023-02-28 14:05:09', '2023-02-28T14:05:09'],
    ['2023:02:28 14:05:09', '2023-02-28T14:05:09'],
    [' 2024-02-29T00:00:00 ', '2024-02-29T00:00:00'],
    ['2000-02-29', '2000-02-29T00:00:00'],
    ['2023-02-28T14:05:09.987', '2023-02-28T14:05:09'],
    ['2023-02-28T14:05:09Z', '2023-02-28T14:05:09'],
    ['2023-02-28T14:05:09.5+13:45', '2023-02-28T14:05:09'],
    ['2023-02-28 14:05:09 -0330', '2023-02-28T14:05:09'],
    ['0001-01-01T00:00:00', '0001-01-01T00:00:00'],
    ['9999-12-31T23:59:59', '9999-12-31T23:59:59'],
    ['2023-03-26T02:30:00', '2023-03-26T02:30:00'], // skipped by summer time in much of Europe
  ])('%s', (text, wanted) => expect(formatWallClock(parseWallClock(text))).toBe(wanted));

  test.each([
    '2023-02-30',
    '2023-02-29T00:00:00',
    '1900-02-29',
    '2100-02-29',
    '2023-04-31',
    '2023-13-01',
    '2023-00-10',
    '2023-01-00',
    '0000-01-01',
    '2023-01-01T24:00:00',
    '2023-01-01T12:60:00',
    '2016-12-31T23:59:60',
    '0000:00:00 00:00:00',
  ])('%s does not exist', (text) =>
    expect(() => parseWallClock(text)).toThrow(/expected a date that exists/),
  );

  test.each([
    '',
    '    :  :     :  :  ',
    'yesterday',
    '2023',
    '23-02-28',
    '2023-2-8',
    '2023:02-28',
    '2023-02-28T14:05',
    '2023-02-28T14',
    '20230228',
    '2023-02-28T14:05:09 PM',
    '2023-02-28T14:05:09 CET',
    '12023-02-28',
    '-2023-02-28',
    'NaN',
  ])('"%s" has another form', (text) =>
    expect(() => parseWallClock(text)).toThrow(/expected YYYY-MM-DDTHH:MM:SS, got/),
  );
});

describe('calendar arithmetic', () => {
  test('known lengths', () => {
    expect([1900, 2000, 2023, 2024, 2100].map(daysInYear)).toEqual([365, 366, 365, 366, 365]);
    expect([2, 4, 12].map((month) => daysInMonth(2024, month))).toEqual([29, 30, 31]);
  });

  test('the Unix epoch is 719,162 days after 0001-01-01', () => {
    expect(toSeconds({ year: 1970, month: 1, day: 1, ...midnight })).toBe(719_162 * 86_400);
  });

  test('agrees with Date.UTC on each day from 1601 to 2400, both ways', () => {
    const unix = 719_162;
    for (let day = Date.UTC(1601, 0, 1) / 86_400_000; day < Date.UTC(2401, 0, 1) / 86_400_000; day++) {
      const date = new Date(day * 86_400_000);
      const when = fromSeconds((day + unix) * 86_400);
      const wanted = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
      const got = [when.year, when.month, when.day];
      if (got.join() !== wanted.join() || toSeconds(when) !== (day + unix) * 86_400)
        expect({ day, got }).toEqual({ day, got: wanted });
    }
  });

  test('seconds and back, over years 1 to 9999', () => {
    const random = stream(1, 'datetime');
    const end = toSeconds(parseWallClock('9999-12-31T23:59:59'));
    for (const seconds of [0, end, ...Array.from({ length: 5000 }, () => random.int(end))]) {
      const when = fromSeconds(seconds);
      expect(toSeconds(when)).toBe(seconds);
      expect(parseWallClock(formatWallClock(when))).toEqual(when);
    }
  });
});
