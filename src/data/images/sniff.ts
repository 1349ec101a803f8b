// biome-ignore-all lint/suspicious/noControlCharactersInRegex: signatures are bytes
/** Kinds of files by their first bytes, never by name: the one table of signatures. */
import { isDicom } from '../dicom/file.ts';

interface Kind {
  readonly is: (head: Buffer) => boolean;
  /** `picture`: every command reads it. `samples`: `nist` and `metrics` do. null: none does. */
  readonly read: 'picture' | 'samples' | null;
}

const starting = (pattern: RegExp, read: Kind['read']): Kind => ({
  is: (head) => pattern.test(head.toString('latin1', 0, 400)),
  read,
});

export const kinds = {
  // First: its preamble may be the header of another kind, as in files that are both DICOM and TIFF.
  DICOM: { is: isDicom, read: 'picture' },
  PNG: starting(/^\x89PNG/, 'picture'),
  JPEG: starting(/^\xff\xd8\xff/, 'picture'),
  TIFF: starting(/^(?:II\*\0|MM\0\*)/, 'picture'),
  BigTIFF: starting(/^(?:II\+\0|MM\0\+)/, 'picture'),
  GIF: starting(/^GIF8[79]a/, 'picture'),
  WebP: starting(/^RIFF.{4}WEBP/s, 'picture'),
  BMP: starting(/^BM.{4}.{4}.{4}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0/s, 'samples'),
  PNM: starting(/^P[1-6](?:\s|#[^\n]*\n)+\d/, 'samples'), // PBM, PGM and PPM
  NPY: starting(/^\x93NUMPY/, 'samples'),
  MAT: starting(/^.{124}(?:\0\x01IM|\x01\0MI)/s, 'samples'), // level 5, which `save -v6` and `-v7` write
  'MAT 7.3': starting(/^MATLAB 7\.3 /, null),
  HDF5: starting(/^\x89HDF\r\n\x1a\n/, null),
  NPZ: starting(/^PK\x03\x04.{26}[^/]*\.npy/s, null),
  'Octave text': starting(/^# Created by Octave/, null),
  PAM: starting(/^P7\n/, null),
  'JPEG 2000': starting(/^(?:\0\0\0\x0cjP {2}\r\n|\xff\x4f\xff\x51)/, null),
  'JPEG XL': starting(/^\0\0\0\x0cJXL \r\n/, null),
  HEIF: starting(/^.{4}ftyp(?:hei|hev|mif|msf|avi)/s, null),
  OpenEXR: starting(/^v\/1\x01/, null),
  Photoshop: starting(/^8BPS\0/, null),
  FITS: starting(/^SIMPLE {2}=/, null),
  NIfTI: starting(/^(?:\x5c\x01\0\0|\0\0\x01\x5c).{340}(?:n\+1|ni1)\0/s, null),
} as const satisfies Readonly<Record<string, Kind>>;

export type KindName = keyof typeof kinds;

/** @param head the file, or its first 512 bytes; null for a kind that the table lacks */
export const kindOf = (head: Buffer): KindName | null =>
  (Object.keys(kinds) as KindName[]).find((name) => kinds[name].is(head)) ?? null;

export const isPicture = (head: Buffer): boolean => {
  const kind = kindOf(head);
  return kind !== null && kinds[kind].read === 'picture';
};

export const isPng = kinds.PNG.is;
export const isJpeg = kinds.JPEG.is;
export const isWebp = kinds.WebP.is;
