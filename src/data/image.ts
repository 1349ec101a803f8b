/**
 * Image files to rasters and back: PNG, JPEG, TIFF, GIF, WebP and DICOM, told apart by their first bytes, never
 * by name (five brain-MRI files are PNG called .jpg).
 *
 * Pixels come as stored: no orientation, no colour-profile or gamma change; palettes are expanded to RGB
 * or RGBA, 1/2/4-bit grey to 8 bits. Refused, because a silent conversion would not be the user's image:
 * CMYK and Lab, samples of more than 16 bits or with a sign, files of several pages or frames. What is special
 * to DICOM stands in dicom/image.ts.
 */
import sharp, { type Metadata, type Sharp } from 'sharp';
import { InputError, messageOf } from '../shared/errors.ts';
import type { Depth, Raster } from '../shared/types.ts';
import { isDicom } from './dicom/file.ts';
import { endsWithIend, isPng } from './png.ts';
import { checkPixels } from './size-limit.ts';

export { encodePng } from './png.ts';

const depths: Record<string, Depth> = { uchar: 8, ushort: 16 };
const greySpaces = new Set(['b-w', 'grey16']);
const colourSpaces = new Set(['srgb', 'rgb', 'rgb16']);

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
  channels: 'native' | 'rgb',
  frame?: number,
): Promise<Raster> {
  const format = formatOf(bytes, name);
  const raster =
    format === 'DICOM' ? await dicomRaster(bytes, name, frame) : await still(bytes, name, format, frame);
  return channels === 'rgb' ? toRgb(raster) : raster;
}

/** Imported here and not above: most runs meet no DICOM file. */
async function dicomRaster(bytes: Buffer, name: string, frame: number | undefined): Promise<Raster> {
  const { decodeDicom } = await import('./dicom/image.ts');
  return (await decodeDicom(bytes, name, frame)).raster;
}

async function still(bytes: Buffer, name: string, format: string, frame = 1): Promise<Raster> {
  if (frame !== 1)
    throw new InputError(
      `"frame" expected 1 for ${name}, which is no DICOM file, got ${frame}; leave it out`,
    );
  if (format === 'PNG' && !endsWithIend(bytes)) throw damaged(name, format, 'it ends too early');
  try {
    // failOn error: damaged and cut-off files throw, harmless warnings (stray bytes between markers) pass.
    const image = sharp(bytes, { failOn: 'error', ignoreIcc: true, limitInputPixels: false });
    const depth = checkKind(await image.metadata(), name);
    return await decode(image, depth);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw damaged(name, format, messageOf(error).split(' Vips')[0]!);
  }
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

/** A raster with three channels: grey repeated, alpha dropped without blending. */
export function toRgb(raster: Raster): Raster {
  if (raster.channels === 3) return raster;
  const pick = raster.channels < 3 ? [0, 0, 0] : [0, 1, 2];
  return pickChannels(raster, pick);
}

/** Both byte orders, classic and BigTIFF. */
const tiffStarts = new Set(['II*\0', 'MM\0*', 'II+\0', 'MM\0+']);

const magics: readonly (readonly [name: string, test: (bytes: Buffer) => boolean])[] = [
  // First: a preamble may be another format's header, as in files that are both DICOM and TIFF.
  ['DICOM', isDicom],
  ['PNG', isPng],
  ['JPEG', (bytes) => bytes.toString('hex', 0, 3) === 'ffd8ff'],
  ['TIFF', (bytes) => tiffStarts.has(bytes.toString('latin1', 0, 4))],
  ['GIF', (bytes) => /^GIF8[79]a/.test(bytes.toString('latin1', 0, 6))],
  ['WebP', (bytes) => /^RIFF....WEBP/s.test(bytes.toString('latin1', 0, 12))],
];

function formatOf(bytes: Buffer, name: string): string {
  if (bytes.length === 0)
    throw new InputError(`${name}: expected an image, got an empty file; check the file`);
  const found = magics.find(([, test]) => test(bytes));
  if (found) return found[0];
  throw new InputError(
    `${name}: expected a PNG, JPEG, TIFF, GIF, WebP or DICOM image, got a file of another kind; convert it first`,
  );
}

const damaged = (name: string, format: string, reason: string): InputError =>
  new InputError(
    `${name}: expected a whole ${format} image, got a damaged one (${reason}); get the file again`,
  );

/** The depth of an image that is accepted. @throws InputError otherwise */
function checkKind(meta: Metadata, name: string): Depth {
  const { width, height, space = '', depth = '', pages = 1 } = meta;
  const refuse = (expected: string, got: string, remedy: string): never => {
    throw new InputError(`${name}: expected ${expected}, got ${got}; ${remedy}`);
  };
  if (pages > 1) refuse('one picture in a file', `${pages} pages or frames`, 'save the wanted one by itself');
  checkPixels(width, height, name);
  if (!greySpaces.has(space) && !colourSpaces.has(space))
    refuse('a grey or RGB image', `colour space ${space}`, 'convert it to RGB first');
  return depths[depth] ?? refuse('8 or 16 bits a sample', `${depth} samples`, 'convert it to 16 bits first');
}

/** Runs a sharp pipeline. `channels`: as many as the raster that came in, else as many as the file has. */
async function decode(image: Sharp, depth: Depth, channels?: number): Promise<Raster> {
  const count = channels ?? (await channelsOf(image));
  const wide = depth === 16;
  // Three traps: raw() repeats grey unless it is told the space, narrows 16 bits to 8 likewise, and in
  // space b-w drops alpha, so that 8-bit grey + alpha is decoded as RGBA and picked apart.
  const viaRgba = count === 2 && !wide;
  const grey = count < 3 && !viaRgba;
  const space = wide ? (grey ? 'grey16' : 'rgb16') : grey ? 'b-w' : 'srgb';
  const { data, info } = await image
    .toColourspace(space)
    .raw({ depth: wide ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const samples = wide ? wideView(data) : new Uint8Array(data.buffer, data.byteOffset, data.length);
  const raster = { width, height, channels: viaRgba ? 4 : count, depth, data: samples };
  if (samples.length !== width * height * raster.channels)
    throw new Error(`decoder gave ${samples.length} samples for ${width}x${height}x${raster.channels}`);
  return viaRgba ? pickChannels(raster, [0, 3]) : raster;
}

/** By colour space: a grey picture stored as RGB or palette has 3. */
async function channelsOf(image: Sharp): Promise<number> {
  const { space = '', hasAlpha } = await image.metadata();
  return (greySpaces.has(space) ? 1 : 3) + (hasAlpha ? 1 : 0);
}

/** The bytes as 16-bit samples; copied only where they start at an odd offset. */
function wideView(data: Buffer): Uint16Array {
  const bytes = data.byteOffset % 2 === 0 ? data : Uint8Array.from(data);
  return new Uint16Array(bytes.buffer, bytes.byteOffset, data.length / 2);
}

function fromRaster({ width, height, channels, data }: Raster): Sharp {
  return sharp(data, {
    raw: { width, height, channels: channels as 1 | 2 | 3 | 4 },
    limitInputPixels: false,
  });
}

/** A raster of the chosen channels, in this order. */
function pickChannels(raster: Raster, pick: readonly number[]): Raster {
  const { width, height, channels, depth, data: from } = raster;
  const data =
    depth === 16
      ? new Uint16Array(width * height * pick.length)
      : new Uint8Array(width * height * pick.length);
  for (let pixel = 0, at = 0; at < data.length; pixel += channels) {
    for (const channel of pick) data[at++] = from[pixel + channel]!;
  }
  return { width, height, channels: pick.length, depth, data };
}

/** Colours and, behind each pixel's, its alpha. */
function withAlpha(colour: Raster, alpha: Raster): Raster {
  const channels = colour.channels + 1;
  const length = alpha.data.length * channels;
  const data = colour.depth === 16 ? new Uint16Array(length) : new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const [pixel, c] = [Math.floor(i / channels), i % channels];
    data[i] = c < colour.channels ? colour.data[pixel * colour.channels + c]! : alpha.data[pixel]!;
  }
  return { ...colour, channels, data };
}
