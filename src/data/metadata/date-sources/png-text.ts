/**
 * Metadata in PNG: eXIf, XMP in the text of keyword `XML:com.adobe.xmp`, and the hexadecimal profiles of ImageMagick,
 * `Raw profile type exif` and others, in text chunks plain or compressed. Chunks with a wrong CRC are passed over.
 */
import { inflateSync } from 'node:zlib';
import { pngChunks } from '../../images/png.ts';
import { iptcOfPhotoshop } from './photoshop.ts';
import type { MetadataBlocks } from './types.ts';

/** 16 MiB, to which all texts of a file are inflated together. */
const longest = 2 ** 24;

export function pngBlocks(bytes: Buffer): MetadataBlocks {
  const [exif, xmp, iptc]: Buffer[][] = [[], [], []];
  let left = longest;
  for (const { type, data, intact } of pngChunks(bytes)) {
    if (type === 'eXIf' && intact) exif!.push(data);
    const found = textTypes.has(type) && isMetadata(data) && intact ? textOf(type, data, left) : null;
    if (!found) continue;
    left -= found.text.length;
    const profile = found.keyword === xmpKeyword ? found.text : bytesOfProfile(found.text);
    const kind = kindOf(found.keyword, profile);
    if (kind === 'exif') exif!.push(profile);
    if (kind === 'xmp') xmp!.push(profile);
    if (kind === 'iptc') iptc!.push(...iptcIn(profile));
  }
  return { exif: exif!, xmp: xmp!, iptc: iptc! };
}

const textTypes = new Set(['tEXt', 'zTXt', 'iTXt']);
const xmpKeyword = 'XML:com.adobe.xmp';
const profileStart = 'Raw profile type ';

const isMetadata = (data: Buffer): boolean =>
  [xmpKeyword, profileStart].some((start) => data.toString('latin1', 0, start.length) === start);

function kindOf(keyword: string, profile: Buffer): keyof MetadataBlocks | null {
  if (keyword === xmpKeyword) return 'xmp';
  const name = keyword.slice(profileStart.length).toLowerCase();
  if (name === 'exif' || name === 'xmp' || name === 'iptc') return name;
  if (name === '8bim') return 'iptc';
  if (name !== 'app1') return null;
  return profile.toString('latin1', 0, 4) === 'Exif' ? 'exif' : 'xmp';
}

/** Text behind keyword and NUL: zTXt has a method before it, iTXt four fields. Null for a damaged one. */
function textOf(type: string, data: Buffer, most: number): { keyword: string; text: Buffer } | null {
  const end = data.indexOf(0);
  if (end < 0) return null;
  const keyword = data.toString('latin1', 0, end);
  if (type === 'tEXt') return { keyword, text: data.subarray(end + 1) };
  const language = type === 'iTXt' ? data.indexOf(0, end + 3) : end;
  const translated = type === 'iTXt' && language >= 0 ? data.indexOf(0, language + 1) : language;
  if (translated < 0) return null;
  const compressed = type === 'zTXt' || data[end + 1] === 1;
  const stored = data.subarray(type === 'zTXt' ? end + 2 : translated + 1);
  const text = compressed ? inflated(stored, most) : stored;
  return text && { keyword, text };
}

function inflated(text: Buffer, most: number): Buffer | null {
  try {
    return inflateSync(text, { maxOutputLength: Math.max(1, most) });
  } catch {
    return null;
  }
}

/** A line feed, a name, a line feed, the length, and digits in lines. */
function bytesOfProfile(text: Buffer): Buffer {
  const digits = /^\s*\S[^\n]*\n\s*\d+\s*\n([\da-f\s]*)/i.exec(text.toString('latin1'))?.[1] ?? '';
  return Buffer.from(digits.replace(/\s/g, ''), 'hex');
}

const iptcIn = (profile: Buffer): Buffer[] =>
  profile.toString('latin1', 0, 4) === '8BIM' ? iptcOfPhotoshop(profile) : [profile];
