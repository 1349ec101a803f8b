/** A picture file as a network sees it: size x size RGB of 8 bits, resized and cropped as torchvision's transforms do. */
import { readFileSync } from 'node:fs';
import type { Random } from '../../shared/random.ts';
import type { Raster } from '../../shared/types.ts';
import { isDicom } from '../dicom/file.ts';
import { decodeDicom } from '../dicom/image.ts';
import { viewed, viewOf } from '../dicom/view.ts';
import { pickChannels } from '../images/channels.ts';
import { loadRaster } from '../images/image.ts';
import { decodePlainPng } from '../images/png-decode.ts';
import { augmented } from './augment.ts';
import { centred, type Sides } from './resample.ts';

/**
 * An image file as 8 bits of grey or RGB. Of 16 bits, and of DICOM, the levels that a viewer shows: by the file's
 * window, or from the least to the greatest value. Of a DICOM file the first frame.
 * @throws InputError for a file that is no whole image, Error of the system for one that cannot be read
 */
export async function readPicture(path: string): Promise<Raster> {
  const bytes = readFileSync(path); // at once, as this runs in threads of its own
  return withoutAlpha(isDicom(bytes) ? await shownDicom(bytes, path) : await shownRaster(bytes, path));
}

async function shownDicom(bytes: Buffer, name: string): Promise<Raster> {
  const image = await decodeDicom(bytes, name, 1);
  const view = viewOf(image);
  return view === null ? image.raster : viewed(image.raster, view);
}

async function shownRaster(bytes: Buffer, name: string): Promise<Raster> {
  const raster = withoutAlpha(decodePlainPng(bytes, name) ?? (await loadRaster(bytes, name, 'native')));
  if (raster.depth === 8) return raster;
  let [black, white] = [65535, 0];
  for (const sample of raster.data) [black, white] = [Math.min(black, sample), Math.max(white, sample)];
  return viewed(raster, { black, white });
}

const withoutAlpha = (raster: Raster): Raster =>
  raster.channels % 2 === 1 ? raster : pickChannels(raster, raster.channels === 2 ? [0] : [0, 1, 2]);

/**
 * RGB samples [size, size, 3] of a picture.
 * @param change names of augmentations, and the stream that draws them; null: as torchvision's Resize and CenterCrop
 */
export const viewOfPicture = (picture: Raster, sides: Sides, change: Change | null): Uint8Array =>
  rgb(change === null ? centred(picture, sides) : augmented(picture, sides, change.chosen, change.random));

export interface Change {
  readonly chosen: ReadonlySet<string>;
  readonly random: Random;
}

/** Grey is repeated. */
function rgb({ data, channels }: Raster): Uint8Array {
  if (channels === 3) return data as Uint8Array;
  const out = new Uint8Array(3 * data.length);
  for (let i = 0, to = 0; i < data.length; i++) {
    const level = data[i]!;
    out[to++] = level;
    out[to++] = level;
    out[to++] = level;
  }
  return out;
}
