/** Images and keys for the attack tests. */
import type { Keys, Shape } from '../../src/cipher/index.ts';
import { permutation, type Random, stream } from '../../src/shared/random.ts';
import type { Raster } from '../../src/shared/types.ts';

export const grey = (width: number, height: number): Shape => ({ width, height, channels: 1, depth: 8 });

/** Independent uniform samples. */
export function noiseImage(shape: Shape, random: Random): Raster {
  const { width, height, channels, depth } = shape;
  const n = width * height * channels;
  const data = depth === 8 ? new Uint8Array(n) : new Uint16Array(n);
  return { width, height, channels, depth, data: data.map(() => random.int(2 ** depth)) };
}

/** A bright noisy disc on black: equal rows and columns at the border, none inside. */
export function discImage(shape: Shape, seed: number): Raster {
  const random = stream(seed, 'disc');
  const image = noiseImage(shape, random);
  const { width, height, channels } = shape;
  image.data.forEach((sample, k) => {
    const pixel = Math.floor(k / channels);
    const x = (pixel % width) / width - 0.5;
    const y = Math.floor(pixel / width) / height - 0.5;
    image.data[k] = Math.hypot(x, y) < 0.35 ? 100 + (sample % 40) : 0;
  });
  return image;
}

/** Keys without any chaos: what the attacks must do with any permutation and any keystream. */
export function randomKeys(shape: Shape, random: Random): Keys {
  return {
    xIndex: permutation(shape.width, random),
    yIndex: permutation(shape.height, random),
    zKey: noiseImage(shape, random).data,
  };
}

export const bytes = (a: Int32Array | Uint8Array | Uint16Array): Buffer =>
  Buffer.from(a.buffer, a.byteOffset, a.byteLength);

export const sameKeys = (a: Keys, b: Keys): boolean =>
  (['xIndex', 'yIndex', 'zKey'] as const).every((name) => bytes(a[name]).equals(bytes(b[name])));
