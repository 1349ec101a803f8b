/** A contact sheet: the first metadata images of a list, side by side, to look at. */
import type { Raster } from '../shared/types.ts';
import type { WallClock } from './datetime.ts';
import { drawMetadataImage, type EncoderName } from './encode.ts';

const columns = 8;
/** Images on a sheet. */
export const sheetSize = columns * columns;
const gap = 4;

/**
 * Up to 64 metadata images in rows of eight, grey gaps between.
 * @returns grey, 8 bits
 * @throws InputError for a size too small for the encoder
 */
export function contactSheet(dates: readonly WallClock[], size: number, encoder: EncoderName): Raster {
  const shown = dates.slice(0, sheetSize);
  const rows = Math.max(1, Math.ceil(shown.length / columns));
  const width = columns * (size + gap) - gap;
  const height = rows * (size + gap) - gap;
  const data = new Uint8Array(width * height).fill(96);
  shown.forEach((when, i) => {
    const image = drawMetadataImage(when, size, encoder);
    const corner = Math.floor(i / columns) * (size + gap) * width + (i % columns) * (size + gap);
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++) data[corner + y * width + x] = image[(y * size + x) * 3]!;
  });
  return { width, height, channels: 1, depth: 8, data };
}
