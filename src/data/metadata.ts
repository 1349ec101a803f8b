/**
 * The date and time in an image file, which is what the scheme's keys are made from.
 *
 * Order: EXIF DateTimeOriginal, DateTimeDigitized (exifr and this module call it CreateDate), DateTime
 * (ModifyDate), then XMP's dates, then PNG tIME; DICOM files have dates of their own (dicom/dates.ts). EXIF stands in JPEG and TIFF, in PNG's eXIf and in WebP's EXIF chunk
 * (CIPA DC-008). Wall-clock values as written: offsets are ignored, tIME, which is UTC, is not converted.
 * Values that are blank or impossible (`0000:00:00 00:00:00`) are passed over, damaged blocks too.
 */
import exifr from 'exifr';
import { InputError } from '../shared/errors.ts';
import { parseWallClock, type WallClock } from './datetime.ts';
import { dicomDates } from './dicom/dates.ts';
import { isDicom, openDicom } from './dicom/file.ts';
import { isPng, pngChunks } from './png.ts';
import { isWebp, webpChunk } from './webp.ts';
import { xmpDates } from './xmp.ts';

export interface DatedSource {
  readonly when: WallClock;
  /** `exif:DateTimeOriginal`, `exif:CreateDate`, `exif:ModifyDate`, the same with `xmp:`, `png:tIME`, `dicom:StudyDate`, ..., `by hand`. */
  readonly source: string;
}

/**
 * The first date of the order above, or null if the file holds none. Never throws for damaged files.
 * @param bytes the whole file
 */
export async function readDateTime(bytes: Buffer): Promise<DatedSource | null> {
  return (await exifDate(bytes)) ?? (await xmpDate(bytes)) ?? pngTime(bytes) ?? dicomDate(bytes);
}

/**
 * The date by hand where one is given, else that of the file.
 * @throws InputError if the date by hand is wrong, or the file has none; the message names --date
 */
export async function requireDateTime(
  bytes: Buffer,
  byHand: string | undefined,
  path: string,
): Promise<DatedSource> {
  if (byHand !== undefined) return { when: parseWallClock(byHand), source: 'by hand' };
  const found = await readDateTime(bytes);
  if (found) return found;
  throw new InputError(
    `${path}: expected a date and time in EXIF, XMP, PNG tIME or DICOM, got none; give it with --date YYYY-MM-DDTHH:MM:SS`,
  );
}

const tags = ['DateTimeOriginal', 'CreateDate', 'ModifyDate'] as const;

async function exifDate(bytes: Buffer): Promise<DatedSource | null> {
  const found = await readTags(exifBlock(bytes));
  for (const tag of tags) {
    const when = parsed(found[tag]);
    if (when) return { when, source: `exif:${tag}` };
  }
  return null;
}

const xmpDate = async (bytes: Buffer): Promise<DatedSource | null> => firstThatExists(await xmpDates(bytes));

function dicomDate(bytes: Buffer): DatedSource | null {
  if (!isDicom(bytes)) return null;
  try {
    return firstThatExists(dicomDates(openDicom(bytes, '', 'head').dataSet));
  } catch {
    return null; // A damaged file: decoding it says so.
  }
}

function firstThatExists(dates: readonly { text: string; source: string }[]): DatedSource | null {
  for (const { text, source } of dates) {
    const when = parsed(text);
    if (when) return { when, source };
  }
  return null;
}

/** The part of a file that exifr understands: it knows neither WebP nor damaged PNG. */
function exifBlock(bytes: Buffer): Buffer | null {
  if (isPng(bytes)) return pngExif(bytes);
  if (isWebp(bytes)) return webpExif(bytes);
  return bytes;
}

function pngExif(bytes: Buffer): Buffer | null {
  for (const { type, data, intact } of pngChunks(bytes)) if (type === 'eXIf' && intact) return data;
  return null;
}

function webpExif(bytes: Buffer): Buffer | null {
  const data = webpChunk(bytes, 'EXIF');
  return data && withoutPrefix(data);
}

/** Some writers keep JPEG's `Exif\0\0` in front of the TIFF header. */
const withoutPrefix = (data: Buffer): Buffer =>
  data.toString('latin1', 0, 6) === 'Exif\0\0' ? data.subarray(6) : data;

/** reviveValues would turn the texts into Dates of the local zone. */
const options = {
  reviveValues: false,
  translateValues: false,
  mergeOutput: false,
  tiff: true,
  exif: true,
  gps: false,
  interop: false,
  xmp: false,
  icc: false,
  iptc: false,
  jfif: false,
};

async function readTags(block: Buffer | null): Promise<Record<string, unknown>> {
  if (!block) return {};
  try {
    const found = await exifr.parse(block, options);
    return { ...found?.ifd0, ...found?.exif };
  } catch {
    return {}; // Not a format with EXIF, or a damaged block: the next source decides.
  }
}

function parsed(value: unknown): WallClock | null {
  if (typeof value !== 'string') return null;
  try {
    return parseWallClock(value.replaceAll('\0', ''));
  } catch {
    return null;
  }
}

/** tIME: year (2 bytes), month, day, hour, minute, second; its leap second 60 is passed over. */
function pngTime(bytes: Buffer): DatedSource | null {
  if (!isPng(bytes)) return null;
  for (const { type, data, intact } of pngChunks(bytes)) {
    if (type !== 'tIME' || !intact || data.length !== 7) continue;
    const two = (at: number): string => String(data[at]).padStart(2, '0');
    const date = `${String(data.readUInt16BE(0)).padStart(4, '0')}-${two(2)}-${two(3)}`;
    const when = parsed(`${date}T${two(4)}:${two(5)}:${two(6)}`);
    if (when) return { when, source: 'png:tIME' };
  }
  return null;
}
