/**
 * Time against pixels: key generation + encryption of grey squares, sides doubling, for both maps. The last row
 * of a map is the exponent b of time = a pixels^b, by least squares on the logarithms; 1 is linear.
 */

import { type MapName, paperMaps } from '../src/chaos/maps.ts';
import { baselineParams, encryptImage, presets } from '../src/cipher/index.ts';
import { mean } from '../src/shared/stats.ts';
import { type Effort, medians, noise, sizeText } from './_measure.ts';
import { type BenchRow, row } from './row.ts';

/** From 256: below it the fixed costs of a call show. */
const defaultSides = [256, 512, 1024, 2048, 4096];

const effort: Effort = { runs: 15, seconds: 2 };

export async function benchLinear(sides: readonly number[] = defaultSides): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const map of paperMaps) rows.push(...(await rowsOf(map, sides)));
  return rows;
}

async function rowsOf(map: MapName, sides: readonly number[]): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const side of sides) {
    const plain = noise(side, side, 1);
    const job = () => encryptImage(map, baselineParams[map], plain, presets.paper);
    const { ms, runs } = await medians([job], effort);
    const nsPerPixel = (1e6 * ms[0]!) / side ** 2;
    const work = `keys + encrypt ${sizeText(plain)}, ${map}`;
    rows.push(row({ work, unit: 'ms', ours: ms[0]!, nsPerPixel, runs }));
  }
  const pixels = sides.map((side) => side ** 2);
  const times = rows.map(({ ours }) => ours);
  const work = `time ~ pixels^b, ${map}: b`;
  return [...rows, row({ work, unit: 'exponent', ours: exponent(pixels, times), runs: rows.length })];
}

/** The b of y = a x^b, least squares on the logarithms. */
export function exponent(x: readonly number[], y: readonly number[]): number {
  const [u, v] = [x.map(Math.log), y.map(Math.log)];
  const [mu, mv] = [mean(u), mean(v)];
  const product = mean(u.map((ui, i) => (ui - mu) * (v[i]! - mv)));
  return product / mean(u.map((ui) => (ui - mu) ** 2));
}
