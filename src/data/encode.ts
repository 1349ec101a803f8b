/**
 * Metadata images: a date and time drawn as the square picture that the networks see, and read back from it.
 *
 * Every encoder (a file of encoders/ each) is injective over all dates of years 1 to 9999, draws three equal channels,
 * and draws at the wanted size instead of resizing.
 */
import { InputError } from '../shared/errors.ts';
import { impossible, type WallClock } from './datetime.ts';
import type { Encoder, Paint } from './encoders/_encoder.ts';
import { bits } from './encoders/bits.ts';
import { fields } from './encoders/fields.ts';
import { text } from './encoders/text.ts';

const encoders = { text, fields, bits } satisfies Record<string, Encoder>;

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
 * The date of a metadata image, exactly: the inverse of `drawMetadataImage`.
 * @param image size x size x 3 samples of 0-255
 * @throws InputError for a picture that the encoder does not draw for any date, pixel by pixel
 */
export function readMetadataImage(image: Uint8Array, size: number, encoder: EncoderName): WallClock {
  const { read } = checkedEncoder(encoder, size);
  if (image.length === size * size * 3) {
    const when = read(size, (x, y) => image[(y * size + x) * 3]!);
    if (impossible(when) === null) {
      const drawn = drawMetadataImage(when, size, encoder);
      if (image.every((value, i) => value === drawn[i])) return when;
    }
  }
  throw new InputError(
    `"image" expected a metadata image of encoder ${encoder}, ${size}x${size}x3, got another picture`,
  );
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
