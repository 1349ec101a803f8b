/** Checks of images that all metrics share. */
import { InputError } from '../shared/errors.ts';
import type { Depth, Raster } from '../shared/types.ts';

/** F, the largest sample value: 255 or 65535. */
export const largestSample = (depth: Depth): number => 2 ** depth - 1;

/** @throws InputError if the raster is empty, or its data do not fit its sizes and depth */
export function checkRaster(raster: Raster, name = 'image'): void {
  const { width, height, channels, depth, data } = raster;
  for (const [key, value] of Object.entries({ width, height, channels }))
    if (!Number.isInteger(value) || value < 1)
      throw new InputError(`"${name}" expected ${key} of at least 1, got ${value}; give a non-empty image`);
  const kind = data instanceof Uint8Array ? 8 : data instanceof Uint16Array ? 16 : 'other';
  if (kind !== depth)
    throw new InputError(
      `"${name}" expected Uint8Array at depth 8 or Uint16Array at 16, got ${kind}-bit data at depth ${depth}; give data of its depth`,
    );
  const samples = width * height * channels;
  if (data.length !== samples)
    throw new InputError(
      `"${name}" expected ${samples} samples (${shapeOf(raster)}), got ${data.length}; give width * height * channels samples`,
    );
}

/** @throws InputError if one is empty, or width, height, channels or depth differ */
export function checkPair(a: Raster, b: Raster, nameA = 'plain', nameB = 'cipher'): void {
  checkRaster(a, nameA);
  checkRaster(b, nameB);
  if (shapeOf(a) !== shapeOf(b))
    throw new InputError(
      `"${nameB}" expected the shape of "${nameA}", ${shapeOf(a)}, got ${shapeOf(b)}; compare images of one shape`,
    );
}

const shapeOf = ({ width, height, channels, depth }: Raster): string =>
  `${width}x${height}x${channels} at ${depth} bits`;
