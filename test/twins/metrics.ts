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
