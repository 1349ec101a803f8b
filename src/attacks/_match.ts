/**
 * Finds row and column permutations from a picture before and after: colour refinement (Weisfeiler and Leman 1968)
 * of the bipartite graph of rows and columns. A row's class is the multiset of (pixel, class of its column), a
 * column's likewise, over and over until no class splits. Pixels of several images that were permuted alike count
 * as one wide pixel. Each round is one pass over the picture, O(W H); a picture of distinct rows needs one or two.
 */
import type { Raster } from '../shared/types.ts';

/** A picture as one 32-bit hash per pixel; equal pixels have equal hashes. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  readonly pixels: Int32Array;
}

/** after[i][j] = before[yIndex[i]][xIndex[j]]. */
export interface Matching {
  readonly yIndex: Int32Array;
  readonly xIndex: Int32Array;
  /** Kinds of rows and columns that could be told apart; less than height or width where some are equal. */
  readonly rowClasses: number;
  readonly columnClasses: number;
}

/** The images' pixels, all images and channels together. @param images of one shape, at least one */
export function gridOf(images: readonly Raster[]): Grid {
  const { width, height } = images[0]!;
  const pixels = new Int32Array(width * height);
  for (const { data, channels } of images) absorb(pixels, data, channels);
  return { width, height, pixels };
}

function absorb(pixels: Int32Array, data: Raster['data'], channels: number): void {
  let at = 0;
  for (let p = 0; p < pixels.length; p++) {
    let hash = pixels[p]!;
    for (let c = 0; c < channels; c++) {
      hash = Math.imul((hash << 5) ^ (hash >>> 27) ^ data[at++]!, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    pixels[p] = hash;
  }
}

/** @returns null if no permutation of rows and columns can turn one picture into the other */
export function match(before: Grid, after: Grid): Matching | null {
  let rows: Classes = unlabelled(before.height);
  let columns: Classes = unlabelled(before.width);
  for (;;) {
    const found = rows.count + columns.count;
    rows = classify(rowSums(before, columns.before), rowSums(after, columns.after));
    columns = classify(columnSums(before, rows.before), columnSums(after, rows.after));
    const discrete = rows.count === before.height && columns.count === before.width;
    if (discrete || rows.count + columns.count === found) break;
  }
  const yIndex = pairUp(rows);
  const xIndex = pairUp(columns);
  return yIndex && xIndex && { yIndex, xIndex, rowClasses: rows.count, columnClasses: columns.count };
}

/** Classes of the rows (or columns) of both pictures, numbered alike. */
interface Classes {
  readonly before: Int32Array;
  readonly after: Int32Array;
  /** How many there are in the first picture. */
  readonly count: number;
}

const unlabelled = (n: number): Classes => ({
  before: new Int32Array(n),
  after: new Int32Array(n),
  count: 1,
});

function classify(before: Float64Array, after: Float64Array): Classes {
  const numbers = new Map<number, number>();
  const number = (sum: number): number => {
    const known = numbers.get(sum) ?? numbers.size;
    numbers.set(sum, known);
    return known;
  };
  const first = Int32Array.from(before, number);
  return { before: first, count: numbers.size, after: Int32Array.from(after, number) };
}

/** Positions in `after` matched with those in `before` class by class; equals keep their order. */
function pairUp({ before, after }: Classes): Int32Array | null {
  const sorted = (labels: Int32Array): Int32Array =>
    Int32Array.from(labels, (_, i) => i).sort((a, b) => labels[a]! - labels[b]! || a - b);
  const [from, to] = [sorted(before), sorted(after)];
  const index = new Int32Array(before.length);
  for (let k = 0; k < from.length; k++) {
    if (before[from[k]!] !== after[to[k]!]) return null;
    index[to[k]!] = from[k]!;
  }
  return index;
}

/** One multiset hash of 53 bits per row. */
export function rowSums(
  { width, height, pixels }: Grid,
  columns: Int32Array = new Int32Array(width),
): Float64Array {
  const salts = columns.map(salt);
  const sums = new Float64Array(height);
  for (let i = 0; i < height; i++) {
    let [low, high] = [0, 0];
    for (let j = 0, at = i * width; j < width; j++, at++) {
      const mixed = mix(pixels[at]! ^ salts[j]!);
      low = (low + mixed) | 0;
      high = (high + remix(mixed)) | 0;
    }
    sums[i] = join(low, high);
  }
  return sums;
}

/** One multiset hash of 53 bits per column. */
export function columnSums({ width, height, pixels }: Grid, rows: Int32Array): Float64Array {
  const low = new Int32Array(width);
  const high = new Int32Array(width);
  for (let i = 0; i < height; i++) {
    const salted = salt(rows[i]!);
    for (let j = 0, at = i * width; j < width; j++, at++) {
      const mixed = mix(pixels[at]! ^ salted);
      low[j]! += mixed;
      high[j]! += remix(mixed);
    }
  }
  return Float64Array.from(low, (sum, j) => join(sum, high[j]!));
}

// The finaliser of MurmurHash3 (Appleby, public domain): a bijection of 32 bits in which each bit moves all.
function mix(value: number): number {
  let x = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

const remix = (x: number): number => Math.imul(x ^ (x >>> 15), 0x2c1b3c6d) ^ (x >>> 12);
const salt = (label: number): number => mix(label + 0x9e3779b9);
const join = (low: number, high: number): number => (low >>> 0) * 2 ** 21 + (high >>> 11);
