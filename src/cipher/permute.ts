/**
 * The paper's steps 10 and 11 in one pass: A[i] = P[y_index[i]], B[:, j] = A[:, x_index[j]], cipher = B xor z_key.
 * x_index and y_index are the stable argsort of a key sequence.
 * The permutations move whole pixels, the xor acts on samples, on four of 8 bits at once where rows are whole words
 * (half the time at 512x512). Plain twin: test/twins/paper-scheme.ts.
 */
import type { Raster } from '../shared/types.ts';
import { checkKeys, checkRaster, type Keys, type Samples, samplesArray, shapeOf } from './keys.ts';

/**
 * @returns the cipher image, of the plain image's shape
 * @throws InputError if the keys are not of this shape
 */
export function encryptRaster(plain: Raster, keys: Keys): Raster {
  checkRaster(plain);
  checkKeys(keys, plain);
  const { data, depth, channels } = plain;
  const columns = sampleColumns(keys.xIndex, channels);
  const row = columns.length;
  const out = samplesArray(depth, data.length);
  const [z, words] = wordsOf(row, keys.zKey, out) ?? [];
  for (let i = 0; i < keys.yIndex.length; i++) {
    const from = keys.yIndex[i]! * row;
    if (z && words) encryptWords(data, from, columns, z, words, i * (row >> 2));
    else encryptRow(data, from, columns, keys.zKey, out, i * row);
  }
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
  const { data, depth, channels } = cipher;
  const columns = sampleColumns(keys.xIndex, channels);
  const row = columns.length;
  const out = samplesArray(depth, data.length);
  const [z, words] = wordsOf(row, keys.zKey, data) ?? [];
  for (const [i, to] of keys.yIndex.entries())
    if (z && words) decryptWords(words, z, i * (row >> 2), columns, out, to * row);
    else decryptRow(data, i * row, columns, keys.zKey, out, to * row);
  return { ...shapeOf(cipher), data: out };
}

/** Where in its row each sample of an output row comes from: one loop serves any number of channels. */
export function sampleColumns(xIndex: Int32Array, channels: number): Int32Array {
  if (channels === 1) return xIndex;
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

/** The arrays as little-endian words of four 8-bit samples; null where they are not: other rows, depths, machines. */
function wordsOf(row: number, ...arrays: readonly Samples[]): Uint32Array[] | null {
  const whole = (array: Samples): boolean => array.BYTES_PER_ELEMENT === 1 && array.byteOffset % 4 === 0;
  if (!littleEndian || row % 4 !== 0 || !arrays.every(whole)) return null;
  return arrays.map(({ buffer, byteOffset, length }) => new Uint32Array(buffer, byteOffset, length / 4));
}
const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** `encryptRow` with four samples a turn; `at` counts words. */
function encryptWords(
  plain: Samples,
  from: number,
  columns: Int32Array,
  z: Uint32Array,
  out: Uint32Array,
  at: number,
): void {
  for (let k = 0, word = at; k < columns.length; k += 4, word++) {
    const low = plain[from + columns[k]!]! | (plain[from + columns[k + 1]!]! << 8);
    const high = (plain[from + columns[k + 2]!]! << 16) | (plain[from + columns[k + 3]!]! << 24);
    out[word] = low ^ high ^ z[word]!;
  }
}

/** `decryptRow` with four samples a turn; `at` counts words. */
function decryptWords(
  cipher: Uint32Array,
  z: Uint32Array,
  at: number,
  columns: Int32Array,
  out: Samples,
  to: number,
): void {
  for (let k = 0, word = at; k < columns.length; k += 4, word++) {
    const four = cipher[word]! ^ z[word]!;
    out[to + columns[k]!] = four;
    out[to + columns[k + 1]!] = four >>> 8;
    out[to + columns[k + 2]!] = four >>> 16;
    out[to + columns[k + 3]!] = four >>> 24;
  }
}

/**
 * Positions of `keys` in sorted order; equal keys keep their order in both directions. The values are sorted without
 * a comparison function (four times as fast at 512 keys), then each key looks up where its equals begin.
 * @param keys finite values
 */
export function sortIndex(keys: Float64Array, order: 'ascending' | 'descending'): Int32Array {
  const signed = order === 'ascending' ? keys : keys.map((key) => -key);
  const sorted = signed.slice().sort();
  const taken = new Int32Array(keys.length);
  const index = new Int32Array(keys.length);
  for (let i = 0; i < signed.length; i++) {
    const first = firstAtLeast(sorted, signed[i]!);
    index[first + taken[first]!++] = i;
  }
  return index;
}

/** The first position in `sorted` whose value is not below `value`; 0 and -0 are equal. */
function firstAtLeast(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
