/**
 * Metadata images: a date and time drawn as the square picture that the networks see.
 *
 * `text`: white on black, two centred lines `YYYY-MM-DD` and `HH:MM:SS` in the built-in font, enlarged by
 * the whole number floor(size / 60); 64 pixels give 1, 224 give 3. Size >= 60.
 * `fields`: seven grey blocks, four above three: century, year of it, month, day / hour, minute, second,
 * each scaled from its range to 0-255. Size >= 4.
 * `bits`: the seconds since 0001-01-01 as 40 bits, five rows of eight black or white blocks, highest bit
 * first. Size >= 8.
 *
 * Every encoder is injective over all dates of years 1 to 9999, draws three equal channels, and draws at
 * the wanted size instead of resizing.
 */
import { InputError } from '../shared/errors.ts';
import { formatWallClock, toSeconds, type WallClock } from './datetime.ts';
import { cellWidth, glyphHeight, glyphRuns } from './font.ts';

/** Fills a rectangle with a level of 0-255. */
type Paint = (x: number, y: number, width: number, height: number, level: number) => void;

interface Encoder {
  readonly least: number;
  readonly draw: (when: WallClock, size: number, paint: Paint) => void;
}

/** Ten characters of six pixels, the longer of the two lines. */
const textWidth = 10 * cellWidth;
/** Blank rows between the two lines. */
const leading = 5;

function drawText(when: WallClock, size: number, paint: Paint): void {
  const scale = Math.floor(size / textWidth);
  const lines = formatWallClock(when).split('T');
  const top = Math.floor((size - scale * (2 * glyphHeight + leading)) / 2);
  lines.forEach((line, i) => {
    const left = Math.floor((size - scale * (line.length * cellWidth - 1)) / 2);
    drawLine(line, left, top + i * scale * (glyphHeight + leading), scale, paint);
  });
}

function drawLine(line: string, left: number, top: number, scale: number, paint: Paint): void {
  for (let i = 0; i < line.length; i++) {
    for (const [row, column, length] of glyphRuns(line[i]!)) {
      paint(left + scale * (i * cellWidth + column), top + scale * row, scale * length, scale, 255);
    }
  }
}

function drawFields(when: WallClock, size: number, paint: Paint): void {
  const { year, month, day, hour, minute, second } = when;
  const scaled = [
    Math.floor(year / 100) / 99,
    (year % 100) / 99,
    (month - 1) / 11,
    (day - 1) / 30,
    hour / 23,
    minute / 59,
    second / 59,
  ];
  scaled.forEach((value, i) => {
    block(i, 4, 2, size, Math.round(255 * value), paint);
  });
}

function drawBits(when: WallClock, size: number, paint: Paint): void {
  const seconds = toSeconds(when);
  for (let i = 0; i < 40; i++) {
    block(i, 8, 5, size, Math.floor(seconds / 2 ** (39 - i)) % 2 === 1 ? 255 : 0, paint);
  }
}

/** The i-th of columns x rows blocks that tile the picture. */
function block(i: number, columns: number, rows: number, size: number, level: number, paint: Paint): void {
  const edge = (k: number, parts: number): number => Math.floor((k * size) / parts);
  const [column, row] = [i % columns, Math.floor(i / columns)];
  const [x, y] = [edge(column, columns), edge(row, rows)];
  paint(x, y, edge(column + 1, columns) - x, edge(row + 1, rows) - y, level);
}

const encoders = {
  text: { least: textWidth, draw: drawText },
  fields: { least: 4, draw: drawFields },
  bits: { least: 8, draw: drawBits },
} satisfies Record<string, Encoder>;

export type EncoderName = keyof typeof encoders;
export const encoderNames = Object.keys(encoders) as EncoderName[];

/**
 * One metadata image.
 * @returns size x size x 3 samples of 0-255, rows from the top, channels interleaved
 * @throws InputError for an unknown encoder or a size too small for it
 */
export function drawMetadataImage(when: WallClock, size: number, encoder: EncoderName): Uint8Array {
  const out = new Uint8Array(size * size * 3);
  checkedEncoder(encoder, size).draw(when, size, painter(out, 0, size, 1));
  return out;
}

/**
 * Many metadata images as a network's input: values 0-1, NHWC, image i from i * size * size * 3.
 * 224 x 224 text: over 3,000 images a second on one core.
 * @param out at least when.length * size * size * 3 numbers, overwritten
 * @throws InputError for an unknown encoder or a size too small for it; RangeError if `out` is too short
 */
export function drawBatch(
  when: readonly WallClock[],
  size: number,
  encoder: EncoderName,
  out: Float32Array,
): void {
  const { draw } = checkedEncoder(encoder, size);
  const each = size * size * 3;
  if (out.length < when.length * each)
    throw new RangeError(`"out" expected ${when.length * each} numbers, got ${out.length}`);
  out.fill(0, 0, when.length * each);
  when.forEach((date, i) => {
    draw(date, size, painter(out, i * each, size, 1 / 255));
  });
}

/** @throws InputError for an unknown encoder, or a size that is no integer or too small */
export function checkedEncoder(encoder: EncoderName, size: number): Encoder {
  const found: Encoder | undefined = Object.hasOwn(encoders, encoder) ? encoders[encoder] : undefined;
  if (!found) throw new InputError(`"encoder" expected one of ${encoderNames.join(', ')}, got ${encoder}`);
  if (!Number.isSafeInteger(size) || size < found.least)
    throw new InputError(
      `"size" expected an integer of at least ${found.least} for encoder ${encoder}, got ${size}`,
    );
  return found;
}

function painter(out: Uint8Array | Float32Array, start: number, size: number, unit: number): Paint {
  return (x, y, width, height, level) => {
    // 255 / 255 is exactly 1; in between, the float32 nearest to level / 255.
    const value = unit === 1 ? level : level / 255;
    for (let row = y; row < y + height; row++) {
      const at = start + (row * size + x) * 3;
      out.fill(value, at, at + width * 3);
    }
  };
}
