/**
 * Where image files hold EXIF, XMP and IPTC: JPEG in its APP1 and APP13 segments, TIFF in tags, PNG in chunks, WebP in
 * chunks. All blocks of a kind are found, for a file may have several. Never throws.
 */
import { type JpegSegment, jpegSegments, marker } from '../../images/jpeg/segments.ts';
import { isJpeg, isPng, isWebp } from '../../images/sniff.ts';
import { openTiff, readDirectory } from '../../images/tiff/directory.ts';
import { webpChunk } from '../../images/webp.ts';
import { iptcOfPhotoshop } from './photoshop.ts';
import { pngBlocks } from './png-text.ts';
import type { MetadataBlocks } from './types.ts';

export function metadataBlocks(bytes: Buffer): MetadataBlocks {
  if (isPng(bytes)) return pngBlocks(bytes);
  if (isJpeg(bytes)) return jpegBlocks(bytes);
  if (isWebp(bytes)) return webpBlocks(bytes);
  return openTiff(bytes) ? tiffBlocks(bytes) : { exif: [], xmp: [], iptc: [] };
}

const exifStart = 'Exif\0';
const xmpStart = 'http://ns.adobe.com/xap/1.0/\0';
const furtherXmpStart = 'http://ns.adobe.com/xmp/extension/\0';
const photoshopStart = 'Photoshop 3.0\0';

function jpegBlocks(bytes: Buffer): MetadataBlocks {
  const segments: JpegSegment[] = [];
  for (const segment of jpegSegments(bytes)) {
    if (segment.marker === marker.SOS) break;
    segments.push(segment);
  }
  const behind = (code: number, start: string): Buffer[] =>
    segments
      .filter(
        ({ marker: found, data }) => found === code && data.toString('latin1', 0, start.length) === start,
      )
      .map(({ data }) => data.subarray(start.length));
  const resources = Buffer.concat(behind(marker.APP13, photoshopStart));
  // Of further parts: 32 digits of an id, their whole length, their offset.
  const further = Buffer.concat(behind(marker.APP1, furtherXmpStart).map((part) => part.subarray(40)));
  return {
    exif: joined(behind(marker.APP1, exifStart).map((data) => data.subarray(1))),
    xmp: [...behind(marker.APP1, xmpStart), further],
    iptc: iptcOfPhotoshop(resources),
  };
}

/** A segment without a TIFF header continues the one before it. */
function joined(parts: readonly Buffer[]): Buffer[] {
  const blocks: Buffer[] = [];
  for (const part of parts) {
    if (openTiff(part) || blocks.length === 0) blocks.push(part);
    else blocks.push(Buffer.concat([blocks.pop()!, part]));
  }
  return blocks;
}

function webpBlocks(bytes: Buffer): MetadataBlocks {
  const [exif, xmp] = [webpChunk(bytes, 'EXIF'), webpChunk(bytes, 'XMP ')];
  return { exif: exif ? [exif] : [], xmp: xmp ? [xmp] : [], iptc: [] };
}

/** Tags 700, 33723 and 34377. */
function tiffBlocks(bytes: Buffer): MetadataBlocks {
  const tiff = openTiff(bytes)!;
  const tags = readDirectory(tiff, tiff.first)?.tags;
  const [xmp, iptc, photoshop] = [700, 33723, 34377].map((tag) => tags?.get(tag)?.data ?? null);
  return {
    exif: [bytes],
    xmp: xmp ? [xmp] : [],
    iptc: [...(iptc ? [inOrder(iptc)] : []), ...(photoshop ? iptcOfPhotoshop(photoshop) : [])],
  };
}

/** Writers that declare numbers of 32 bits leave each one's bytes turned around. */
function inOrder(iptc: Buffer): Buffer {
  const turned = iptc[0] !== 0x1c && iptc.length >= 4 && iptc[3] === 0x1c;
  return turned ? Buffer.from(iptc.subarray(0, iptc.length - (iptc.length % 4))).swap32() : iptc;
}
