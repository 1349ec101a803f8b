/**
 * Image files to rasters and back: PNG, JPEG, TIFF, GIF, WebP and DICOM by their first bytes (sniff.ts), never by name:
 * five brain-MRI files are PNG called .jpg. `nist` and `metrics` read BMP, PBM, PGM, PPM, NPY and MAT too.
 *
 * Pixels come as stored: no orientation, no colour-profile or gamma change; palettes are expanded to RGB
 * or RGBA, 1/2/4-bit grey to 8 bits. Refused, because a silent conversion would not be the user's image:
 * CMYK and Lab, samples of more than 16 bits or with a sign, files of several pages or frames. Each format has its
 * own checks: tiff/, jpeg/, png-check.ts, dicom/image.ts.
 */
import { InputError, messageOf } from '../../shared/errors.ts';
import type { ChannelMode, Raster } from '../../shared/types.ts';
import { decodeBmp } from './bmp.ts';
import { pickChannels, toRgb, withAlpha } from './channels.ts';
import { decodeJpeg } from './jpeg/decode.ts';
import { decodeMat } from './mat.ts';
import { decodeNpy } from './npy.ts';
import { arrayRaster, type NumberArray } from './number-array.ts';
import { checkPng } from './png-check.ts';
import { decodePnm } from './pnm.ts';
import { checkKind, decode, fromRaster, openImage } from './sharp-raster.ts';
import { type KindName, kindOf, kinds } from './sniff.ts';
import { decodeTiff } from './tiff/decode.ts';
import { damaged } from './unread.ts';
import { webpChunk } from './webp.ts';

export { toRgb } from './channels.ts';
export { encodePng } from './png.ts';

/**
 * Decodes an image file.
 * @param bytes the whole file
 * @param name for errors, e.g. its path
 * @param channels `native`: 1 grey, 2 grey + alpha, 3 RGB or 4 RGBA as stored. `rgb`: always 3; grey is
 *   repeated, alpha dropped without blending. The depth, 8 or 16 bits, stays.
 * @param frame of a DICOM file, counted from 1; other formats have one picture
 * @throws InputError for a file that is no such image, is damaged or cut off, or is refused (head of this file)
 */
export async function loadRaster(
  bytes: Buffer,
  name: string,
  channels: ChannelMode,
  frame?: number,
): Promise<Raster> {
  return rasterOf(bytes, name, kindRead(bytes, name, 'picture'), channels, frame);
}

/** As `loadRaster`; reads BMP, PBM, PGM, PPM, NPY and MAT too. */
export async function loadSamples(
  bytes: Buffer,
  name: string,
  channels: ChannelMode,
  frame?: number,
): Promise<Raster> {
  return rasterOf(bytes, name, kindRead(bytes, name, 'samples'), channels, frame);
}

async function rasterOf(
  bytes: Buffer,
  name: string,
  kind: KindName,
  channels: ChannelMode,
  frame?: number,
): Promise<Raster> {
  if (kind !== 'DICOM' && (frame ?? 1) !== 1)
    throw new InputError(
      `"frame" expected 1 for ${name}, which is no DICOM file, got ${frame}; leave it out`,
    );
  const raster = await decoders[kind]!(bytes, name, frame);
  return channels === 'rgb' ? toRgb(raster) : raster;
}

/** All frames of a DICOM file, the one picture of any other; native channels, every kind that `loadSamples` reads. */
export async function frameRasters(bytes: Buffer, name: string): Promise<Raster[]> {
  if (kindRead(bytes, name, 'samples') !== 'DICOM') return [await loadSamples(bytes, name, 'native')];
  const { decodeDicom, frameCount } = await import('../dicom/image.ts');
  const frames: Raster[] = [];
  for (let frame = 1; frame <= frameCount(bytes, name); frame++)
    frames.push((await decodeDicom(bytes, name, frame)).raster);
  return frames;
}

/** The numbers of a .npy or .mat file; null for any other file. */
export function numberArray(bytes: Buffer, name: string): NumberArray | null {
  const kind = kindOf(bytes);
  return kind === 'NPY' ? decodeNpy(bytes, name) : kind === 'MAT' ? decodeMat(bytes, name) : null;
}

/** A sentence for lossily compressed files, which cannot be cipher images; null for others. */
export function lossyNote(bytes: Buffer, name: string): string | null {
  const kind = kindOf(bytes);
  const lossy = kind === 'JPEG' || (kind === 'WebP' && webpChunk(bytes, 'VP8 ') !== null);
  return lossy
    ? `${name} is a ${kind} file, whose compression is lossy: its samples are not those that were compressed`
    : null;
}

/** Imported here and not above: most runs meet no DICOM file. */
async function dicomRaster(bytes: Buffer, name: string, frame: number | undefined): Promise<Raster> {
  const { decodeDicom } = await import('../dicom/image.ts');
  return (await decodeDicom(bytes, name, frame)).raster;
}

/** PNG, GIF and WebP. */
async function viaSharp(bytes: Buffer, name: string, format: string): Promise<Raster> {
  try {
    const image = openImage(bytes, 'warning');
    const depth = checkKind(await image.metadata(), name);
    return await decode(image, depth);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw damaged(name, format, messageOf(error).split(' Vips')[0]!);
  }
}

async function decodePng(bytes: Buffer, name: string): Promise<Raster> {
  checkPng(bytes, name);
  return viaSharp(bytes, name, 'PNG');
}

/**
 * Resizes to exactly width x height with Lanczos, a = 3 (Turkowski 1990); the aspect ratio may change.
 * Each channel is resized by itself: colours are not weighted by alpha.
 * @throws InputError if a side is not a positive integer
 */
export async function resizeRaster(raster: Raster, width: number, height: number): Promise<Raster> {
  for (const [side, value] of Object.entries({ width, height })) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw new InputError(`"${side}" expected a positive integer, got ${value}`);
  }
  if (raster.channels % 2 === 1) return resizeOpaque(raster, width, height);
  // sharp would weight colours by alpha and back, losing digits: alpha goes through by itself.
  const colours = raster.channels - 1;
  const opaque = pickChannels(raster, colours === 1 ? [0] : [0, 1, 2]);
  const alpha = pickChannels(raster, [colours]);
  return withAlpha(await resizeOpaque(opaque, width, height), await resizeOpaque(alpha, width, height));
}

function resizeOpaque(raster: Raster, width: number, height: number): Promise<Raster> {
  const image = fromRaster(raster).resize(width, height, { fit: 'fill', kernel: 'lanczos3' });
  return decode(image, raster.depth, raster.channels);
}

type Decode = (bytes: Buffer, name: string, frame?: number) => Raster | Promise<Raster>;

const decoders: Readonly<Partial<Record<KindName, Decode>>> = {
  DICOM: dicomRaster,
  PNG: decodePng,
  JPEG: decodeJpeg,
  TIFF: decodeTiff,
  BigTIFF: decodeTiff,
  GIF: (bytes, name) => viaSharp(bytes, name, 'GIF'),
  WebP: (bytes, name) => viaSharp(bytes, name, 'WebP'),
  BMP: decodeBmp,
  PNM: decodePnm,
  NPY: (bytes, name) => arrayRaster(numberArray(bytes, name)!, name),
  MAT: (bytes, name) => arrayRaster(numberArray(bytes, name)!, name),
};

/** Names in messages. */
const listed = {
  picture: 'PNG, JPEG, TIFF, GIF, WebP or DICOM image',
  samples: 'PNG, JPEG, TIFF, GIF, WebP, DICOM, BMP, PGM, PPM, NPY or MAT (level 5) file',
};

function kindRead(bytes: Buffer, name: string, most: keyof typeof listed): KindName {
  if (bytes.length === 0)
    throw new InputError(`${name}: expected an image, got an empty file; check the file`);
  const kind = kindOf(bytes);
  const read = kind && kinds[kind].read;
  if (kind && (read === 'picture' || read === most)) return kind;
  const got = kind ? `a file of kind ${kind}` : 'a file of another kind';
  throw new InputError(`${name}: expected a ${listed[most]}, got ${got}; convert it first`);
}
