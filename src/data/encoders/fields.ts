/**
 * `fields`: seven grey columns from the top to the bottom: century, year of it, month, day, hour, minute, second, each
 * scaled from its range to 0-255. No range has more than 100 values, so each has a level of its own. Size >= 7.
 */
import type { WallClock } from '../datetime.ts';
import { blockOf, type Encoder, type LevelAt, type Paint } from './_encoder.ts';

/** Least and greatest value of each column. */
const ranges = [
  [0, 99],
  [0, 99],
  [1, 12],
  [1, 31],
  [0, 23],
  [0, 59],
  [0, 59],
] as const;

function draw({ year, month, day, hour, minute, second }: WallClock, size: number, paint: Paint): void {
  [Math.floor(year / 100), year % 100, month, day, hour, minute, second].forEach((value, i) => {
    const [least, greatest] = ranges[i]!;
    const { x, y, width, height } = blockOf(i, ranges.length, 1, size);
    paint(x, y, width, height, Math.round((255 * (value - least)) / (greatest - least)));
  });
}

function read(size: number, levelAt: LevelAt): WallClock {
  const values = ranges.map(([least, greatest], i) => {
    const { x, y } = blockOf(i, ranges.length, 1, size);
    return least + Math.round((levelAt(x, y) * (greatest - least)) / 255);
  });
  const [century, inCentury, month, day, hour, minute, second] = values as [number, ...number[]];
  return {
    year: 100 * century + inCentury!,
    month: month!,
    day: day!,
    hour: hour!,
    minute: minute!,
    second: second!,
  };
}

export const fields: Encoder = { least: ranges.length, draw, read };
