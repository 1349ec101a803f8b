/**
 * TIFF files (TIFF 6.0, BigTIFF) to rasters, without libtiff, which through sharp gives tiles that it cannot decode
 * as black, inverts pictures whose 0 is white and divides colours by associated alpha. Here samples come as stored.
 *
 * Read: grey, RGB, palette and JPEG's YCbCr with at most one extra sample, of 1, 2, 4, 8, 10, 12, 14 or 16 bits, in
 * strips or tiles, interleaved or in planes, uncompressed, LZW, Deflate, PackBits, JPEG and CCITT.
 */
import { InputError, messageOf } from '../../../shared/errors.ts';
import { checkDecoded } from '../../../shared/size-limit.ts';
import type { Raster } from '../../../shared/types.ts';
import { damaged } from '../unread.ts';
import { readLayout, type TiffLayout } from './layout.ts';
import type { Samples } from './samples.ts';
import { decodeSegment } from './segment.ts';

/** @throws InputError for a damaged file, several pictures, or a kind that is not read */
export async function decodeTiff(bytes: Buffer, name: string): Promise<Raster> {
  const layout = readLayout(bytes, name);
  const { width, height, samples, bits } = layout;
  const pixelBytes = (layout.colorMap ? 3 : samples) * (bits > 8 ? 2 : 1);
  checkDecoded(width * height * pixelBytes, bytes.length, name);
  checkDecoded(layout.segment.width * layout.segment.height * pixelBytes, bytes.length, name);
  const length = width * height * samples;
  const data = bits > 8 ? new Uint16Array(length) : new Uint8Array(length);
  for (const place of placesOf(layout)) place.put(data, await segmentAt(layout, place, name));
  const raster: Raster = { width, height, channels: samples, depth: bits > 8 ? 16 : 8, data };
  return layout.colorMap ? coloured(raster, layout.colorMap) : raster;
}

/** Where a segment lies in the picture. */
class Place {
  readonly index: number;
  readonly rows: number;
  readonly put: (data: Samples, segment: Samples) => void;

  constructor(layout: TiffLayout, index: number) {
    const { width, height, samples, planar, segment } = layout;
    const across = Math.ceil(width / segment.width);
    const down = Math.ceil(height / segment.height);
    const [plane, inPlane] = [Math.floor(index / (across * down)), index % (across * down)];
    const left = (inPlane % across) * segment.width;
    const top = Math.floor(inPlane / across) * segment.height;
    const columns = Math.min(segment.width, width - left);
    this.index = index;
    this.rows = Math.min(segment.height, height - top);
    this.put = (data, from) => {
      const perPixel = planar ? 1 : samples;
      for (let row = 0; row < this.rows; row++) {
        const at = row * segment.width * perPixel;
        const line = from.subarray(at, at + columns * perPixel);
        const to = ((top + row) * width + left) * samples;
        if (!planar) data.set(line, to);
        else for (let i = 0; i < columns; i++) data[to + i * samples + plane] = line[i]!;
      }
    };
  }
}

const placesOf = (layout: TiffLayout): Place[] => layout.segments.map((_, index) => new Place(layout, index));

async function segmentAt(layout: TiffLayout, { index, rows }: Place, name: string): Promise<Samples> {
  try {
    return await decodeSegment(layout, index, rows, name);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const what = `${layout.segment.tiled ? 'tile' : 'strip'} ${index + 1} of ${layout.segments.length}`;
    throw damaged(name, 'TIFF', `${what}: ${messageOf(error)}`);
  }
}

/** Palette entries are of 16 bits, whose high byte counts; some writers store 8 bits. */
function coloured({ width, height, data }: Raster, colorMap: readonly number[]): Raster {
  const size = colorMap.length / 3;
  const shift = colorMap.some((value) => value > 255) ? 8 : 0;
  const out = new Uint8Array(3 * data.length);
  data.forEach((entry, i) => {
    for (let c = 0; c < 3; c++) out[3 * i + c] = colorMap[c * size + entry]! >> shift;
  });
  return { width, height, channels: 3, depth: 8, data: out };
}
