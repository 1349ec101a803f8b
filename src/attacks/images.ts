/** What attacks do with images: xor, compare, blank. */
import type { Shape } from '../cipher/index.ts';
import type { Raster } from '../shared/types.ts';

/** An image of zeros. */
export function blackImage({ width, height, channels, depth }: Shape): Raster {
  const n = width * height * channels;
  return { width, height, channels, depth, data: depth === 8 ? new Uint8Array(n) : new Uint16Array(n) };
}

/** Sample by sample, two images of one shape. */
export function xorImages(a: Raster, b: Raster): Raster {
  const out = blackImage(a);
  for (let k = 0; k < out.data.length; k++) out.data[k] = a.data[k]! ^ b.data[k]!;
  return out;
}

/** Samples that agree, 0 to 1; 1 is equality bit for bit. */
export function agreement(a: Raster, b: Raster): number {
  let same = 0;
  for (let k = 0; k < a.data.length; k++) if (a.data[k] === b.data[k]) same++;
  return same / a.data.length;
}

export const equalImages = (a: Raster, b: Raster): boolean => agreement(a, b) === 1;

/** 0.1234 -> `12.34 %`. */
export const percent = (share: number, digits = 2): string => `${(100 * share).toFixed(digits)} %`;
