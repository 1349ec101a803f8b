/** Small pictures, hashes and secrets, the same at every run. */
import { createHash } from 'node:crypto';
import type { Raster } from '../../../../src/shared/types.ts';

export const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

/** Bytes that follow from a text. */
export const seeded = (text: string, length: number): Buffer =>
  createHash('shake256', { outputLength: length }).update(text).digest();

export type Sides = readonly [width: number, height: number, channels: number, depth: 8 | 16];

export function picture([width, height, channels, depth]: Sides): Raster {
  const count = width * height * channels;
  const data = depth === 8 ? new Uint8Array(count) : new Uint16Array(count);
  for (let k = 0; k < count; k++) data[k] = 37 * k + (k % 5) * (k % 7);
  return { width, height, channels, depth, data };
}

export const sampleBytes = ({ data }: Raster): Buffer =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength);

export const shapeOf = ({ width, height, channels, depth }: Raster) => ({ width, height, channels, depth });

/** Shape and sample hash. */
export const described = (raster: Raster) => ({ ...shapeOf(raster), sha256: sha256(sampleBytes(raster)) });

/** The bytes with one bit of the byte at `at` changed; a negative place counts from the end. */
export function flipped(bytes: Uint8Array, at: number, mask = 1): Buffer {
  const changed = Buffer.from(bytes);
  changed[at < 0 ? bytes.length + at : at]! ^= mask;
  return changed;
}

export const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
