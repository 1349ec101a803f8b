/**
 * Key files, which travel inside an envelope (envelope.ts).
 * `npz`: xindex `<i4` (W), yindex `<i4` (H), zkey `|u1` or `<u2` of shape (H, W), or (H, W, C) for several
 * channels; numpy.load opens it, and no map is needed to decrypt. `compact`: the parameters and the
 * conventions as JSON, a few hundred bytes, from which the receiver derives the same keys.
 */

import { isMapName, type MapName } from '../../chaos/maps.ts';
import { InputError } from '../../shared/errors.ts';
import { bytesOf, exactParameters, hexOf, parseObject, textBytes, textOfBytes } from '../../shared/exact.ts';
import type { Depth, MapParams } from '../../shared/types.ts';
import { checkKeys, checkShape, type Keys, readShape, type Shape, shapeOf } from '../keys.ts';
import { type PaperOptions, readOptions } from '../options.ts';
import { type Npy, readNpy, writeNpy } from './npy.ts';
import { readZip, writeZip } from './zip.ts';

/**
 * The keys as a stored `.npz`.
 * @throws InputError if the keys do not have this shape
 */
export function packKeys(keys: Keys, shape: Shape): Uint8Array {
  checkKeys(keys, shape);
  const { width, height, channels, depth } = shape;
  const sides = channels === 1 ? [height, width] : [height, width, channels];
  return writeZip({
    'xindex.npy': writeNpy({ descr: '<i4', shape: [width], data: bytesOf(keys.xIndex) }),
    'yindex.npy': writeNpy({ descr: '<i4', shape: [height], data: bytesOf(keys.yIndex) }),
    'zkey.npy': writeNpy({ descr: depth === 8 ? '|u1' : '<u2', shape: sides, data: bytesOf(keys.zKey) }),
  });
}

/**
 * The keys in an `.npz`, and the image shape they are for.
 * @throws InputError for a damaged file, missing or foreign arrays, wrong types or shapes, or an index
 *   that is no permutation
 */
export function unpackKeys(bytes: Uint8Array): { keys: Keys; shape: Shape } {
  const members = readZip(bytes);
  const read = (name: string): Npy => {
    const member = members.get(`${name}.npy`);
    if (member && members.size === (members.has('name.npy') ? 4 : 3)) return readNpy(member, name);
    const got = [...members.keys()].join(', ') || 'nothing';
    throw new InputError(
      `the key file expected xindex, yindex and zkey, got ${got}; ask for the key file again`,
    );
  };
  const xIndex = indexOf(read('xindex'), 'xindex');
  const yIndex = indexOf(read('yindex'), 'yindex');
  const z = read('zkey');
  const shape = imageShape(z);
  const keys = { xIndex, yIndex, zKey: samplesOfBytes(z.data, shape.depth) };
  checkKeys(keys, shape);
  return { keys, shape };
}

function indexOf({ descr, shape, data }: Npy, name: string): Int32Array {
  if (descr === '<i4' && shape.length === 1) return new Int32Array(aligned(data));
  throw new InputError(
    `"${name}" expected <i4 of one dimension, got ${descr} of shape (${shape.join(', ')}); ask for the key file again`,
  );
}

function imageShape({ descr, shape }: Npy): Shape {
  const [height = 0, width = 0, channels = 1] = shape;
  if (descr === '<i4' || shape.length < 2 || shape.length > 3)
    throw new InputError(
      `"zkey" expected |u1 or <u2 of shape (H, W) or (H, W, C), got ${descr} of shape (${shape.join(', ')}); ` +
        'ask for the key file again',
    );
  return { width, height, channels, depth: descr === '|u1' ? 8 : 16 };
}

/** 8-bit samples as a view into the file, 16-bit ones copied for their alignment. */
const samplesOfBytes = (data: Uint8Array, depth: Depth): Keys['zKey'] =>
  depth === 8 ? new Uint8Array(data.buffer, data.byteOffset, data.length) : new Uint16Array(aligned(data));

/** The bytes in a buffer of their own, which wider elements need. */
const aligned = (data: Uint8Array): ArrayBuffer => Uint8Array.from(data).buffer;

export { bytesOf } from '../../shared/exact.ts';

/** Content of the compact key file. */
export interface CompactKey {
  readonly map: MapName;
  readonly params: MapParams;
  readonly options: PaperOptions;
}

/** The compact key file: every number as JSON prints it (exact) and, for the parameters, as IEEE 754 hex too. */
export function packCompact({ map, params, options }: CompactKey, shape: Shape): Uint8Array {
  checkShape(shape);
  const parametersHex = params.map(hexOf);
  const file = {
    format,
    scheme: 'paper',
    map,
    parameters: params,
    parametersHex,
    options,
    shape: shapeOf(shape),
  };
  return textBytes(`${JSON.stringify(file, null, 2)}\n`);
}

const format = 'medchaos compact key 1';

/**
 * Content of a compact key file. `deriveKeys` turns it into keys, after the shape is checked against the image's.
 * @throws InputError for a damaged or foreign file
 */
export function unpackCompact(bytes: Uint8Array): { key: CompactKey; shape: Shape } {
  const file = parseObject(bytes);
  if (file.format !== format || file.scheme !== 'paper' || !isMapName(file.map))
    throw new InputError(
      `the key file expected ${format} of scheme paper, got another; ask for the key file again`,
    );
  return {
    key: {
      map: file.map,
      params: exactParameters(file.parameters, file.parametersHex),
      options: readOptions(file.options),
    },
    shape: readShape(file.shape),
  };
}

// The original path of a file travels inside its key file, for anybody can read the header: a field `name` of JSON, a
// further array `name` (UTF-8) of an .npz. Key files without one are as they always were.

const isJson = (payload: Uint8Array): boolean => payload[0] === 0x7b;

/** The key file with the name. */
export function withOriginalName(payload: Uint8Array, name: string): Uint8Array {
  if (isJson(payload)) return textBytes(`${JSON.stringify({ ...parseObject(payload), name }, null, 2)}\n`);
  const data = textBytes(name);
  const member = writeNpy({ descr: '|u1', shape: [data.length], data });
  return writeZip({ ...Object.fromEntries(readZip(payload)), 'name.npy': member });
}

/** null where there is none. @throws InputError for a damaged key file */
export function originalName(payload: Uint8Array): string | null {
  if (isJson(payload)) {
    const { name } = parseObject(payload);
    return typeof name === 'string' ? name : null;
  }
  const member = readZip(payload).get('name.npy');
  if (!member) return null;
  const { descr, shape, data } = readNpy(member, 'name');
  if (descr === '|u1' && shape.length === 1) return textOfBytes(data);
  throw new InputError(
    `"name" expected |u1 of one dimension, got ${descr} of shape (${shape.join(', ')}); ask for the key file again`,
  );
}
