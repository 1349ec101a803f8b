/** The three keys of one image and the checks that every way in shares. */
import { InputError } from '../shared/errors.ts';
import { isObject, shown } from '../shared/exact.ts';
import type { Depth, Raster } from '../shared/types.ts';

/** Of 8 or of 16 bits. */
export type Samples = Uint8Array | Uint16Array;

/** The paper's x_index, y_index and z_key. */
export interface Keys {
  /** Column order, a permutation of 0..W-1. */
  readonly xIndex: Int32Array;
  /** Row order, a permutation of 0..H-1. */
  readonly yIndex: Int32Array;
  /** W * H * C samples in raster order; Uint8Array for 8 bits, Uint16Array for 16. */
  readonly zKey: Samples;
}

/** The shape that a key must fit. A Raster has one. */
export type Shape = Pick<Raster, 'width' | 'height' | 'channels' | 'depth'>;

const largest = 2 ** 31 - 1;

/** Samples of an image of this shape. */
export const samplesOf = (shape: Shape): number => shape.width * shape.height * shape.channels;

/** `512x384, 3 channels, 8 bit`. */
export const shapeText = ({ width, height, channels, depth }: Shape): string =>
  `${width}x${height}, ${channels} channel${channels > 1 ? 's' : ''}, ${depth} bit`;

export const sameShape = (a: Shape, b: Shape): boolean => shapeText(a) === shapeText(b);

/** @throws InputError if a key file is for another shape */
export function checkSameShape(shape: Shape, cipher: Shape): void {
  if (!sameShape(shape, cipher))
    throw new InputError(
      `the key file is for an image of ${shapeText(shape)}, got one of ${shapeText(cipher)}; ` +
        'give the key file that came with this cipher image',
    );
}

/** A shape and nothing else. */
export const shapeOf = ({ width, height, channels, depth }: Shape): Shape => ({
  width,
  height,
  channels,
  depth,
});

/**
 * The shape that a file says.
 * @throws InputError unless all four are numbers, and a shape as below
 */
export function readShape(fields: unknown): Shape {
  const { width, height, channels, depth } = isObject(fields) ? fields : {};
  const numbers = [width, height, channels, depth];
  if (!numbers.every((value) => typeof value === 'number'))
    throw new InputError(
      `image expected sides, channels and depth as numbers in the key file, got ${numbers.map(shown).join(', ')}; ` +
        'ask for the key file again',
    );
  const shape = { width, height, channels, depth } as Shape;
  checkShape(shape);
  return shape;
}

/** @throws InputError unless sides are at least 1, channels 1 to 4, depth 8 or 16, samples below 2^31 */
export function checkShape(shape: Shape): void {
  const side = (v: number): boolean => Number.isInteger(v) && v >= 1;
  const { width, height, channels, depth } = shape;
  const known =
    side(width) && side(height) && side(channels) && channels <= 4 && (depth === 8 || depth === 16);
  if (known && samplesOf(shape) <= largest) return;
  throw new InputError(
    `image expected sides from 1, 1 to 4 channels, 8 or 16 bit and fewer than 2^31 samples, got ${shapeText(shape)}`,
  );
}

/** An array for `n` samples of this depth. */
export const samplesArray = (depth: Depth, n: number): Samples =>
  depth === 8 ? new Uint8Array(n) : new Uint16Array(n);

/** @throws InputError unless the raster's samples are as many and as wide as its shape says */
export function checkRaster(raster: Raster): void {
  checkShape(raster);
  const wide = raster.depth === 8 ? Uint8Array : Uint16Array;
  if (!(raster.data instanceof wide) || raster.data.length !== samplesOf(raster))
    throw new InputError(
      `raster expected ${samplesOf(raster)} samples in a ${wide.name} (${shapeText(raster)}), ` +
        `got ${raster.data.length} in a ${raster.data.constructor.name}`,
    );
}

/** @throws InputError unless the keys have this shape and both indices are permutations */
export function checkKeys(keys: Keys, shape: Shape): void {
  checkShape(shape);
  const wide = shape.depth === 8 ? Uint8Array : Uint16Array;
  const fits =
    keys.xIndex.length === shape.width &&
    keys.yIndex.length === shape.height &&
    keys.zKey.length === samplesOf(shape) &&
    keys.zKey instanceof wide;
  if (!fits)
    throw new InputError(
      `the key has ${keys.xIndex.length} columns, ${keys.yIndex.length} rows and ${keys.zKey.length} samples of ` +
        `${8 * keys.zKey.BYTES_PER_ELEMENT} bit, the image is ${shapeText(shape)}; use the key file of this image`,
    );
  checkPermutation('x_index', keys.xIndex);
  checkPermutation('y_index', keys.yIndex);
}

function checkPermutation(name: string, index: Int32Array): void {
  const seen = new Uint8Array(index.length);
  for (const at of index) seen[at] = 1; // a negative or too large position sets nothing
  if (seen.includes(0))
    throw new InputError(
      `"${name}" expected every position from 0 to ${index.length - 1} once; the key file is damaged, ask for it again`,
    );
}
