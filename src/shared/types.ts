/** The few types that every room shares. */

/** Bits per sample. */
export const depths = [8, 16] as const;
export type Depth = (typeof depths)[number];

/**
 * An image in memory: row-major, channels interleaved, so sample (row i, column j, channel c)
 * stands at `data[(i * width + j) * channels + c]`. Depth 8 goes with Uint8Array, 16 with Uint16Array.
 */
export interface Raster {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 2 grey + alpha, 3 RGB, 4 RGBA. */
  readonly channels: number;
  readonly depth: Depth;
  readonly data: Uint8Array | Uint16Array;
}

/** The two networks that the paper predicts chaotic parameters with. */
export const netNames = ['resnet18', 'mobilenetv2'] as const;
export type NetName = (typeof netNames)[number];

/** Samples as a picture stores them, or as RGB. */
export const channelModes = ['native', 'rgb'] as const;
export type ChannelMode = (typeof channelModes)[number];

/** A map's parameters in the order the paper writes them: [r] or [sigma, rho, beta]. */
export type MapParams = readonly number[];
