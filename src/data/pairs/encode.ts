/**
 * Metadata images: a date and time, and modality and patient hash with `extra`, drawn as the square picture that
 * the networks see, and read back from it.
 *
 * Every encoder (a file of encoders/ each) is injective over all dates of years 1 to 9999 and all extras, draws three
 * equal channels, and draws at the size asked for instead of resizing.
 */

import { impossible } from '../../shared/datetime.ts';
import { InputError } from '../../shared/errors.ts';
import { isExtra, type Metadata, unknownExtra } from '../metadata/extra.ts';
import { checkedEncoder, codesOf, drawCodes, drawingOf, type EncoderName } from './drawing.ts';

export { checkedEncoder, type EncoderName, encoderNames } from './drawing.ts';

/**
 * One metadata image.
 * @returns size x size x 3 samples of 0-255, rows from the top, channels interleaved
 * @throws InputError for an unknown encoder, a size too small for it, a date that does not exist, or an extra that it cannot draw
 */
export function drawMetadataImage(metadata: Metadata, size: number, encoder: EncoderName): Uint8Array {
  const drawing = drawingOf(encoder, size, metadata.extra !== undefined);
  const out = new Uint8Array(size * size * 3);
  drawCodes(drawing, codesOf(drawing, [metadata]), out);
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
 * @param out at least dates.length * size * size * 3 numbers, overwritten
 * @throws InputError as `drawMetadataImage`; RangeError if `out` is too short
 */
export function drawBatch(
  dates: readonly Metadata[],
  size: number,
  encoder: EncoderName,
  out: Float32Array,
): void {
  const each = size * size * 3;
  if (out.length < dates.length * each)
    throw new RangeError(`"out" expected ${dates.length * each} numbers, got ${out.length}`);
  dates.forEach((date, i) => {
    const drawing = drawingOf(encoder, size, date.extra !== undefined);
    drawCodes(drawing, codesOf(drawing, [date]), out.subarray(i * each, (i + 1) * each));
  });
}
