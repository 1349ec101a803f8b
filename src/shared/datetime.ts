/**
 * Wall-clock dates and times, as a camera or scanner writes them: no time zone, no leap seconds, proleptic
 * Gregorian calendar, years 1 to 9999. All arithmetic is on whole seconds and never touches `Date`, whose
 * local-time parsing would make a key depend on the machine's zone.
 */
import { InputError } from './errors.ts';

export interface WallClock {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to the length of the month. */
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const form =
  /^(\d{4})([-:])(\d\d)\2(\d\d)(?:[T ](\d\d):(\d\d):(\d\d)(?:[.,]\d+)?\s*(?:Z|[+-]\d\d(?::?\d\d)?)?)?$/;

/**
 * Reads `YYYY-MM-DDTHH:MM:SS`, the same with a blank, EXIF's `YYYY:MM:DD HH:MM:SS`, or a date alone, which
 * is its midnight. Fractions and offsets behind the seconds are ignored: the text is the key, not the instant.
 * @throws InputError for another form, or a date or time that does not exist
 */
export function parseWallClock(text: string): WallClock {
  const found = form.exec(text.trim());
  if (!found)
    throw new InputError(
      `"date" expected YYYY-MM-DDTHH:MM:SS, got "${text}"; for example 2023-02-28T14:05:09`,
    );
  const [year, month, day, hour, minute, second] = [1, 3, 4, 5, 6, 7].map((i) => Number(found[i] ?? 0));
  const when = { year, month, day, hour, minute, second } as WallClock;
  const wrong = impossible(when);
  if (wrong) throw new InputError(`"date" expected a date that exists, got "${text}" (${wrong}); correct it`);
  return when;
}

/** Forms that files have: the same separator twice, digits left out, no seconds. */
const fileForm =
  /^(\d{4})([-:/.])(\d{1,2})\2(\d{1,2})(?:(?:T|\s+)(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(?:Z|[+-]\d\d(?::?\d\d)?)?)?$/;

/**
 * Reads a date as files state it, more kindly than `parseWallClock`: also `2023/02/28 14:05`, and text behind a NUL is
 * passed over.
 * @returns why it is none, in a few words
 */
export function readWallClock(written: string): WallClock | string {
  const text = written.split('\0')[0]!.trim();
  if (/^[\s:0/.-]*$/.test(text)) return 'it is blank';
  const found = fileForm.exec(text);
  if (!found) return `"${text.slice(0, 40).replace(/[^ -~]/g, '?')}" is no date and time`;
  const [year, month, day, hour, minute, second] = [1, 3, 4, 5, 6, 7].map((i) => Number(found[i] ?? 0));
  const when = { year, month, day, hour, minute, second } as WallClock;
  return impossible(when) ?? when;
}

/** `YYYY-MM-DDTHH:MM:SS`, 19 characters. */
export function formatWallClock(when: WallClock): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  const date = `${String(when.year).padStart(4, '0')}-${two(when.month)}-${two(when.day)}`;
  return `${date}T${two(when.hour)}:${two(when.minute)}:${two(when.second)}`;
}

/** Why a date is impossible; null if it exists. */
export function impossible({ year, month, day, hour, minute, second }: WallClock): string | null {
  if (year < 1 || year > 9999) return `year ${year}`;
  if (month < 1 || month > 12) return `month ${month}`;
  const days = daysInMonth(year, month);
  if (day < 1 || day > days) return `day ${day} of a month of ${days} days`;
  if (hour > 23) return `hour ${hour}`;
  if (minute > 59) return `minute ${minute}`;
  return second > 59 ? `second ${second}` : null;
}

const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

export const daysInYear = (year: number): number => (isLeapYear(year) ? 366 : 365);

export const daysInMonth = (year: number, month: number): number =>
  month === 2 && isLeapYear(year) ? 29 : [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!;

export const secondsInDay = 86_400;

/** Days from 0001-01-01 to a date (Reingold and Dershowitz, Calendrical Calculations, 2018, eq. 2.17). */
function dayNumber({ year, month, day }: Pick<WallClock, 'year' | 'month' | 'day'>): number {
  const y = year - 1;
  const years = 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  const february = month <= 2 ? 0 : isLeapYear(year) ? -1 : -2;
  return years + Math.floor((367 * month - 362) / 12) + february + day - 1;
}

export const secondOfDay = ({ hour, minute, second }: WallClock): number =>
  3600 * hour + 60 * minute + second;

/** Seconds from 0001-01-01T00:00:00, below 2^39. */
export const toSeconds = (when: WallClock): number => dayNumber(when) * secondsInDay + secondOfDay(when);

/** The inverse of `toSeconds`, for whole seconds from year 1 to 9999. */
export function fromSeconds(seconds: number): WallClock {
  const days = Math.floor(seconds / secondsInDay);
  const rest = seconds - days * secondsInDay;
  const time = { hour: Math.floor(rest / 3600), minute: Math.floor(rest / 60) % 60, second: rest % 60 };
  return { ...fromDayNumber(days), ...time };
}

function fromDayNumber(days: number): Pick<WallClock, 'year' | 'month' | 'day'> {
  // 146,097 days make 400 years; the estimate is at most one year off.
  let year = Math.floor((days * 400) / 146_097) + 1;
  if (dayNumber({ year, month: 1, day: 1 }) > days) year--;
  if (dayNumber({ year: year + 1, month: 1, day: 1 }) <= days) year++;
  let month = 1;
  while (month < 12 && dayNumber({ year, month: month + 1, day: 1 }) <= days) month++;
  return { year, month, day: days - dayNumber({ year, month, day: 1 }) + 1 };
}

/** A date as a file states it. */
export interface Candidate {
  /** `exif:DateTimeOriginal`, `xmp:CreateDate`, `iptc:DateCreated`, `png:tIME`, `dicom:StudyDate`, ... */
  readonly source: string;
  /** As written; null: the tag is there and its value lies outside the file. */
  readonly text: string | null;
}
