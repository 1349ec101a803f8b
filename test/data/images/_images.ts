/** Images for tests: seeded rasters, and PNG files written by hand with any colour type and chunk. */
import { deflateSync } from 'node:zlib';
import { chunk } from '../../../src/data/images/png.ts';
import { stream } from '../../../src/shared/random.ts';
import type { Depth, Raster } from '../../../src/shared/types.ts';

/** A raster of noise. */
export function noise(width: number, height: number, channels: number, depth: Depth, seed: number): Raster {
  const random = stream(seed, 'noise', width, height, channels, depth);
  const values = Array.from({ length: width * height * channels }, () => random.int(2 ** depth));
  const data = depth === 16 ? Uint16Array.from(values) : Uint8Array.from(values);
  return { width, height, channels, depth, data };
}

/** The same with a smooth gradient, so that the writer takes its filtered path. */
export function gradient(width: number, height: number, channels: number, depth: Depth): Raster {
  const data = noise(width, height, channels, depth, 0).data.map(
    (_, i) => Math.floor(i / channels / width) * 5 + (i % channels),
  );
  return { width, height, channels, depth, data };
}

export const bytesOf = ({ data }: Raster): Buffer =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** Whether two rasters are equal in shape and in each sample. */
export const same = (a: Raster, b: Raster): boolean =>
  a.width === b.width &&
  a.height === b.height &&
  a.channels === b.channels &&
  a.depth === b.depth &&
  a.data.constructor === b.data.constructor &&
  bytesOf(a).equals(bytesOf(b));

/** A PNG of given rows (filter 0 added), with further chunks between IHDR and IDAT. */
export function png(
  width: number,
  bits: number,
  colourType: number,
  rows: number[][],
  extra: Buffer[] = [],
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(rows.length, 4);
  header[8] = bits;
  header[9] = colourType;
  const pixels = deflateSync(Buffer.from(rows.flatMap((row) => [0, ...row])));
  const start = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([
    start,
    chunk('IHDR', header),
    ...extra,
    chunk('IDAT', pixels),
    chunk('IEND', start.subarray(8)),
  ]);
}

/** A PNG with a chunk put in before IEND. */
export const withChunk = (file: Buffer, type: string, data: Uint8Array): Buffer =>
  Buffer.concat([file.subarray(0, -12), chunk(type, data), file.subarray(-12)]);
