/** The pictures that a run wrote, OUT/images/<image>/<method>/{plain,cipher,decrypted,attacked}.png, read back. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { viewed } from '../data/dicom/view.ts';
import { loadRaster } from '../data/image.ts';
import type { Raster } from '../shared/types.ts';
import {
  type ImageId,
  type ImageRecord,
  type MethodId,
  methodIds,
  type ReproductionResults,
} from './results.ts';

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

/** For every image of the run, the pictures of the first method whose three files exist; without them, none. */
export async function loadPictures(out: string, results: ReproductionResults): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for (const { id } of results.images) {
    const picture = await firstOf(out, id);
    if (picture) pictures.push(picture);
  }
  return pictures;
}

async function firstOf(out: string, image: ImageId): Promise<Picture | null> {
  for (const method of methodIds) {
    const bytes = await Promise.all(
      names.map((name) => readFile(join(out, 'images', image, method, `${name}.png`)).catch(() => null)),
    );
    if (bytes.some((b) => b === null)) continue;
    const folder = `${image}/${method}`;
    const [plain, cipher, decrypted] = await Promise.all(
      bytes.map((b, i) => loadRaster(b!, `${folder}/${names[i]}.png`, 'native')),
    );
    const spoils = await readFile(join(out, 'images', folder, 'attacked.png')).catch(() => null);
    const attacked = spoils && (await loadRaster(spoils, `${folder}/attacked.png`, 'native'));
    return { image, method, plain: plain!, cipher: cipher!, decrypted: decrypted!, attacked };
  }
  return null;
}

/** As a reader should see it: a DICOM picture through its display window, its cipher as noise of the whole range. */
export const shownRaster = ({ view }: ImageRecord, name: string, raster: Raster): Raster =>
  view && name !== 'cipher' ? viewed(raster, view) : raster;

/** Longer side of a thumbnail, pixels. */
const thumbnailSide = 280;

/**
 * A small JPEG as a data URI. `every`: take every k-th pixel, as a cipher's noise would average to flat grey;
 * otherwise Lanczos.
 */
export async function thumbnail(raster: Raster, every: boolean): Promise<string> {
  const { width, height, channels } = raster;
  const raw = { width, height, channels: channels as 1 | 2 | 3 | 4 };
  const jpeg = await sharp(eightBits(raster), { raw })
    .resize(thumbnailSide, thumbnailSide, {
      fit: 'inside',
      withoutEnlargement: true,
      kernel: every ? 'nearest' : 'lanczos3',
    })
    .flatten()
    .jpeg({ quality: every ? 70 : 82, chromaSubsampling: '4:4:4' })
    .toBuffer();
  return `data:image/jpeg;base64,${jpeg.toString('base64')}`;
}

function eightBits({ data, depth }: Raster): Buffer {
  if (depth === 8) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.from(Uint8Array.from(data, (v) => v >> 8));
}
