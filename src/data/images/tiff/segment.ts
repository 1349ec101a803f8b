/** One strip or tile of a TIFF file to its samples. */
import { inflateSync } from 'node:zlib';
import type { Raster } from '../../../shared/types.ts';
import { decodeJpeg } from '../jpeg/decode.ts';
import { decodeStrictly } from '../sharp-raster.ts';
import { unread } from '../unread.ts';
import { ccittTiff } from './ccitt.ts';
import { wholeJpeg } from './jpeg.ts';
import type { TiffLayout } from './layout.ts';
import { isOldLzw, unpackLzw } from './lzw.ts';
import { unpackPackBits } from './pack-bits.ts';
import { addLeft, type Samples, samplesOf } from './samples.ts';

/**
 * @param rows that the picture needs of it; those behind are filling
 * @returns at least `rows` rows of `layout.segment.width` pixels, samples interleaved
 * @throws Error with a few words if it is damaged; InputError where it is JPEG that is damaged or not read
 */
export async function decodeSegment(
  layout: TiffLayout,
  index: number,
  rows: number,
  name: string,
): Promise<Samples> {
  const stored = layout.segments[index]!;
  const perPixel = layout.planar ? 1 : layout.samples;
  if (layout.compression === 7)
    return partOf(await decodeJpeg(wholeJpeg(stored, layout, perPixel), name), layout, rows);
  const stream = layout.lowBitsFirst ? reversed(stored) : stored;
  if (isCcitt(layout.compression))
    return partOf(await decodeStrictly(ccittTiff(stream, layout, rows)), layout, rows);
  if (layout.compression === 5 && isOldLzw(stream)) throw unread(name, 'TIFF with old LZW', 'LZW or Deflate');
  const { width, height } = layout.segment;
  const stride = Math.ceil((width * perPixel * layout.bits) / 8);
  const bytes = unpacked(layout.compression, stream, stride * height);
  if (bytes.length < stride * rows) throw new Error(`${bytes.length} of ${stride * rows} bytes`);
  const data = samplesOf(bytes.subarray(0, stride * rows), layout, width * perPixel);
  return layout.differences ? addLeft(data, width * perPixel, perPixel) : data;
}

const isCcitt = (compression: number): boolean => [2, 3, 4, 32771].includes(compression);

/** At most `limit` bytes. */
function unpacked(compression: number, stream: Buffer, limit: number): Buffer {
  if (compression === 1) return stream;
  if (compression === 5) return unpackLzw(stream, limit);
  if (compression === 32773) return unpackPackBits(stream, limit);
  return inflateSync(stream, { maxOutputLength: limit });
}

/** The samples of a segment that was decoded as a picture of its own. */
function partOf(picture: Raster, layout: TiffLayout, rows: number): Samples {
  const { width, height, channels, data } = picture;
  const fits =
    width === layout.segment.width && height >= rows && channels === (layout.planar ? 1 : layout.samples);
  if (!fits) throw new Error(`it is ${width}x${height} of ${channels} samples`);
  return data;
}

/** The bits of each byte in the other order. */
const reversed = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => bitsReversed[byte]!));
const bitsReversed = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number.parseInt(byte.toString(2).padStart(8, '0').split('').reverse().join(''), 2),
);
