/**
 * The paper's steps 10 and 11 in one pass: A[i] = P[y_index[i]], B[:, j] = A[:, x_index[j]], cipher = B xor z_key.
 * The permutations move whole pixels, the xor acts on samples. Plain twin: test/twins/paper-scheme.ts.
 */
import type { Raster } from '../shared/types.ts';
import { checkKeys, checkRaster, type Keys, samplesArray, shapeOf } from './keys.ts';

/**
 * @returns the cipher image, of the plain image's shape
 * @throws InputError if the keys are not of this shape
 */
export function encryptRaster(plain: Raster, keys: Keys): Raster {
  checkRaster(plain);
  checkKeys(keys, plain);
  const { data, width, channels, depth } = plain;
  const columns = sampleColumns(keys.xIndex, channels);
  const out = samplesArray(depth, data.length);
  for (const [i, row] of keys.yIndex.entries())
    encryptRow(data, row * width * channels, columns, keys.zKey, out, i * columns.length);
  return { ...shapeOf(plain), data: out };
}

/**
 * The inverse, exact for every key.
 * @returns the plain image, of the cipher image's shape
 * @throws InputError if the keys are not of this shape
 */
export function decryptRaster(cipher: Raster, keys: Keys): Raster {
  checkRaster(cipher);
  checkKeys(keys, cipher);
  const { data, width, channels, depth } = cipher;
  const columns = sampleColumns(keys.xIndex, channels);
  const out = samplesArray(depth, data.length);
  for (const [i, row] of keys.yIndex.entries())
    decryptRow(data, i * columns.length, columns, keys.zKey, out, row * width * channels);
  return { ...shapeOf(cipher), data: out };
}

type Samples = Uint8Array | Uint16Array;

/** Where in its row each sample of an output row comes from: one loop serves any number of channels. */
function sampleColumns(xIndex: Int32Array, channels: number): Int32Array {
  return Int32Array.from(
    { length: xIndex.length * channels },
    (_, k) => xIndex[Math.floor(k / channels)]! * channels + (k % channels),
  );
}

function encryptRow(
  plain: Samples,
  from: number,
  columns: Int32Array,
  z: Samples,
  out: Samples,
  at: number,
): void {
  for (let k = 0; k < columns.length; k++) out[at + k] = plain[from + columns[k]!]! ^ z[at + k]!;
}

function decryptRow(
  cipher: Samples,
  at: number,
  columns: Int32Array,
  z: Samples,
  out: Samples,
  to: number,
): void {
  for (let k = 0; k < columns.length; k++) out[to + columns[k]!] = cipher[at + k]! ^ z[at + k]!;
}
