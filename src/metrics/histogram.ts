/** Counts of sample values, all channels pooled. */
import type { Raster } from '../shared/types.ts';
import { largestSample } from './raster.ts';

/**
 * Counts of each sample value: 256 or 65536 bins. Four tables take turns, because equal neighbours (the
 * black border of an X-ray) would make every increment wait for the last one's store.
 */
export function histogram({ data, depth }: Raster): Float64Array {
  const bins = largestSample(depth) + 1;
  const tables = new Uint32Array(4 * bins);
  const whole = data.length - (data.length % 4);
  for (let i = 0; i < whole; i += 4) {
    tables[data[i]!]!++;
    tables[bins + data[i + 1]!]!++;
    tables[2 * bins + data[i + 2]!]!++;
    tables[3 * bins + data[i + 3]!]!++;
  }
  for (let i = whole; i < data.length; i++) tables[data[i]!]!++;
  return Float64Array.from({ length: bins }, (_, v) => sumOfFour(tables, v, bins));
}

const sumOfFour = (tables: Uint32Array, v: number, bins: number): number =>
  tables[v]! + tables[v + bins]! + tables[v + 2 * bins]! + tables[v + 3 * bins]!;

/** Counts per channel, one histogram each. */
export function channelHistograms({ data, channels, depth }: Raster): Float64Array[] {
  const bins = largestSample(depth) + 1;
  const counts = Array.from({ length: channels }, () => new Float64Array(bins));
  counts.forEach((count, channel) => {
    for (let i = channel; i < data.length; i += channels) count[data[i]!]!++;
  });
  return counts;
}
