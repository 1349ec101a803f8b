/**
 * A JPEG segment of a TIFF file as a JPEG file of its own (TIFF Technical Note 2): the tables that all segments share
 * are put in, and an Adobe marker says whether three components are RGB or YCbCr, which in TIFF a tag says.
 */
import { jpegSegments, marker } from '../jpeg/segments.ts';
import type { TiffLayout } from './layout.ts';

export function wholeJpeg(stream: Buffer, { jpegTables, photometric }: TiffLayout, perPixel: number): Buffer {
  const colours = perPixel === 3 ? adobe(photometric === 'ycbcr' ? 1 : 0) : Buffer.alloc(0);
  const start = Buffer.from([0xff, 0xd8]);
  const end = Buffer.from([0xff, 0xd9]);
  return Buffer.concat([start, colours, ...tablesIn(jpegTables), ...picture(stream), end]);
}

/** APP14: length, "Adobe", version 100, two flags, colour transform. */
const adobe = (transform: number): Buffer =>
  Buffer.from([0xff, 0xee, 0, 14, ...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, transform]);

const tablesIn = (tables: Buffer | null): Buffer[] => (tables ? picture(tables) : []);

/** All segments but those for applications, whose colour space the tag overrides, and the end. */
function picture(stream: Buffer): Buffer[] {
  return [...jpegSegments(stream)]
    .filter(({ marker: code }) => code !== marker.EOI && !(code >= marker.APP0 && code <= marker.APP15))
    .map(({ at, end }) => stream.subarray(at, end));
}
