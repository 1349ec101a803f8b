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

async function run(laboratory: Laboratory): Promise<Finding> {
  const photos = [laboratory.photo(0), laboratory.photo(1)] as const;
  const trials = [];
  for (const k of [0, 1]) {
    const [first, second] = (await laboratory.oracle(k).encrypt(photos)) as [Raster, Raster];
    const [other] = (await laboratory.oracle(10 + k).encrypt([photos[1]])) as [Raster];
    const [another] = (await laboratory.oracle(20 + k).encrypt([photos[1]])) as [Raster];
    checkOneSize([first, second, other, another]);
    trials.push({ first, second, other, another, places: varyingPlaces([first, second, other, another]) });
  }
  const rows = trials.map(({ first, second, other, another, places }) => [
    {
      statistic: 'equal samples',
      z: aboveControl(
        hits(first.data, second.data, places),
        hits(first.data, other.data, places),
        places.length,
      ),
    },
    ...(['xor', 'difference'] as const).flatMap((mixture) => {
      const [own, control, next] = [second, other, another].map((one) => mixed(first, one, mixture)) as [
        Raster,
        Raster,
        Raster,
      ];
      return [
        { statistic: `histogram of the ${mixture}`, z: histogramDistance(own, [control, next], places) },
        { statistic: `neighbours in the ${mixture}`, z: neighbourDistance(own, control) },
      ];
    }),
  ]);
  // Both keys must show it.
  const scores = rows[0]!.map(({ statistic, z }, at) => ({ statistic, z: Math.min(z, rows[1]![at]!.z) }));
  const best = scores.reduce((most, next) => (next.z > most.z ? next : most));
  const broken = best.z > certain;
  const { first, second, places } = trials[0]!;
  return {
    broken,
    queries: 2,
    share: broken ? hits(first.data, second.data, places) / Math.max(1, places.length) : 0,
    finding: broken
      ? `two cipher pictures under one key are not independent: ${best.statistic}, ${best.z.toFixed(0)} standard deviations from pictures under different keys; ${percent(hits(first.data, second.data, places) / Math.max(1, places.length))} of the samples are equal`
      : 'two cipher pictures under one key look as independent as two under different keys',
    details: { scores },
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
