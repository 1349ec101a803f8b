/**
 * Metadata images: a date and time, and with it modality and patient hash where wanted, drawn as the square picture that
 * the networks see, and read back from it.
 *
 * Every encoder (a file of encoders/ each) is injective over all dates of years 1 to 9999 and all extras, draws three
 * equal channels, and draws at the wanted size instead of resizing.
 */
import { InputError } from '../shared/errors.ts';
import { impossible } from './datetime.ts';
import type { Encoder, Paint } from './encoders/_encoder.ts';
import { bits } from './encoders/bits.ts';
import { fields } from './encoders/fields.ts';
import { text } from './encoders/text.ts';
import { isExtra, type Metadata, unknownExtra } from './extra.ts';

const encoders = { text, fields, bits } satisfies Record<string, Encoder>;

export type EncoderName = keyof typeof encoders;
export const encoderNames = Object.keys(encoders) as EncoderName[];

/**
 * One metadata image.
 * @returns size x size x 3 samples of 0-255, rows from the top, channels interleaved
 * @throws InputError for an unknown encoder, a size too small for it, or an extra that it cannot draw
 */
export function drawMetadataImage(metadata: Metadata, size: number, encoder: EncoderName): Uint8Array {
  const out = new Uint8Array(size * size * 3);
  checkedEncoder(encoder, size, metadata.extra !== undefined).draw(
    checkedMetadata(metadata),
    size,
    painter(out, 0, size, 1),
  );
  return out;
}

/**
 * The date of a metadata image, exactly: the inverse of `drawMetadataImage`.
 * @param image size x size x 3 samples of 0-255
 * @param withExtra whether it was drawn with extra metadata, which then comes back too
 * @throws InputError for a picture that the encoder does not draw for any date, pixel by pixel
 */
export function readMetadataImage(
  image: Uint8Array,
  size: number,
  encoder: EncoderName,
  withExtra = false,
): Metadata {
  const { read } = checkedEncoder(encoder, size, withExtra);
  if (image.length === size * size * 3) {
    const found = read(size, (x, y) => image[(y * size + x) * 3]!, withExtra);
    if (impossible(found) === null && isExtra(found.extra ?? unknownExtra)) {
      const drawn = drawMetadataImage(found, size, encoder);
      if (Buffer.compare(image, drawn) === 0) return found;
    }
  }
  throw new InputError(
    `"image" expected a metadata image of encoder ${encoder}, ${size}x${size}x3${withExtra ? ', with extra metadata' : ''}, got another picture`,
  );
}

/**
 * Many metadata images as a network's input: values 0-1, NHWC, image i from i * size * size * 3.
 * 224 x 224 text: over 3,000 images a second on one core.
 * @param out at least dates.length * size * size * 3 numbers, overwritten
 * @throws InputError as `drawMetadataImage`; RangeError if `out` is too short
 */
export function drawBatch(
  dates: readonly Metadata[],
  size: number,
  encoder: EncoderName,
  out: Float32Array,
): void {
  const { draw } = checkedEncoder(
    encoder,
    size,
    dates.some(({ extra }) => extra !== undefined),
  );
  const each = size * size * 3;
  if (out.length < dates.length * each)
    throw new RangeError(`"out" expected ${dates.length * each} numbers, got ${out.length}`);
  out.fill(0, 0, dates.length * each);
  dates.forEach((date, i) => {
    draw(checkedMetadata(date), size, painter(out, i * each, size, 1 / 255));
  });
}

function checkedMetadata(metadata: Metadata): Metadata {
  const { extra } = metadata;
  if (extra === undefined || isExtra(extra)) return metadata;
  throw new InputError(
    `"extra" expected a modality of at most 16 of A-Z, 0-9, _ and blanks between, and a patient hash of 16 hexadecimal digits, got "${extra.modality}" and "${extra.patient}"`,
  );
}

/** @throws InputError for an unknown encoder, or a size that is no integer or too small */
export function checkedEncoder(encoder: EncoderName, size: number, withExtra = false): Encoder {
  const found: Encoder | undefined = Object.hasOwn(encoders, encoder) ? encoders[encoder] : undefined;
  if (!found) throw new InputError(`"encoder" expected one of ${encoderNames.join(', ')}, got ${encoder}`);
  const least = withExtra ? found.leastWithExtra : found.least;
  if (!Number.isSafeInteger(size) || size < least)
    throw new InputError(
      `"size" expected an integer of at least ${least} for encoder ${encoder}${withExtra ? ' with extra metadata' : ''}, got ${size}`,
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
