/**
 * Images to ask for: as few as can tell all rows and all columns of a WxH picture apart after a permutation.
 * k images of C channels and b bits give 2^(kCb) wide pixels. Rows must differ as multisets, of which there are
 * binomial(2^(kCb) + W - 1, W); columns, whose rows are known by then, as ordered H-tuples: 2^(kCbH). k is the
 * smallest number that leaves room for H rows and W columns: 1 where both sides are at least 16, 0 for 1x1.
 */
import type { Shape } from '../cipher/index.ts';
import type { Random } from '../shared/random.ts';
import type { Raster } from '../shared/types.ts';
import { columnSums, type Grid, gridOf, rowSums } from './_match.ts';

/** The least number of images that there is room for. */
export function leastImages({ width, height, channels, depth }: Shape): number {
  let k = 0;
  while (rowBits(k * channels * depth, width, height) || k * channels * depth * height < Math.log2(width))
    k++;
  return k;
}

/** Whether fewer than `rows` multisets of `width` pixels of `bits` bits exist. */
function rowBits(bits: number, width: number, rows: number): boolean {
  const values = 2 ** bits;
  let room = 0; // log2 of the binomial coefficient, factor by factor
  for (let t = 1; t <= width && room < Math.log2(rows); t++) room += Math.log2((values - 1 + t) / t);
  return room < Math.log2(rows) - 1e-9;
}

/** Random images, of which rows and columns that repeat others are drawn again until none does. */
export function distinguishingImages(shape: Shape, random: Random): Raster[] {
  for (let k = leastImages(shape); ; k++) {
    const images = Array.from({ length: k }, () => randomImage(shape, random));
    if (k === 0 || surelyDistinct(shape) || makeDistinct(images, random)) return images;
  }
}

/** From 32 pixels a side on, two rows are equal with probability 2^-138; looking for it would cost a quarter of the time. */
const surelyDistinct = ({ width, height }: Shape): boolean => Math.min(width, height) >= 32;

/** Uniform samples, four bytes a draw. */
export function randomImage(shape: Shape, random: Random): Raster {
  const { width, height, channels, depth } = shape;
  const n = width * height * channels;
  const words = new Uint32Array(Math.ceil((n * depth) / 32));
  for (let k = 0; k < words.length; k++) words[k] = random.int(2 ** 32);
  const data = depth === 8 ? new Uint8Array(words.buffer, 0, n) : new Uint16Array(words.buffer, 0, n);
  return { width, height, channels, depth, data };
}

/** @returns false if the room is so tight that one image more is the quicker way */
function makeDistinct(images: readonly Raster[], random: Random): boolean {
  const rounds = 8 + 2 ** 24 / images[0]!.data.length;
  for (let round = 0; round < rounds; round++) {
    const grid = gridOf(images);
    const rows = repeated(rowSums(grid));
    const columns = repeated(columnSums(grid, positions(grid)));
    if (rows.length + columns.length === 0) return true;
    for (const image of images) redraw(image, rows, columns, random);
  }
  return false;
}

const positions = ({ height }: Grid): Int32Array => Int32Array.from({ length: height }, (_, i) => i);

/** All but the first of equal values. */
function repeated(values: Float64Array): number[] {
  const seen = new Set<number>();
  return [...values.keys()].filter((i) => seen.size === seen.add(values[i]!).size);
}

function redraw(image: Raster, rows: readonly number[], columns: readonly number[], random: Random): void {
  const { width, height, channels, depth, data } = image;
  const draw = (i: number, j: number): void => {
    for (let c = 0; c < channels; c++) data[(i * width + j) * channels + c] = random.int(2 ** depth);
  };
  for (const i of rows) for (let j = 0; j < width; j++) draw(i, j);
  for (const j of columns) for (let i = 0; i < height; i++) draw(i, j);
}
