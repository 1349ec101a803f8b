/// <reference types="node" preserve="true" />
/** `medchaos/images`: readers and writers of pictures. sharp and the readers of DICOM load at the first call. */
import { makeFolderOf, readInput, writeWhole } from '../shared/files.ts';
import type { ChannelMode, Raster } from '../shared/types.ts';
import { refuseExisting } from '../shared/user-files.ts';

export { toRgb } from '../data/images/channels.ts';
export type { ChannelMode, Depth, Raster } from '../shared/types.ts';

export interface ReadOptions {
  /** `native`: as stored, which is the default. `rgb`: three channels. */
  readonly channels?: ChannelMode;
  /** Of a DICOM file, counted from 1. */
  readonly frame?: number;
}

export interface WriteOptions {
  /** Replace a file that is there. */
  readonly force?: boolean;
}

const readers = () => import('../data/images/image.ts');

/**
 * A picture of a file: PNG, JPEG, TIFF, GIF, WebP, BMP, PBM, PGM, PPM, NPY, MAT or DICOM, by its first bytes.
 * @throws InputError for a file that cannot be read, is damaged, or is no picture
 */
export const readImage = async (path: string, { channels, frame }: ReadOptions = {}): Promise<Raster> =>
  loadRaster(await readInput(path, 'image'), path, channels, frame);

/**
 * The picture in the bytes of a file.
 * @param name for messages
 * @throws InputError as `readImage`
 */
export async function loadRaster(
  bytes: Uint8Array,
  name = 'image',
  channels: ChannelMode = 'native',
  frame?: number,
): Promise<Raster> {
  const { loadSamples } = await readers();
  return loadSamples(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), name, channels, frame);
}

/** A PNG file of 8 or 16 bits a sample. The same raster gives the same bytes. */
export const encodePng = async (raster: Raster): Promise<Uint8Array> => (await readers()).encodePng(raster);

/**
 * Writes a PNG file; it appears whole.
 * @throws InputError if the file exists, without `force`
 */
export async function writeImage(
  path: string,
  raster: Raster,
  { force = false }: WriteOptions = {},
): Promise<void> {
  refuseExisting([path], force);
  const bytes = await encodePng(raster);
  await makeFolderOf(path);
  await writeWhole(path, Buffer.from(bytes));
}

/** Exactly width x height, by Lanczos with a = 3; the aspect ratio may change. */
export const resizeRaster = async (raster: Raster, width: number, height: number): Promise<Raster> =>
  (await readers()).resizeRaster(raster, width, height);
