/** Rasters out of sharp, and into it. */
import sharp, { type Metadata, type Sharp } from 'sharp';
import { checkDecoded } from '../../shared/size-limit.ts';
import type { Depth, Raster } from '../../shared/types.ts';
import { pickChannels } from './channels.ts';
import { severalPictures, unread } from './unread.ts';

const depths: Readonly<Record<string, Depth>> = { uchar: 8, ushort: 16 };
const greySpaces: ReadonlySet<string> = new Set(['b-w', 'grey16']);
const colourSpaces: ReadonlySet<string> = new Set(['srgb', 'rgb', 'rgb16']);

/** `error`: damaged and cut-off files throw, warnings of libraries do not. `warning`: both throw. */
export const openImage = (bytes: Buffer, failOn: 'error' | 'warning'): Sharp =>
  sharp(bytes, { failOn, ignoreIcc: true, limitInputPixels: false });

/** @throws Error for whatever makes the decoder warn */
export async function decodeStrictly(bytes: Buffer): Promise<Raster> {
  const image = openImage(bytes, 'warning');
  const { depth = '' } = await image.metadata();
  return decode(image, depths[depth] ?? 8);
}

/** The depth of an image that is accepted. @throws InputError otherwise */
export function checkKind(meta: Metadata, name: string): Depth {
  const { width, height, space = '', channels = 4, depth = '', pages = 1, size: packed = 0 } = meta;
  if (pages > 1) throw severalPictures(name, pages);
  checkDecoded(width * height * (channels === 2 ? 4 : channels) * (depth === 'ushort' ? 2 : 1), packed, name);
  if (!greySpaces.has(space) && !colourSpaces.has(space)) throw unread(name, `colour space ${space}`, 'RGB');
  const known = depths[depth];
  if (known) return known;
  throw unread(name, `an image of ${depth} samples`, '8 or 16 bits');
}

/** Runs a sharp pipeline. `channels`: as many as the raster that came in, else as many as the file has. */
export async function decode(image: Sharp, depth: Depth, channels?: number): Promise<Raster> {
  const count = channels ?? (await channelsOf(image));
  const wide = depth === 16;
  // Three traps: raw() repeats grey unless a space is named, narrows 16 bits to 8 likewise, and in
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
export function fromRaster({ width, height, channels, data }: Raster): Sharp {
  return sharp(data, {
    raw: { width, height, channels: channels as 1 | 2 | 3 | 4 },
    limitInputPixels: false,
  });
}
