/**
 * Image files to rasters and back: PNG, JPEG, TIFF, GIF, WebP and DICOM, told apart by their first bytes, never
 * by name (five brain-MRI files are PNG called .jpg).
 *
 * Pixels come as stored: no orientation, no colour-profile or gamma change; palettes are expanded to RGB
 * or RGBA, 1/2/4-bit grey to 8 bits. Refused, because a silent conversion would not be the user's image:
 * CMYK and Lab, samples of more than 16 bits or with a sign, files of several pages or frames. Each format has its
 * own checks: tiff/, jpeg/, png-check.ts, dicom/image.ts.
 */
import { InputError, messageOf } from '../../shared/errors.ts';
import type { ChannelMode, Raster } from '../../shared/types.ts';
import { isDicom } from '../dicom/file.ts';
import { pickChannels, toRgb, withAlpha } from './channels.ts';
import { decodeJpeg } from './jpeg/decode.ts';
import { isJpeg } from './jpeg/segments.ts';
import { isPng } from './png.ts';
import { checkPng } from './png-check.ts';
import { checkKind, decode, fromRaster, openImage } from './sharp-raster.ts';
import { decodeTiff } from './tiff/decode.ts';
import { damaged } from './unread.ts';
import { isWebp } from './webp.ts';

export { toRgb } from './channels.ts';
export { encodePng } from './png.ts';

/**
 * Decodes an image file.
 * @param bytes the whole file
 * @param name what errors call it, e.g. its path
 * @param channels `native`: 1 grey, 2 grey + alpha, 3 RGB or 4 RGBA as stored. `rgb`: always 3; grey is
 *   repeated, alpha dropped without blending. The depth, 8 or 16 bits, stays.
 * @param frame of a DICOM file, counted from 1; other formats have one picture
 * @throws InputError for what is no such image, is damaged or cut off, or is refused (head of this file)
 */
export async function loadRaster(
  bytes: Buffer,
  name: string,
  channels: ChannelMode,
  frame?: number,
): Promise<Raster> {
  const { format, decodeFile } = formatOf(bytes, name);
  if (format !== 'DICOM' && (frame ?? 1) !== 1)
    throw new InputError(
      `"frame" expected 1 for ${name}, which is no DICOM file, got ${frame}; leave it out`,
    );
  const raster = await decodeFile(bytes, name, frame);
  return channels === 'rgb' ? toRgb(raster) : raster;
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
 * Resizes to exactly width x height with Lanczos, a = 3 (Turkowski 1990); the aspect ratio is not kept.
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

interface Format {
  readonly format: string;
  readonly is: (bytes: Buffer) => boolean;
  readonly decodeFile: (bytes: Buffer, name: string, frame?: number) => Promise<Raster>;
}

const isGif = (bytes: Buffer): boolean => /^GIF8[79]a/.test(bytes.toString('latin1', 0, 6));
/** Both byte orders, classic and BigTIFF. */
const isTiff = (bytes: Buffer): boolean => /^(?:II[*+]\0|MM\0[*+])/.test(bytes.toString('latin1', 0, 4));

const formats: readonly Format[] = [
  // First: a preamble may be another format's header, as in files that are both DICOM and TIFF.
  { format: 'DICOM', is: isDicom, decodeFile: dicomRaster },
  { format: 'PNG', is: isPng, decodeFile: decodePng },
  { format: 'JPEG', is: isJpeg, decodeFile: decodeJpeg },
  { format: 'TIFF', is: isTiff, decodeFile: decodeTiff },
  { format: 'GIF', is: isGif, decodeFile: (bytes, name) => viaSharp(bytes, name, 'GIF') },
  { format: 'WebP', is: isWebp, decodeFile: (bytes, name) => viaSharp(bytes, name, 'WebP') },
];

function formatOf(bytes: Buffer, name: string): Format {
  if (bytes.length === 0)
    throw new InputError(`${name}: expected an image, got an empty file; check the file`);
  const found = formats.find(({ is }) => is(bytes));
  if (found) return found;
  throw new InputError(
    `${name}: expected a PNG, JPEG, TIFF, GIF, WebP or DICOM image, got a file of another kind; convert it first`,
  );
}
