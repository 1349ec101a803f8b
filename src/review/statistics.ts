/** Tests of measures of the cipher picture alone: entropy, chi-square, local entropy, correlation; and of avalanche. */
import {
  entropyP,
  expectedEntropy,
  expectedLocalEntropy,
  histogramP,
  quotedInterval,
  twoSidedP,
} from '../metrics/index.ts';
import type { Printed } from './cells.ts';
import type { Measure } from './columns.ts';
import {
  chance,
  oneSided,
  outside,
  planeOf,
  type Reading,
  type ReviewTest,
  samplesOf,
  scaled,
  sizeOf,
} from './reading.ts';
import type { PrintedCell } from './table.ts';

/** The law of chi-square in units of the entropy: the same statistic. */
export function ofEntropy(cell: PrintedCell, reading: Reading): ReviewTest {
  const { depth } = reading;
  if (cell.printed.value - cell.printed.half > depth)
    return outside(cell, `entropy of ${depth}-bit samples is at most ${depth} bits`);
  const ideal = expectedEntropy(samplesOf(cell, reading), depth);
  const degrees = sizeOf(depth) - 1;
  const p = (_: number, z: number): number =>
    z === 0 ? 1 : oneSided(reading, z, entropyP(z, samplesOf(cell, reading), degrees + 1));
  return chance(cell, ideal, p, { look: `histogram${planeOf(cell)}` });
}

export function ofChi(cell: PrintedCell, reading: Reading): ReviewTest[] {
  const n = samplesOf(cell, reading);
  const L = sizeOf(reading.depth);
  const isVariance = cell.measure === 'histogram_variance';
  if (isVariance && reading.unsized) return [];
  const unit = isVariance ? n / L ** 2 : 1;
  const ideal = scaled({ mean: L - 1, sd: Math.sqrt(2 * (L - 1)) }, unit);
  const p = (nearest: number, z: number): number =>
    z === 0 ? 1 : histogramP(Math.max(0, nearest / unit), n, L);
  return [chance(cell, ideal, p, { look: `histogram${planeOf(cell)}` })];
}

export function ofLocal(cell: PrintedCell, { depth }: Reading): ReviewTest[] {
  if (depth !== 8) return [];
  const ideal = expectedLocalEntropy();
  const says = [0.05, 0.01].map((level, at) => {
    const z = [1.959963984540054, 2.5758293035489004][at]!;
    const [low, high] = quotedInterval(z);
    const own: [number, number] = [ideal.mean - z * ideal.sd, ideal.mean + z * ideal.sd];
    return `at ${level}: ${place(cell.printed, own)} the correct interval ${span(own)}, ${place(cell.printed, [low, high])} the published ${span([low, high])}`;
  });
  return [chance(cell, ideal, undefined, { remark: says.join('; ') })];
}

const span = ([low, high]: readonly [number, number]): string => `${low.toFixed(6)}..${high.toFixed(6)}`;

const place = ({ value, half }: Printed, [low, high]: readonly [number, number]): string =>
  value + half >= low && value - half <= high ? 'inside' : 'outside';

const steps: Partial<Record<Measure, readonly [down: number, right: number]>> = {
  corr_h: [0, 1],
  corr_v: [1, 0],
  corr_d: [1, 1],
  corr_a: [1, 1],
};

function pairsIn(cell: PrintedCell, { width, height, pixels, samples, pairs }: Reading): number {
  if (pairs !== 'all') return pairs;
  const n = cell.plane ? pixels : samples;
  if (width === null || height === null) return n;
  const [down, right] = steps[cell.measure]!;
  return (n / pixels) * (width - right) * (height - down);
}

export function ofCorrelation(cell: PrintedCell, reading: Reading): ReviewTest[] {
  const { value, half } = cell.printed;
  if (Math.abs(value) - half > 1) return [outside(cell, 'a correlation lies in -1..1')];
  const n = pairsIn(cell, reading);
  if (n < 4) return [];
  const fisher = (r: number): number => Math.atanh(Math.max(-1, Math.min(1, r))) * Math.sqrt(n - 3);
  return [chance(cell, { mean: 0, sd: 1 / Math.sqrt(n - 3) }, (nearest) => twoSidedP(fisher(nearest)))];
}

export function ofAvalanche(cell: PrintedCell, reading: Reading): ReviewTest {
  const bits = samplesOf(cell, reading) * reading.depth;
  return chance(cell, { mean: 1 / 2, sd: 1 / (2 * Math.sqrt(bits)) });
}
