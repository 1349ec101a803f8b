/**
 * `fields`: grey columns from the top to the bottom, each value scaled from its range to 0-255: century, year of it,
 * month, day, hour, minute, second. Size >= 7. With extra metadata 25 more: 16 letters of the modality, whether there
 * is a patient, 8 bytes of the patient hash. Size >= 32. No range has more than 256 values, so each has a level of its own.
 * A column is a cell, its code the level.
 */
import { extraOfValues, extraRanges, extraValues, type Metadata } from '../../metadata/extra.ts';
import { blockLayout, blockOf, type Encoder, type LevelAt } from './_encoder.ts';

/** Least and greatest value of each column of a date. */
const dateRanges = [
  [0, 99],
  [0, 99],
  [1, 12],
  [1, 31],
  [0, 23],
  [0, 59],
  [0, 59],
] as const;
const allRanges = [...dateRanges, ...extraRanges.map((greatest) => [0, greatest] as const)];

const rangesOf = (withExtra: boolean) => (withExtra ? allRanges : dateRanges);

function codes(metadata: Metadata): number[] {
  const { year, month, day, hour, minute, second, extra } = metadata;
  const date = [Math.floor(year / 100), year % 100, month, day, hour, minute, second];
  return [...date, ...(extra ? extraValues(extra) : [])].map((value, i) => {
    const [least, greatest] = allRanges[i]!;
    return Math.round((255 * (value - least)) / (greatest - least));
  });
}

function read(size: number, levelAt: LevelAt, withExtra: boolean): Metadata {
  const ranges = rangesOf(withExtra);
  const values = ranges.map(([least, greatest], i) => {
    const { x, y } = blockOf(i, ranges.length, 1, size);
    return least + Math.round((levelAt(x, y) * (greatest - least)) / 255);
  });
  const [century, inCentury, month, day, hour, minute, second] = values as [number, ...number[]];
  const when = {
    year: 100 * century + inCentury!,
    month: month!,
    day: day!,
    hour: hour!,
    minute: minute!,
    second: second!,
  };
  return withExtra ? { ...when, extra: extraOfValues(values.slice(dateRanges.length)) } : when;
}

export const fields: Encoder = {
  least: dateRanges.length,
  leastWithExtra: allRanges.length,
  glyphs: Array.from({ length: 256 }, (_, level) => Uint8Array.of(level)),
  layout: (size, withExtra) => blockLayout(rangesOf(withExtra).length, 1, size, rangesOf(withExtra).length),
  codes,
  read,
};
