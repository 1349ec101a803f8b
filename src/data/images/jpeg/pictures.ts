/**
 * How many pictures a JPEG file has: those of its Multi-Picture Format (CIPA DC-007) less smaller copies, or those
 * that stand one behind the other.
 */

import { isJpeg } from '../sniff.ts';
import { numbersOf, openTiff, readDirectory } from '../tiff/directory.ts';
import { type JpegSegment, marker } from './segments.ts';

export function pictureCount(bytes: Buffer, segments: readonly JpegSegment[]): number {
  const last = segments.at(-1);
  const behind = last?.marker === marker.EOI && isJpeg(bytes.subarray(last.end)) ? 2 : 1;
  const index = segments.find(
    ({ marker: code, data }) => code === marker.APP2 && data.toString('latin1', 0, 4) === 'MPF\0',
  );
  return index ? indexed(index.data.subarray(4)) : behind;
}

/** Entries of 16 bytes, which begin with flags and a type of 24 bits; types 0x01000N are large thumbnails. */
function indexed(block: Buffer): number {
  const tiff = openTiff(block);
  const tags = tiff && readDirectory(tiff, tiff.first)?.tags;
  if (!tags) return 1;
  const count = numbersOf(tiff, tags.get(0xb001))?.[0] ?? 1;
  const entries = tags.get(0xb002)?.data ?? Buffer.alloc(0);
  const copies = Array.from({ length: Math.floor(entries.length / 16) }, (_, i) =>
    tiff.littleEndian ? entries.readUInt32LE(16 * i) : entries.readUInt32BE(16 * i),
  ).filter((type) => (type & 0xfffff0) === 0x010000);
  return count - copies.length;
}
