/**
 * The cipher of "Medical Image Encryption Using Chaotic Algorithms and Deep Learning" (Husamuldeen, Salman, Miry):
 * a map's orbits give x_key, y_key and z_key; x_index and y_index sort the first two; rows, then columns are
 * permuted; the result is xored with z_key. Its open choices are options (options.ts).
 * Any image from 1x1, 1 to 4 channels, 8 or 16 bit. Not secure: two chosen images give the keys away.
 */
import type { MapName, MapParams } from '../shared/types.ts';
import { checkShape, type Keys, type Shape, samplesArray, samplesOf } from './keys.ts';
import { checkOptions, type PaperOptions } from './options.ts';
import { sortIndex } from './order.ts';
import { checkParams } from './parameters.ts';
import { quantise } from './quantise.ts';
import { sequencesOf, take } from './sequences.ts';

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
  checkParams(map, params);
  checkShape(shape);
  checkOptions(options);
  const { x, y, z } = sequencesOf(map, params, options);
  const multiplier = options[map].multipliers[shape.depth];
  const planes = options.colour === 'plane' ? 1 : shape.channels;
  return {
    xIndex: sortIndex(take(x, shape.width), options.order),
    yIndex: sortIndex(take(y, shape.height), options.order),
    zKey: spread(
      quantise(z, shape.width * shape.height * planes, shape.depth, multiplier, options.quantiser),
      shape,
    ),
  };
}

/** One plane repeated for every channel; as it is where each has its own. */
function spread(samples: Keys['zKey'], shape: Shape): Keys['zKey'] {
  const n = samplesOf(shape);
  if (samples.length === n) return samples;
  return samplesArray(shape.depth, n).map((_, k) => samples[Math.floor(k / shape.channels)]!);
}
