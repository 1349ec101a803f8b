/** Slow plain twins of src/metrics: one line a definition, doubles and BigInt, no blocks, no histogram. */
import type { Direction } from '../../src/metrics/correlation.ts';
import type { Raster } from '../../src/shared/types.ts';

const pairs = (a: Raster, b: Raster): [number, number][] => Array.from(a.data, (v, i) => [v, b.data[i]!]);
const meanOf = (values: number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

export const npcrPlain = (a: Raster, b: Raster): number =>
  100 * meanOf(pairs(a, b).map(([p, c]) => +(p !== c)));

export const uaciPlain = (a: Raster, b: Raster): number =>
  (100 * meanOf(pairs(a, b).map(([p, c]) => Math.abs(p - c)))) / (2 ** a.depth - 1);

export function msePlain(a: Raster, b: Raster): number {
  const squares = pairs(a, b).map(([p, c]) => BigInt(p - c) ** 2n);
  return Number(squares.reduce((sum, v) => sum + v, 0n)) / squares.length;
}

export function entropyPlain({ data }: Raster): number {
  const counts = new Map<number, number>();
  for (const v of data) counts.set(v, (counts.get(v) ?? 0) + 1);
  return [...counts.values()].reduce((bits, k) => bits - (k / data.length) * Math.log2(k / data.length), 0);
}

export function chiSquarePlain({ data, depth }: Raster): number {
  const expected = data.length / 2 ** depth;
  const counts = Array.from({ length: 2 ** depth }, (_, v) => data.filter((sample) => sample === v).length);
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** All adjacent pairs, by coordinates. */
export function adjacentPairs(image: Raster, direction: Direction, plane?: number): [number, number][] {
  const { width, height, channels, data } = image;
  const at = (i: number, j: number, c: number): number => data[(i * width + j) * channels + c]!;
  const [di, dj] = { horizontal: [0, 1], vertical: [1, 0], diagonal: [1, 1] }[direction] as [number, number];
  const found: [number, number][] = [];
  for (let i = 0; i + di < height; i++)
    for (let j = 0; j + dj < width; j++)
      for (let c = 0; c < channels; c++)
        if (plane === undefined || plane === c) found.push([at(i, j, c), at(i + di, j + dj, c)]);
  return found;
}

/** Pearson's r in two passes. */
export function pearsonPlain(list: [number, number][]): number {
  const mx = meanOf(list.map(([x]) => x));
  const my = meanOf(list.map(([, y]) => y));
  const cov = meanOf(list.map(([x, y]) => (x - mx) * (y - my)));
  return (
    cov /
    Math.sqrt(meanOf(list.map(([x]) => (x - mx) ** 2))) /
    Math.sqrt(meanOf(list.map(([, y]) => (y - my) ** 2)))
  );
}

export const maePlain = (a: Raster, b: Raster): number =>
  meanOf(pairs(a, b).map(([p, c]) => Math.abs(p - c)));

/** Half the mean squared difference of every two counts. */
export function histogramVariancePlain({ data, depth }: Raster): number {
  const counts = Array.from({ length: 2 ** depth }, (_, v) => data.filter((sample) => sample === v).length);
  return meanOf(counts.map((a) => meanOf(counts.map((b) => (a - b) ** 2 / 2))));
}

/** Bit `plane` of every sample. */
const bitsOf = ({ data }: Raster, plane: number): number[] => Array.from(data, (v) => (v >> plane) & 1);

export const balancePlain = (image: Raster, plane: number): number => meanOf(bitsOf(image, plane));

export const runsPlain = (image: Raster, plane: number): number =>
  bitsOf(image, plane).filter((bit, i, bits) => i === 0 || bit !== bits[i - 1]).length;

export const planeCorrelationPlain = (image: Raster, a: number, b: number): number =>
  pearsonPlain(bitsOf(image, a).map((bit, i) => [bit, bitsOf(image, b)[i]!]));

export function avalanchePlain(a: Raster, b: Raster): number {
  const text = pairs(a, b).map(([p, c]) => (p ^ c).toString(2).replaceAll('0', ''));
  return text.join('').length / (a.depth * a.data.length);
}

/** Pairs of levels at an offset, by coordinates. */
export function offsetPairs(image: Raster, [down, right]: readonly [number, number], levels: number) {
  const { width, height, channels, depth, data } = image;
  const level = (i: number, j: number, c: number): number =>
    Math.floor((data[(i * width + j) * channels + c]! * levels) / 2 ** depth);
  const found: [number, number][] = [];
  for (let i = 0; i < height; i++)
    for (let j = 0; j < width; j++)
      for (let c = 0; c < channels; c++)
        if (i + down >= 0 && i + down < height && j + right >= 0 && j + right < width)
          found.push([level(i, j, c), level(i + down, j + right, c)]);
  return found;
}

/** Contrast, homogeneity, energy of a list of level pairs. */
export function glcmPlain(list: [number, number][]): [number, number, number] {
  const cells = new Map<string, number>();
  for (const pair of list) cells.set(pair.join(), (cells.get(pair.join()) ?? 0) + 1);
  return [
    meanOf(list.map(([i, j]) => (i - j) ** 2)),
    meanOf(list.map(([i, j]) => 1 / (1 + Math.abs(i - j)))),
    [...cells.values()].reduce((sum, count) => sum + (count / list.length) ** 2, 0),
  ];
}

/** SSIM window by window in two dimensions, variances about the mean. */
export function ssimPlain(a: Raster, b: Raster): number {
  const { width, height, channels, depth } = a;
  const F = 2 ** depth - 1;
  const window = [...Array(121).keys()].map((k) => [Math.floor(k / 11), k % 11] as const);
  const gauss = window.map(([i, j]) => Math.exp(-((i - 5) ** 2 + (j - 5) ** 2) / (2 * 1.5 ** 2)));
  const total = gauss.reduce((sum, w) => sum + w, 0);
  const weighted = (values: number[]): number =>
    values.reduce((sum, v, k) => sum + (v * gauss[k]!) / total, 0);
  const values: number[] = [];
  for (let i = 0; i + 11 <= height; i++)
    for (let j = 0; j + 11 <= width; j++)
      for (let c = 0; c < channels; c++) {
        const at = window.map(([di, dj]) => ((i + di) * width + j + dj) * channels + c);
        const [x, y] = [at.map((k) => a.data[k]!), at.map((k) => b.data[k]!)];
        const [mx, my] = [weighted(x), weighted(y)];
        const sxy = weighted(x.map((v, k) => (v - mx) * (y[k]! - my)));
        const spread = weighted(x.map((v, k) => (v - mx) ** 2 + (y[k]! - my) ** 2));
        const [c1, c2] = [(0.01 * F) ** 2, (0.03 * F) ** 2];
        values.push(((2 * mx * my + c1) * (2 * sxy + c2)) / ((mx * mx + my * my + c1) * (spread + c2)));
      }
  return meanOf(values);
}
