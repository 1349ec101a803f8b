/**
 * The cipher of "Medical Image Encryption Using Chaotic Algorithms and Deep Learning" (Husamuldeen, Salman, Miry):
 * a map's orbits give x_key, y_key and z_key; x_index and y_index sort the first two; rows, then columns are
 * permuted; the result is xored with z_key. Its open choices are options (options.ts).
 * Any image from 1x1, 1 to 4 channels, 8 or 16 bit. Not secure: two chosen images give the keys away.
 */
import type { MapName, MapParams, Raster } from '../shared/types.ts';
import {
  checkRaster,
  checkShape,
  type Keys,
  type Samples,
  type Shape,
  samplesArray,
  samplesOf,
  shapeOf,
} from './keys.ts';
import { checkOptions, type PaperOptions } from './options.ts';
import { sortIndex } from './order.ts';
import { checkParams } from './parameters.ts';
import { encryptRaster, sampleColumns } from './permute.ts';
import { quantise } from './quantise.ts';
import { type Sequence, sequencesOf, take } from './sequences.ts';

export type { Keys, Shape } from './keys.ts';
export { type PaperOptions, type PresetName, presets } from './options.ts';
export {
  baselineParams,
  checkParams,
  parameterNames,
  parameterRanges,
  parametersFromSigmoid,
} from './parameters.ts';
export { decryptRaster, encryptRaster } from './permute.ts';

/**
 * The keys for one image shape.
 * @param params [r] or [sigma, rho, beta]
 * @param shape the image's width, height, channels and depth; a Raster will do
 * @throws InputError if a parameter, the shape or an option is out of range, or the orbit diverges
 */
export function deriveKeys(map: MapName, params: MapParams, shape: Shape, options: PaperOptions): Keys {
  const { z, ...indices } = indicesOf(map, params, shape, options);
  return { ...indices, zKey: zKeyOf(z, map, shape, options) };
}

/**
 * The same keys and the cipher image made with them: `deriveKeys`, then `encryptRaster`; for Lorenz by Euler's steps
 * in one loop over the samples, which takes little longer than the keys alone (fused.ts).
 * @throws InputError as both do
 */
export function encryptImage(
  map: MapName,
  params: MapParams,
  plain: Raster,
  options: PaperOptions,
): { keys: Keys; cipher: Raster } {
  checkRaster(plain);
  const { z, xIndex, yIndex } = indicesOf(map, params, plain, options);
  if (!z.encrypt || options.quantiser !== 'integer' || planesOf(plain, options) !== plain.channels) {
    const keys = { xIndex, yIndex, zKey: zKeyOf(z, map, plain, options) };
    return { keys, cipher: encryptRaster(plain, keys) };
  }
  const [zKey, data] = [
    samplesArray(plain.depth, plain.data.length),
    samplesArray(plain.depth, plain.data.length),
  ];
  const columns = sampleColumns(xIndex, plain.channels);
  const picture = { plain: plain.data, rows: yIndex, columns, zKey, cipher: data };
  z.encrypt(picture, options[map].multipliers[plain.depth]);
  return { keys: { xIndex, yIndex, zKey }, cipher: { ...shapeOf(plain), data } };
}

/** The two permutations, and the sequence that z_key is read from. */
function indicesOf(map: MapName, params: MapParams, shape: Shape, options: PaperOptions) {
  checkParams(map, params);
  checkShape(shape);
  checkOptions(options);
  const { x, y, z } = sequencesOf(map, params, options);
  return {
    xIndex: sortIndex(take(x, shape.width), options.order),
    yIndex: sortIndex(take(y, shape.height), options.order),
    z,
  };
}

/** Key samples of a pixel that differ. */
const planesOf = (shape: Shape, { colour }: PaperOptions): number =>
  colour === 'plane' ? 1 : shape.channels;

function zKeyOf(z: Sequence, map: MapName, shape: Shape, options: PaperOptions): Samples {
  const n = shape.width * shape.height * planesOf(shape, options);
  return spread(quantise(z, n, shape.depth, options[map].multipliers[shape.depth], options.quantiser), shape);
}

/** One plane repeated for every channel; as it is where each has its own. */
function spread(samples: Samples, shape: Shape): Samples {
  const n = samplesOf(shape);
  if (samples.length === n) return samples;
  return samplesArray(shape.depth, n).map((_, k) => samples[Math.floor(k / shape.channels)]!);
}
