/** Small rasters for the metric tests. */
import { type Random, stream } from '../../src/shared/random.ts';
import type { Depth, Raster } from '../../src/shared/types.ts';

export function raster(
  width: number,
  height: number,
  channels: number,
  depth: Depth,
  data: number[],
): Raster {
  return {
    width,
    height,
    channels,
    depth,
    data: depth === 8 ? Uint8Array.from(data) : Uint16Array.from(data),
  };
}

/** Independent uniform samples: what an ideal cipher gives. */
export function noise(width: number, height: number, channels: number, depth: Depth, random: Random): Raster {
  const data =
    depth === 8 ? new Uint8Array(width * height * channels) : new Uint16Array(width * height * channels);
  for (let i = 0; i < data.length; i++) data[i] = random.int(2 ** depth);
  return { width, height, channels, depth, data };
}

/** A picture-like raster: dark border, smooth slope, a little noise. */
export function picture(width: number, height: number, channels: number, depth: Depth, seed = 1): Raster {
  const random = stream(seed, 'picture');
  const made = noise(width, height, channels, depth, random);
  const largest = 2 ** depth - 1;
  made.data.forEach((_, i) => {
    const at = i / made.data.length;
    const value = at < 0.3 ? 0 : largest * (at - 0.3) + random.int(20);
    made.data[i] = Math.min(largest, Math.floor(value));
  });
  return made;
}

export function forEachSeed(count: number, body: (random: Random, seed: number) => void): void {
  for (let seed = 1; seed <= count; seed++) body(stream(seed, 'metrics test'), seed);
}

/** |a - b| <= rtol |b| + atol. */
export const close = (a: number, b: number, rtol: number, atol = 0): boolean =>
  Math.abs(a - b) <= rtol * Math.abs(b) + atol;
