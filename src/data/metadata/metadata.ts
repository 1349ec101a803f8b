/**
 * The date and time in an image file, from which the scheme's keys are made.
 *
 * Order: EXIF DateTimeOriginal, DateTimeDigitized (called CreateDate, as other programs print it), DateTime (ModifyDate),
 * then XMP's dates, IPTC's, and PNG tIME; DICOM files have dates of their own (dicom/dates.ts). Wall-clock values as
 * written: offsets are ignored, tIME, which is UTC, is not converted. Values that are blank, impossible
 * (`0000:00:00 00:00:00`) or of no known form are passed over, which the result says.
 */

import type { Candidate } from '../../shared/datetime.ts';
import { formatWallClock, parseWallClock, readWallClock, type WallClock } from '../../shared/datetime.ts';
import { InputError } from '../../shared/errors.ts';
import { dicomDates } from '../dicom/dates.ts';
import { isDicom, openDicom } from '../dicom/file.ts';
import { pngChunks } from '../images/png.ts';
import { isPng } from '../images/sniff.ts';
import { metadataBlocks } from './date-sources/blocks.ts';
import { exifDates } from './date-sources/exif.ts';
import { iptcDates } from './date-sources/iptc.ts';
import { xmpDates } from './date-sources/xmp.ts';

export interface DatedSource {
  readonly when: WallClock;
  /** As `Candidate` has it, or `by hand`. */
  readonly source: string;
}

/** A date that would have gone before the one taken, and cannot be read. */
export interface PassedOver {
  readonly source: string;
  /** `it is blank`, `month 13`, `"soon" is no date and time`, ... */
  readonly why: string;
}

/** The dates of a file, as results show them. */
export interface DateFound {
  /** `YYYY-MM-DDTHH:MM:SS`; null: no date that can be read. */
  readonly value: string | null;
  readonly source: string | null;
  readonly passedOver: readonly PassedOver[];
}

/** All dates of a file. */
export interface FoundDates {
  /** null: no date that can be read. */
  readonly taken: DatedSource | null;
  readonly passedOver: readonly PassedOver[];
}

/** The first date of the order above, and those before it that cannot be read. Never throws for damaged files. */
export function findDates(bytes: Buffer): FoundDates {
  const passedOver: PassedOver[] = [];
  for (const { source, text } of candidatesIn(bytes)) {
    const when = text === null ? 'its value lies outside the file' : readWallClock(text);
    if (typeof when !== 'string') return { taken: { when, source }, passedOver };
    passedOver.push({ source, why: when });
  }
  return { taken: null, passedOver };
}

/**
 * The first date of the order above, or null if the file holds none. Never throws for damaged files.
 * @param bytes the whole file
 */
export async function readDateTime(bytes: Buffer): Promise<DatedSource | null> {
  return findDates(bytes).taken;
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
  const { taken, passedOver } = findDates(bytes);
  if (taken) return taken;
  const unreadable = passedOver.map(({ source, why }) => `${source}: ${why}`).join(', ');
  throw new InputError(
    `${path}: expected a date and time in EXIF, XMP, IPTC, PNG tIME or DICOM, got none` +
      `${unreadable && ` that can be read (${unreadable})`}; give it with --date YYYY-MM-DDTHH:MM:SS`,
  );
}

/** @returns null if no date is given by hand, and the file says nothing of one */
export function dateFound(bytes: Buffer, byHand: string | undefined): DateFound | null {
  if (byHand !== undefined)
    return { value: formatWallClock(parseWallClock(byHand)), source: 'by hand', passedOver: [] };
  const { taken, passedOver } = findDates(bytes);
  if (!taken && passedOver.length === 0) return null;
  return { value: taken && formatWallClock(taken.when), source: taken?.source ?? null, passedOver };
}

/** One line: `date 2021-03-04T05:06:07 from exif:CreateDate, passed over exif:DateTimeOriginal (it is blank)`. */
export function dateLine({ value, source, passedOver }: DateFound): string {
  const others = passedOver.map((other) => `${other.source} (${other.why})`).join(', ');
  return `${value ? `date ${value} from ${source}` : 'no date'}${others && `, passed over ${others}`}`;
}

function candidatesIn(bytes: Buffer): Candidate[] {
  const { exif, xmp, iptc } = metadataBlocks(bytes);
  return [
    ...exifDates(exif),
    ...xmpDates(xmp),
    ...iptcDates(iptc),
    ...pngTimes(bytes),
    ...datesOfDicom(bytes),
  ];
}

function datesOfDicom(bytes: Buffer): Candidate[] {
  if (!isDicom(bytes)) return [];
  try {
    return dicomDates(openDicom(bytes, '', 'head').dataSet);
  } catch {
    return []; // A damaged file: decoding it says so.
  }
}

/** tIME: year (2 bytes), month, day, hour, minute, second; its leap second 60 is passed over. */
function pngTimes(bytes: Buffer): Candidate[] {
  if (!isPng(bytes)) return [];
  return [...pngChunks(bytes)]
    .filter(({ type, data, intact }) => type === 'tIME' && data.length === 7 && intact)
    .map(({ data }) => {
      const two = (at: number): string => String(data[at]).padStart(2, '0');
      const date = `${String(data.readUInt16BE(0)).padStart(4, '0')}-${two(2)}-${two(3)}`;
      return { source: 'png:tIME', text: `${date}T${two(4)}:${two(5)}:${two(6)}` };
    });
}
