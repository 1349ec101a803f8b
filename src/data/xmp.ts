/**
 * Dates in XMP (ISO 16684-1:2019; Adobe, XMP Specification Part 3, for where it stands in files), for images
 * whose EXIF has none: exif:DateTimeOriginal, xmp:CreateDate, xmp:ModifyDate, in this order. exifr reads the
 * packet in JPEG and TIFF; those of PNG (iTXt) and WebP (chunk `XMP `) are handed to it as a JPEG without image.
 */
import { inflateSync } from 'node:zlib';
import exifr from 'exifr';
import { isPng, pngChunks } from './png.ts';
import { isWebp, webpChunk } from './webp.ts';

/** Date texts of an image's XMP, each with its source, best first. Never throws. */
export async function xmpDates(bytes: Buffer): Promise<{ text: string; source: string }[]> {
  const found = await readXmp(xmpHolder(bytes));
  // Older writers call the namespace xap.
  const xmp = { ...found.xap, ...found.xmp };
  const dates: [string, unknown][] = [
    ['xmp:DateTimeOriginal', found.exif?.DateTimeOriginal],
    ['xmp:CreateDate', xmp.CreateDate],
    ['xmp:ModifyDate', xmp.ModifyDate],
  ];
  return dates.flatMap(([source, text]) =>
    typeof text === 'string' ? [{ text: withSeconds(text), source }] : [],
  );
}

/** XMP may leave out the seconds. */
const withSeconds = (text: string): string => text.replace(/(T\d\d:\d\d)(?=Z|[+-]|$)/, '$1:00');

/** tiff: a TIFF keeps the packet in tag 700. */
const options = {
  reviveValues: false,
  translateValues: false,
  mergeOutput: false,
  tiff: true,
  xmp: true,
  ...{ exif: false, gps: false, interop: false, icc: false, iptc: false, jfif: false },
};

async function readXmp(holder: Buffer | null): Promise<Record<string, Record<string, unknown>>> {
  if (!holder) return {};
  try {
    return (await exifr.parse(holder, options)) ?? {};
  } catch {
    return {}; // Not a format with XMP, or a damaged packet: the next source decides.
  }
}

function xmpHolder(bytes: Buffer): Buffer | null {
  if (!isPng(bytes) && !isWebp(bytes)) return bytes;
  const packet = isPng(bytes) ? pngPacket(bytes) : webpChunk(bytes, 'XMP ');
  return packet && jpegAround(packet);
}

/** A JPEG of one APP1 segment, whose length field is 16 bits wide. */
function jpegAround(packet: Buffer): Buffer | null {
  const content = Buffer.concat([Buffer.from('http://ns.adobe.com/xap/1.0/\0'), packet]);
  if (content.length + 2 > 0xffff) return null;
  const head = Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(content.length + 2, 4);
  return Buffer.concat([head, content, Buffer.from([0xff, 0xd9])]);
}

/** iTXt: keyword, NUL, compressed?, method, language, NUL, translated keyword, NUL, text. */
function pngPacket(bytes: Buffer): Buffer | null {
  const keyword = 'XML:com.adobe.xmp\0';
  for (const { type, data, intact } of pngChunks(bytes)) {
    if (type !== 'iTXt' || !intact || data.toString('latin1', 0, keyword.length) !== keyword) continue;
    const language = data.indexOf(0, keyword.length + 2);
    const translated = language < 0 ? -1 : data.indexOf(0, language + 1);
    if (translated < 0) return null;
    const text = data.subarray(translated + 1);
    return data[keyword.length] === 1 ? inflated(text) : text;
  }
  return null;
}

function inflated(text: Buffer): Buffer | null {
  try {
    return inflateSync(text, { maxOutputLength: 0xffff });
  } catch {
    return null;
  }
}
