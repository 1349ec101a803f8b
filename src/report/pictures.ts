/** The pictures that a run wrote, OUT/images/<image>/<method>/{plain,cipher,decrypted,attacked}.png, read back. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { viewed } from '../data/dicom/view.ts';
import { loadRaster } from '../data/images/image.ts';
import { InputError, messageOf } from '../shared/errors.ts';
import type { Raster } from '../shared/types.ts';
import {
  type ImageId,
  type ImageRecord,
  type MethodId,
  methodIds,
  type ReproductionResults,
} from '../tables/results.ts';

/** One image with the method that the report shows it by. */
export interface Picture {
  readonly image: ImageId;
  readonly method: MethodId;
  readonly plain: Raster;
  readonly cipher: Raster;
  readonly decrypted: Raster;
  /** What an attacker got out of the cipher image; null where nobody attacked it. */
  readonly attacked: Raster | null;
}

const names = ['plain', 'cipher', 'decrypted'] as const;

/**
 * For every image of the run, the pictures of the first method whose three files exist; without them, none.
 * @throws InputError if one is damaged, or not of its image's size
 */
export async function loadPictures(out: string, results: ReproductionResults): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for (const image of results.images) {
    const picture = await firstOf(out, image);
    if (picture) pictures.push(picture);
  }
  return pictures;
}

async function firstOf(out: string, image: ImageRecord): Promise<Picture | null> {
  for (const method of methodIds) {
    const pathOf = (name: string): string => join(out, 'images', image.id, method, `${name}.png`);
    if (!names.every((name) => existsSync(pathOf(name)))) continue;
    const [plain, cipher, decrypted, attacked] = await Promise.all(
      [...names, 'attacked'].map((name) => readPicture(pathOf(name), image)),
    );
    return {
      image: image.id,
      method,
      plain: plain!,
      cipher: cipher!,
      decrypted: decrypted!,
      attacked: attacked ?? null,
    };
  }
  return null;
}

/**
 * A picture that a run wrote; null where there is none.
 * @param size that it must have
 * @throws InputError if it is damaged or of another size, with what to do
 */
export async function readPicture(
  path: string,
  size?: Pick<ImageRecord, 'width' | 'height'>,
): Promise<Raster | null> {
  const bytes = await readFile(path).catch(() => null);
  if (!bytes) return null;
  try {
    const raster = await loadRaster(bytes, path, 'native');
    const fits = !size || (raster.width === size.width && raster.height === size.height);
    if (fits) return raster;
    const [was, is] = [`${size.width}x${size.height}`, `${raster.width}x${raster.height}`];
    throw new InputError(`${path} expected ${was} pixels, as run.json says, got ${is}; get the file again`);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(
      `${messageOf(error)}, by the command that made the run, or delete it for a report without it`,
    );
  }
}

/** As a reader should see it: a DICOM picture through its display window, its cipher as noise of the whole range. */
export const shownRaster = ({ view }: ImageRecord, name: string, raster: Raster): Raster =>
  view && name !== 'cipher' ? viewed(raster, view) : raster;

/** Longer side of a thumbnail in pixels; noise costs most bytes and shows no more when larger. */
const [thumbnailSide, noiseSide] = [240, 144];

/**
 * A small JPEG as a data URI. `every`: take every k-th pixel, as a cipher's noise would average to flat grey;
 * otherwise Lanczos.
 */
export async function thumbnail(raster: Raster, every: boolean): Promise<string> {
  const { width, height, channels } = raster;
  const raw = { width, height, channels: channels as 1 | 2 | 3 | 4 };
  const side = every ? noiseSide : thumbnailSide;
  const jpeg = await sharp(eightBits(raster), { raw })
    .resize(side, side, {
      fit: 'inside',
      withoutEnlargement: true,
      kernel: every ? 'nearest' : 'lanczos3',
    })
    .flatten()
    .jpeg({ quality: every ? 60 : 80, chromaSubsampling: every ? '4:4:4' : '4:2:0' })
    .toBuffer();
  return `data:image/jpeg;base64,${jpeg.toString('base64')}`;
}

function eightBits({ data, depth }: Raster): Buffer {
  if (depth === 8) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.from(Uint8Array.from(data, (v) => v >> 8));
}
