/**
 * The eight measures of the paper's Tables 5 and 6, each with its expectation, on a plain and a cipher image in
 * memory, one thread: 2124x2056 RGB of 8 bits, the paper's largest picture. Plain: a black border of a third, then
 * a slope with noise, as X-rays have them (equal neighbours are what a histogram is slow on); cipher: random bytes.
 */
import { randomFillSync } from 'node:crypto';
import { measureCell } from '../src/metrics/paper.ts';
import { stream } from '../src/shared/random.ts';
import type { Raster } from '../src/shared/types.ts';
import { type Effort, medians } from './_measure.ts';
import { type BenchRow, row } from './row.ts';

const size: Omit<Raster, 'data'> = { width: 2124, height: 2056, channels: 3, depth: 8 };
const effort: Effort = { runs: 15, seconds: 10 };

/** About 5 s on two server cores; `limit` holds for the paper's size. */
export async function benchMetrics(shape = size): Promise<BenchRow[]> {
  const { width, height, channels, depth } = shape;
  const plain = pictureOf(shape);
  const cipher = { ...shape, data: new Uint8Array(plain.data.length) };
  randomFillSync(cipher.data);
  const { ms, runs } = await medians([() => measureCell(plain, cipher)], effort);
  const work = `Tables 5 and 6, eight measures, ${width}x${height}x${channels}, ${depth} bits, 1 thread`;
  const nsPerPixel = (1e6 * ms[0]!) / (width * height);
  return [row({ work, unit: 'ms', ours: ms[0]!, limit: shape === size ? 500 : null, nsPerPixel, runs })];
}

function pictureOf(shape: Omit<Raster, 'data'>): Raster {
  const random = stream(1, 'bench metrics');
  const n = shape.width * shape.height * shape.channels;
  const data = new Uint8Array(n);
  for (let i = Math.floor(n / 3); i < n; i++) data[i] = (200 * i) / n + random.int(30);
  return { ...shape, data };
}
