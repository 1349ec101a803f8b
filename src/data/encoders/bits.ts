/**
 * `bits`: the seconds since 0001-01-01 as 40 bits, five rows of eight black or white blocks, highest bit first.
 * Size >= 8.
 */
import { fromSeconds, toSeconds, type WallClock } from '../datetime.ts';
import { blockOf, type Encoder, type LevelAt, type Paint } from './_encoder.ts';

const [columns, rows] = [8, 5];
const count = columns * rows;

function draw(when: WallClock, size: number, paint: Paint): void {
  const seconds = toSeconds(when);
  for (let i = 0; i < count; i++) {
    const { x, y, width, height } = blockOf(i, columns, rows, size);
    paint(x, y, width, height, Math.floor(seconds / 2 ** (count - 1 - i)) % 2 === 1 ? 255 : 0);
  }
}

function read(size: number, levelAt: LevelAt): WallClock {
  let seconds = 0;
  for (let i = 0; i < count; i++) {
    const { x, y } = blockOf(i, columns, rows, size);
    seconds = 2 * seconds + (levelAt(x, y) > 127 ? 1 : 0);
  }
  return fromSeconds(seconds);
}

export const bits: Encoder = { least: columns, draw, read };
