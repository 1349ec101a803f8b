/** Stored bytes of a TIFF segment to samples of 8 or 16 bits. */
import type { TiffLayout } from './layout.ts';

export type Samples = Uint8Array | Uint16Array;

/**
 * 1, 2 and 4 bits are scaled to 0 ... 255 where they are grey, and stay numbers where they point into a palette;
 * 10, 12 and 14 bits stay the numbers that they are, in 16 bits. Packed bits begin with the highest one.
 * @param perRow samples in a row, which begins with a new byte
 */
export function samplesOf(bytes: Buffer, layout: TiffLayout, perRow: number): Samples {
  if (layout.bits === 8) return new Uint8Array(bytes);
  if (layout.bits === 16) return words(bytes, layout.littleEndian);
  const scale = layout.bits > 4 || layout.photometric === 'palette' ? 1 : 255 / (2 ** layout.bits - 1);
  return bitFields(bytes, layout.bits, perRow, scale);
}

function words(bytes: Buffer, littleEndian: boolean): Uint16Array {
  const copy = Buffer.from(new Uint8Array(bytes).buffer); // its memory begins at an even address
  if (!littleEndian) copy.swap16();
  return new Uint16Array(copy.buffer, copy.byteOffset, copy.length / 2);
}

function bitFields(bytes: Buffer, bits: number, perRow: number, scale: number): Samples {
  const stride = Math.ceil((perRow * bits) / 8);
  const count = (bytes.length / stride) * perRow;
  const out = bits > 8 ? new Uint16Array(count) : new Uint8Array(count);
  for (let row = 0, to = 0; to < count; row++) {
    let [at, pending, held] = [row * stride, 0, 0];
    for (let i = 0; i < perRow; i++) {
      for (; held < bits; held += 8) pending = ((pending << 8) | bytes[at++]!) & 0xffffff;
      held -= bits;
      out[to++] = ((pending >> held) & (2 ** bits - 1)) * scale;
    }
  }
  return out;
}

/** Undoes predictor 2 (TIFF 6.0, section 14): each sample is stored minus the same one of the pixel to its left. */
export function addLeft(data: Samples, perRow: number, perPixel: number): Samples {
  for (let row = 0; row < data.length; row += perRow)
    for (let at = row + perPixel; at < row + perRow; at++) data[at]! += data[at - perPixel]!;
  return data;
}
