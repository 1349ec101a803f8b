/**
 * Reuse of a key: from two intercepted cipher pictures, nothing else. Where a keystream serves twice, C1 ^ C2 (or C1 - C2) is a
 * mixture of the two plain pictures and far from uniform. Control: pairs under different keys, which have the same
 * padding and the same biases. Statistics: samples that agree; the histogram of the mixture (two-sample chi-square);
 * its correlation of horizontal and vertical neighbours.
 */
import { correlation } from '../../metrics/index.ts';
import type { Raster } from '../../shared/types.ts';
import { percent } from '../images.ts';
import { aboveControl, certain, checkOneSize, hits, varyingPlaces } from './_samples.ts';
import type { BlackBoxAttack, Finding, Laboratory } from './types.ts';

const mixtures = {
  xor: (a: number, b: number) => a ^ b,
  difference: (a: number, b: number) => a - b,
} as const;

function mixed(a: Raster, b: Raster, mixture: keyof typeof mixtures): Raster {
  const data = a.data.slice();
  for (let k = 0; k < data.length; k++) data[k] = mixtures[mixture](a.data[k]!, b.data[k]!);
  return { ...a, data };
}

/** Chi-square of two histograms of the low byte over its degrees of freedom: about 1 for two samples of one law. */
function histogramRatio(a: Raster, b: Raster, places: Int32Array): { ratio: number; degrees: number } {
  const [one, two] = [new Float64Array(256), new Float64Array(256)];
  for (const j of places) {
    one[a.data[j]! & 255]!++;
    two[b.data[j]! & 255]!++;
  }
  let [chi2, degrees] = [0, -1];
  for (let v = 0; v < 256; v++) {
    const sum = one[v]! + two[v]!;
    if (sum === 0) continue;
    degrees++;
    chi2 += (one[v]! - two[v]!) ** 2 / sum;
  }
  return { ratio: degrees < 1 ? 1 : chi2 / degrees, degrees: Math.max(1, degrees) };
}

/**
 * Standard deviations by which the histogram differs from that of a control. A second control shows how far two controls
 * differ: samples that are stored three times make every chi-square three times as large.
 */
function histogramDistance(
  a: Raster,
  [control, second]: readonly [Raster, Raster],
  places: Int32Array,
): number {
  const [own, usual] = [histogramRatio(a, control, places), histogramRatio(control, second, places)];
  return (own.ratio / Math.max(1, usual.ratio) - 1) * Math.sqrt(own.degrees / 2);
}

/** Two cipher pictures under one key, and two of the second picture under other keys. */
interface Trial {
  readonly first: Raster;
  readonly second: Raster;
  readonly others: readonly [Raster, Raster];
  readonly places: Int32Array;
}

async function trialOf(laboratory: Laboratory, k: number, photos: readonly Raster[]): Promise<Trial> {
  const [first, second] = (await laboratory.oracle(k).encrypt(photos)) as [Raster, Raster];
  const [other] = (await laboratory.oracle(10 + k).encrypt([photos[1]!])) as [Raster];
  const [another] = (await laboratory.oracle(20 + k).encrypt([photos[1]!])) as [Raster];
  checkOneSize([first, second, other, another]);
  return {
    ...{ first, second, others: [other, another] },
    places: varyingPlaces([first, second, other, another]),
  };
}

interface Score {
  readonly statistic: string;
  readonly z: number;
}

function scoresOf({ first, second, others, places }: Trial): Score[] {
  const own = hits(first.data, second.data, places);
  const control = hits(first.data, others[0].data, places);
  return [
    { statistic: 'equal samples', z: aboveControl(own, control, places.length) },
    ...(['xor', 'difference'] as const).flatMap((mixture) => {
      const mix = (one: Raster): Raster => mixed(first, one, mixture);
      const controls = [mix(others[0]), mix(others[1])] as const;
      return [
        { statistic: `histogram of the ${mixture}`, z: histogramDistance(mix(second), controls, places) },
        { statistic: `neighbours in the ${mixture}`, z: neighbourDistance(mix(second), controls[0]) },
      ];
    }),
  ];
}

async function run(laboratory: Laboratory): Promise<Finding> {
  const photos = [laboratory.photo(0), laboratory.photo(1)] as const;
  const trials = [await trialOf(laboratory, 0, photos), await trialOf(laboratory, 1, photos)] as const;
  const [scores, repeated] = [scoresOf(trials[0]), scoresOf(trials[1])];
  const lower = scores.map(({ statistic, z }, at) => ({ statistic, z: Math.min(z, repeated[at]!.z) })); // both keys must show it
  const best = lower.reduce((most, next) => (next.z > most.z ? next : most));
  const broken = best.z > certain;
  const { first, second, places } = trials[0];
  const equal = hits(first.data, second.data, places) / Math.max(1, places.length);
  return {
    broken,
    queries: 2,
    share: broken ? equal : 0,
    finding: broken
      ? `two cipher pictures under one key are not independent: ${best.statistic}, ${best.z.toFixed(0)} standard deviations from pictures under different keys; ${percent(equal)} of the samples are equal`
      : 'two cipher pictures under one key look as independent as two under different keys',
    details: { scores: lower },
    ...(broken && {
      pictures: {
        'xor-of-two-ciphers': mixed(first, second, 'xor'),
        'xor-of-two-plains': mixed(photos[0], photos[1], 'xor'),
      },
    }),
  };
}

/** Of the correlation of neighbours, against the control. */
function neighbourDistance(own: Raster, control: Raster): number {
  const z = (['horizontal', 'vertical'] as const).map((direction) => {
    const [a, b] = [correlation(own, direction), correlation(control, direction)];
    return a === null || b === null ? 0 : Math.abs(a - b) * Math.sqrt(own.data.length / 2);
  });
  return Math.max(...z);
}

export const reusedKey: BlackBoxAttack = {
  idea: 'compares two intercepted cipher pictures under one key',
  queries: () => 8,
  run,
};
