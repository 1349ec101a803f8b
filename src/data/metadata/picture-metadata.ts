/**
 * All metadata that a picture carries, for people to look at before they share or seal it: camera, place, names, dates.
 * The date that keys are made from is read by `date-sources/`, which takes damaged blocks too.
 */
import exifr from 'exifr';
import { kindOf } from '../images/sniff.ts';

/** Text or a number, as a file has it; a list of them as one text. */
export interface MetadataField {
  readonly name: string;
  readonly value: string;
}

const everything = {
  ...{
    tiff: true,
    ifd0: {},
    exif: true,
    gps: true,
    interop: true,
    xmp: true,
    iptc: true,
    jfif: false,
    ihdr: false,
  },
  ...{ icc: false, makerNote: false, userComment: true, reviveValues: false, translateValues: false },
};

const readByExifr: readonly (string | null)[] = ['JPEG', 'TIFF', 'PNG', 'HEIF'];

/** Of a JPEG, TIFF, PNG or HEIC; null for any other file, none where it carries none or its block is damaged. */
export async function pictureMetadata(bytes: Buffer): Promise<MetadataField[] | null> {
  if (!readByExifr.includes(kindOf(bytes))) return null;
  try {
    const found = (await exifr.parse(bytes, everything)) as Record<string, unknown> | undefined;
    return Object.entries(found ?? {}).map(([name, value]) => ({ name, value: textOf(value) }));
  } catch {
    return []; // exifr gives up a block for one bad tag.
  }
}

function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) return value.map(textOf).join(' ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
