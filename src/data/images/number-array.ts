/** Arrays of numbers, as .npy and .mat files have them, and their rasters. */
import { InputError } from '../../shared/errors.ts';
import type { Raster } from '../../shared/types.ts';
import { damaged, unread } from './unread.ts';

export type Values = Exclude<ReturnType<typeof valuesOf>, null>;

/** Numbers in row order: the last index runs first. */
export interface NumberArray {
  readonly shape: readonly number[];
  readonly values: Values;
  /** Truth values: one bit each. */
  readonly logical: boolean;
}

const typedArrays = {
  i1: Int8Array,
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
  i8: BigInt64Array,
  u8: BigUint64Array,
  f4: Float32Array,
  f8: Float64Array,
} as const;

/** Kind and bytes of a number: `u1`, `f8`. */
export type NumberType = keyof typeof typedArrays;

export const isNumberType = (type: string): type is NumberType => type in typedArrays;

/** @param bytes a whole number of items */
export function valuesOf(bytes: Buffer, type: NumberType, littleEndian: boolean) {
  const own = Buffer.from(bytes); // aligned, and free to be swapped
  const size = Number(type[1]);
  if (!littleEndian && size > 1) own[`swap${(8 * size) as 16 | 32 | 64}`]();
  const aligned = own.byteOffset % size === 0 ? own : Buffer.from(new Uint8Array(own).buffer);
  const values = new typedArrays[type](aligned.buffer, aligned.byteOffset, aligned.length / size);
  return values instanceof BigInt64Array || values instanceof BigUint64Array
    ? Float64Array.from(values, Number)
    : values;
}

/** Values whose first index runs first, put into row order. */
export function rowOrder(values: Values, shape: readonly number[]): Values {
  const [rows, columns] = [shape[0] ?? 1, values.length / (shape[0] ?? 1)];
  if (rows === 1 || columns === 1) return values;
  const steps = shape.map((_, axis) => shape.slice(0, axis).reduce((product, side) => product * side, 1));
  const out = values.slice();
  const index = shape.map(() => 0);
  for (let at = 0, from = 0; at < out.length; at++) {
    out[at] = values[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= steps[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return out;
}

/** Whether every value is 0 or 1. */
export const areBits = ({ values }: NumberArray): boolean =>
  values.every((value) => value === 0 || value === 1);

/**
 * Rows x columns, or rows x columns x channels; a vector is one row. Whole numbers up to 255 give 8 bits, up to 65535
 * 16 bits, whatever type holds them; 16-bit types keep 16 bits, truth values become 0 and 255.
 * @throws InputError for other shapes and numbers
 */
export function arrayRaster(array: NumberArray, name: string): Raster {
  const { shape, logical } = array;
  const [height, width, channels] =
    shape.length === 1 ? [1, shape[0]!, 1] : [shape[0]!, shape[1]!, shape[2] ?? 1];
  if (shape.length < 1 || shape.length > 3 || channels > 4)
    throw new InputError(
      `${name}: expected an array of rows x columns, or rows x columns x 1 to 4 channels, got shape ${shape.join(' x ')}; save it in that shape`,
    );
  const data = samplesOf(array, name);
  if (data.length === 0) throw damaged(name, 'array', 'it has no numbers');
  return {
    width,
    height,
    channels,
    depth: data instanceof Uint8Array ? 8 : 16,
    data: logical ? data.map((bit) => 255 * bit) : data,
  };
}

/** The numbers as samples of 8 or 16 bits. @throws InputError for a number that is none */
export function samplesOf({ values }: NumberArray, name: string): Uint8Array | Uint16Array {
  if (values instanceof Uint8Array || values instanceof Uint16Array) return values;
  let most = 0;
  for (const value of values) {
    if (!(Number.isInteger(value) && value >= 0 && value <= 65535))
      throw new InputError(
        `${name}: expected whole numbers from 0 to 255 or 65535, got ${value}; save the samples as uint8 or uint16`,
      );
    if (value > most) most = value;
  }
  return most > 255 ? Uint16Array.from(values) : Uint8Array.from(values);
}

export const unreadType = (name: string, type: string): InputError =>
  unread(name, `an array of ${type}`, 'uint8 or uint16');
