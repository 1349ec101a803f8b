/**
 * Local Shannon entropy (Wu et al. 2013, Inf. Sci. 222:323): mean entropy of k = 30 disjoint blocks of T = 1936
 * bytes at random places, 8 bits. One block of uniform bytes: mean 7.902469317, sd 0.008694226 (exact sums), so
 * the mean of k blocks has sd 0.008694226 / sqrt(k) = 0.0015873. The widely quoted intervals, for instance
 * 7.901901305..7.903037329 at 5 %, equal mean +- z sd / k, not sd / sqrt(k): ideal data pass them 28 % of the time.
 */
import { InputError } from '../shared/errors.ts';
import { permutation, type Random, stream } from '../shared/random.ts';
import type { Raster } from '../shared/types.ts';
import { entropyOf, expectedEntropy } from './entropy.ts';
import { intervalText, twoSidedP, twoSidedQuantile } from './p-value.ts';
import { checkRaster } from './raster.ts';
import { against, type Entry, type Expectation, type Interval, type Measured, type Metric } from './types.ts';

const blockCount = 30;
const blockBytes = 1936;

/** Mean and sd of the mean over k blocks of uniform bytes. */
export function expectedLocalEntropy(blocks: number = blockCount): Expectation {
  const { mean, sd } = expectedEntropy(blockBytes, 8);
  return { mean, sd: sd / Math.sqrt(blocks) };
}

/** The interval mean +- z sd / k of the literature, with the two-sided normal quantile z. */
export function quotedInterval(quantile: number, blocks: number = blockCount): [number, number] {
  const { mean, sd } = expectedEntropy(blockBytes, 8);
  return [mean - (quantile * sd) / blocks, mean + (quantile * sd) / blocks];
}

/**
 * Mean entropy of 30 blocks of 1936 consecutive samples in raster order, drawn without overlap by `random`.
 * @throws InputError for 16 bits, or fewer than 30 * 1936 = 58,080 samples
 */
export function localEntropy(image: Raster, random: Random): Measured {
  checkRaster(image);
  const places = Math.floor(image.data.length / blockBytes);
  if (image.depth !== 8 || places < blockCount)
    throw new InputError(
      `"image" expected 8 bits and at least ${blockCount * blockBytes} samples, got ${image.depth} bits and ${image.data.length}; use a larger 8-bit image`,
    );
  const chosen = permutation(places, random).subarray(0, blockCount);
  const sum = chosen.reduce((total, place) => total + blockEntropy(image.data, place * blockBytes), 0);
  return against(sum / blockCount, expectedLocalEntropy());
}

function blockEntropy(data: Raster['data'], from: number): number {
  const counts = new Float64Array(256);
  for (const value of data.subarray(from, from + blockBytes)) counts[value]!++;
  return entropyOf(counts);
}

export const localEntropyMetric: Metric = {
  id: 'local_entropy',
  label: 'Local entropy',
  unit: 'bits',
  decimals: 4,
  table: null,
  measure: ({ cipher }, { seed }) => localEntropy(cipher, stream(seed, 'local entropy')).value!,
  ideal: () => expectedLocalEntropy(),
  details: (found, _, { level }) => intervalsOf(found.value!, level),
};

/** The interval mean -+ z sd / sqrt(k), and mean -+ z sd / k, which the literature repeats. */
function intervalsOf(value: number, level: number): Partial<Entry> {
  const { mean, sd } = expectedLocalEntropy();
  const z = twoSidedQuantile(level);
  const correct: Interval = [mean - z * sd, mean + z * sd];
  const quoted = quotedInterval(z);
  const passing = 1 - twoSidedP((quoted[1] - mean) / sd);
  const place = (interval: Interval) =>
    `${intervalText(interval, 6)}, ${value >= interval[0] && value <= interval[1] ? 'inside' : 'outside'}`;
  const remark = `correct interval ${place(correct)}; quoted interval ${place(quoted)}: only ${Math.round(100 * passing)} % of ideal images lie in it`;
  return { intervals: { correct, quoted }, remark };
}
