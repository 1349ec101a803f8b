/** The floating-point formats that weights are published in, read as float32. Little-endian, as the host is. */
import { endianness } from 'node:os';

if (endianness() !== 'LE') throw new Error('medchaos expected a little-endian machine');

/** Bytes a value takes, by the names of the .safetensors format; those that are not floats are told by size only. */
export const bytesPerValue: Readonly<Record<string, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  U64: 8,
  I32: 4,
  U32: 4,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};

type Read = (bytes: ArrayBuffer) => Float32Array;

/** Float64 is rounded to the nearest float32; the others are exact. */
export const floatFormats: Readonly<Record<string, Read>> = {
  F32: (bytes) => new Float32Array(bytes),
  F64: (bytes) => Float32Array.from(new Float64Array(bytes)),
  F16: (bytes) => Float32Array.from(new Uint16Array(bytes), halfToNumber),
  BF16: (bytes) => new Float32Array(Uint32Array.from(new Uint16Array(bytes), (bits) => bits << 16).buffer),
};

/** IEEE 754 binary16: 1 bit sign, 5 bits exponent (bias 15), 10 bits fraction. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * fraction * 2 ** -24; // subnormal, or zero
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
