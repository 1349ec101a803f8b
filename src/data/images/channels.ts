/** Channels of rasters picked, repeated and put together. */
import type { Raster } from '../../shared/types.ts';

/** A raster with three channels: grey repeated, alpha dropped without blending. */
export function toRgb(raster: Raster): Raster {
  if (raster.channels === 3) return raster;
  const pick = raster.channels < 3 ? [0, 0, 0] : [0, 1, 2];
  return pickChannels(raster, pick);
}
/** A raster of the chosen channels, in this order. */
export function pickChannels(raster: Raster, pick: readonly number[]): Raster {
  const { width, height, channels, depth, data: from } = raster;
  const data =
    depth === 16
      ? new Uint16Array(width * height * pick.length)
      : new Uint8Array(width * height * pick.length);
  for (let pixel = 0, at = 0; at < data.length; pixel += channels) {
    for (const channel of pick) data[at++] = from[pixel + channel]!;
  }
  return { width, height, channels: pick.length, depth, data };
}
/** Colours and, behind each pixel's, its alpha. */
export function withAlpha(colour: Raster, alpha: Raster): Raster {
  const channels = colour.channels + 1;
  const length = alpha.data.length * channels;
  const data = colour.depth === 16 ? new Uint16Array(length) : new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const [pixel, c] = [Math.floor(i / channels), i % channels];
    data[i] = c < colour.channels ? colour.data[pixel * colour.channels + c]! : alpha.data[pixel]!;
  }
  return { ...colour, channels, data };
}
