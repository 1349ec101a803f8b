/**
 * Bilinear resizing with antialiasing as Pillow does it for 8 bits, and torchvision with it: a triangle filter, widened
 * where the picture shrinks (Turkowski 1990); rows, then columns, each rounded to 8 bits; columns first where the height
 * shrinks by more than twice as many pixels as the width (Pillow 13); weights in 22 bits of fixed point. Every byte equals
 * Pillow's: test/vectors/pictures.json.
 */
import type { Raster } from '../../shared/types.ts';

/** A rectangle of whole pixels in a picture. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const bits = 22;
const half = 1 << (bits - 1);

/** Weights of the pixels that each output pixel is made of. */
interface Taps {
  /** First input pixel and number of input pixels of each output pixel. */
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** `most` weights for each output pixel. */
  readonly weights: Int32Array;
  readonly most: number;
}

function tapsOf(from: number, to: number): Taps {
  const scale = from / to;
  const support = Math.max(scale, 1);
  const most = 2 * Math.ceil(support) + 1;
  const [first, count] = [new Int32Array(to), new Int32Array(to)];
  const weights = new Int32Array(to * most);
  for (let out = 0; out < to; out++) {
    const centre = (out + 0.5) * scale;
    const low = Math.max(0, Math.trunc(centre - support + 0.5));
    const high = Math.min(from, Math.trunc(centre + support + 0.5));
    const shares = Array.from({ length: high - low }, (_, i) =>
      Math.max(0, 1 - Math.abs((low + i - centre + 0.5) * (1 / support))),
    );
    const sum = shares.reduce((a, b) => a + b, 0);
    [first[out], count[out]] = [low, high - low];
    for (const [i, share] of shares.entries())
      weights[out * most + i] = Math.trunc(0.5 + (share / sum) * (1 << bits));
  }
  return { first, count, weights, most };
}

/** Of equal sizes, as most pictures of a set have. */
const known = new Map<string, Taps>();
const mostKnown = 256;

function tapsFor(from: number, to: number): Taps {
  const key = `${from} ${to}`;
  const taps = known.get(key) ?? tapsOf(from, to);
  if (known.size >= mostKnown) known.clear(); // random crops have any size
  known.set(key, taps);
  return taps;
}

/**
 * A part of an 8-bit picture, resized to width x height.
 * @param box pixels outside it do not count; by default the whole picture
 */
export function resampled(
  picture: Raster,
  width: number,
  height: number,
  box: Box = wholeOf(picture),
): Raster {
  const columnsFirst = box.height - height > Math.max(0, 2 * (box.width - width));
  if (!columnsFirst) return columnsOf(rowsOf(picture, width, box), height);
  return rowsOf(columnsOf({ ...picture, ...box, data: cropped(picture, box) }, height), width);
}

function rowsOf(picture: Raster, width: number, box: Box = wholeOf(picture)): Raster {
  const data = box.width === width ? cropped(picture, box) : resizedRows(picture, width, box);
  return { ...picture, width, height: box.height, data };
}

function columnsOf(picture: Raster, height: number): Raster {
  if (picture.height === height) return picture;
  const row = picture.width * picture.channels;
  return { ...picture, height, data: resizedColumns(picture.data, row, picture.height, height) };
}

const wholeOf = ({ width, height }: Raster): Box => ({ left: 0, top: 0, width, height });

/** The samples of a rectangle. */
function cropped({ data, width, channels }: Raster, box: Box): Uint8Array {
  const row = box.width * channels;
  const out = new Uint8Array(box.height * row);
  for (let y = 0; y < box.height; y++) {
    const at = ((box.top + y) * width + box.left) * channels;
    out.set(data.subarray(at, at + row), y * row);
  }
  return out;
}

function resizedRows({ data, width: full, channels }: Raster, width: number, box: Box): Uint8Array {
  const { first, count, weights, most } = tapsFor(box.width, width);
  const out = new Uint8Array(box.height * width * channels);
  for (let y = 0, to = 0; y < box.height; y++) {
    const row = ((box.top + y) * full + box.left) * channels;
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++) {
        let sum = half;
        let at = row + first[x]! * channels + c;
        const end = x * most + count[x]!;
        for (let tap = x * most; tap < end; tap++, at += channels) sum += Math.imul(data[at]!, weights[tap]!);
        out[to++] = byteOf(sum);
      }
  }
  return out;
}

/** @param row samples of a row */
function resizedColumns(data: Raster['data'], row: number, from: number, height: number): Uint8Array {
  const { first, count, weights, most } = tapsFor(from, height);
  const out = new Uint8Array(height * row);
  const sums = new Int32Array(row);
  for (let y = 0; y < height; y++) {
    sums.fill(half);
    for (let tap = 0; tap < count[y]!; tap++) {
      const weight = weights[y * most + tap]!;
      const at = (first[y]! + tap) * row;
      for (let x = 0; x < row; x++) sums[x] = sums[x]! + Math.imul(data[at + x]!, weight);
    }
    for (let x = 0; x < row; x++) out[y * row + x] = byteOf(sums[x]!);
  }
  return out;
}

const byteOf = (sum: number): number => Math.min(255, Math.max(0, sum >> bits));

/** Sides of pictures. */
export interface Sides {
  /** Of the square that a network sees. */
  readonly size: number;
  /** Of the shorter side before the centre is cropped. */
  readonly resize: number;
}

/** As torchvision's Resize(resize) and CenterCrop(size). */
export function centred(picture: Raster, { size, resize }: Sides): Raster {
  const { width, height } = picture;
  const longer = Math.trunc((resize * Math.max(width, height)) / Math.min(width, height));
  const [w, h] = width <= height ? [resize, longer] : [longer, resize];
  const small = resampled(picture, w, h);
  const box = {
    left: halfToEven((w - size) / 2),
    top: halfToEven((h - size) / 2),
    width: size,
    height: size,
  };
  return { ...small, width: size, height: size, data: cropped(small, box) };
}

/** Python's `round`. */
function halfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
