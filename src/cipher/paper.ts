/**
 * The cipher of "Medical Image Encryption Using Chaotic Algorithms and Deep Learning" (Husamuldeen, Salman, Miry):
 * a map's orbits give x_key, y_key and z_key; x_index and y_index sort the first two; rows, then columns are
 * permuted; the result is xored with z_key. Its open choices are options (options.ts).
 * Any image from 1x1, 1 to 4 channels, 8 or 16 bit. Not secure: two chosen images give the keys away.
 */
import type { MapName } from '../chaos/maps.ts';
import type { MapParams, Raster } from '../shared/types.ts';
import { type CompactKey, packCompact, packKeys, unpackCompact, unpackKeys } from './keyfile/keyfile.ts';
import {
  checkRaster,
  checkSameShape,
  checkShape,
  type Keys,
  type Samples,
  type Shape,
  samplesArray,
  samplesOf,
  shapeOf,
} from './keys.ts';
import { checkOptions, multipliersOf, type PaperOptions, presets } from './options.ts';
import { checkParams } from './parameters.ts';
import { decryptRaster, encryptRaster, sampleColumns, sortIndex } from './permute.ts';
import { quantise } from './quantise.ts';
import { anyChannels, type Scheme, type SchemeInput } from './scheme.ts';
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
 * in one loop over the samples, which takes little longer than the keys alone (chaos/lorenz-fast.ts).
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
  z.encrypt(picture, multipliersOf(options, map)[plain.depth]);
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
  return spread(
    quantise(z, n, shape.depth, multipliersOf(options, map)[shape.depth], options.quantiser),
    shape,
  );
}

/** One plane repeated for every channel; as it is where each has its own. */
function spread(samples: Samples, shape: Shape): Samples {
  const n = samplesOf(shape);
  if (samples.length === n) return samples;
  return samplesArray(shape.depth, n).map((_, k) => samples[Math.floor(k / shape.channels)]!);
}

export interface PaperKey {
  readonly keys: Keys;
  readonly preset?: string;
  /** Packed in place of the keys, which follow from it. */
  readonly compact?: CompactKey;
}

const npz = 'application/x-npz';
const json = 'application/json';

function keyOf({ map, params, preset = 'paper', keyFormat }: SchemeInput, keys: Keys): PaperKey {
  if (keyFormat !== 'compact') return { keys, preset };
  return { keys, preset, compact: { map, params, options: presets[preset] } };
}

const optionsOf = ({ preset = 'paper' }: SchemeInput): PaperOptions => presets[preset];

const paperKeys = (input: SchemeInput, shape: Shape): PaperKey =>
  keyOf(input, deriveKeys(input.map, input.params, shape, optionsOf(input)));

export const paper: Scheme<PaperKey> = {
  name: 'paper',
  label: 'Paper scheme',
  source: 'Husamuldeen, Salman, Miry: Medical Image Encryption Using Chaotic Algorithms and Deep Learning',
  standing: 'reproduced',
  keyedBy: 'parameters',
  fresh: false,
  channels: anyChannels,
  choices: ['preset', 'keyFormat'],
  warning: 'the paper scheme is for study and protects no patient (npm run attack shows why)',
  keys: paperKeys,
  encrypt: (plain, key) => ({ cipher: encryptRaster(plain, key.keys), key }),
  encryptAtOnce(plain, input) {
    const { keys, cipher } = encryptImage(input.map, input.params, plain, optionsOf(input));
    return { cipher, key: keyOf(input, keys) };
  },
  decrypt: (cipher, { keys }) => decryptRaster(cipher, keys),
  rekey: (_, input, shape) => paperKeys(input, shape),
  pack: ({ keys, compact }, shape) => (compact ? packCompact(compact, shape) : packKeys(keys, shape)),
  unpack: (bytes, shape, contentType) =>
    contentType === json ? fromCompact(bytes, shape) : fromNpz(bytes, shape),
  keyFile: {
    contentTypes: [npz, json],
    enc: 'A128GCM', // the paper's AES-128
    header: ({ preset = 'paper', compact }) => ({ cty: compact ? json : npz, preset }),
  },
};

function fromNpz(bytes: Uint8Array, image: Shape): PaperKey {
  const { keys, shape } = unpackKeys(bytes);
  checkSameShape(shape, image);
  return { keys };
}

function fromCompact(bytes: Uint8Array, image: Shape): PaperKey {
  const { key, shape } = unpackCompact(bytes);
  checkSameShape(shape, image); // before any work: a hostile file may ask for a gigabyte
  return { keys: deriveKeys(key.map, key.params, image, key.options), compact: key };
}
