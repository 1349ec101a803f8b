/** Whether decrypted samples are a picture: neighbours in a row of noise differ by a third of the range, on average. */

import type { PaperMap } from '../../chaos/maps.ts';
import { decryptRaster, deriveKeys, type Keys, type PaperOptions } from '../../cipher/index.ts';
import type { MapParams, Raster } from '../../shared/types.ts';
import { roughness } from '../parameter-search.ts';

export interface Recovered {
  readonly params: MapParams;
  readonly image: Raster;
  /** Mean |difference| of neighbours in a row over the largest value: 1/3 for noise. */
  readonly roughness: number;
  /** The last rows of the cipher picture decrypt to a picture too: a wrong digit anywhere would have left noise there. */
  readonly exact: boolean;
}

/** Standard deviations below noise that make a picture. */
const deviations = 8;
/** Cipher samples at the end of the keystream that decide about exactness. */
const lastSamples = 1024;

/** Of one absolute difference of two uniform values, a tenth more because a row's differences share values. */
const spread = 1.1 * Math.sqrt(1 / 18);

/** What the parameters decrypt the picture to, or null if it is noise. */
export function pictureUnder(
  cipher: Raster,
  map: PaperMap,
  params: MapParams,
  options: PaperOptions,
): Recovered | null {
  const keys = deriveKeys(map, params, cipher, options);
  const image = decryptRaster(cipher, keys);
  const rough = roughness(image);
  if (!smooth(rough, image)) return null;
  return { params, image, roughness: rough, exact: endIsSmooth(image, keys) };
}

const smooth = (rough: number, { width, height, channels }: Raster): boolean =>
  rough < 1 / 3 - (deviations * spread) / Math.sqrt((width - 1) * height * channels);

/** The plain rows that the last cipher rows decrypt to. */
function endIsSmooth({ data, width, height, channels, depth }: Raster, { yIndex }: Keys): boolean {
  const perRow = width * channels;
  const rows = Math.min(height, Math.ceil(lastSamples / perRow));
  const end = depth === 8 ? new Uint8Array(rows * perRow) : new Uint16Array(rows * perRow);
  yIndex.slice(-rows).forEach((row, i) => {
    end.set(data.subarray(row * perRow, (row + 1) * perRow), i * perRow);
  });
  const raster = { width, height: rows, channels, depth, data: end };
  return smooth(roughness(raster), raster);
}
