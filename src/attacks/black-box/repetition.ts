/**
 * Repetition: the cipher of a constant picture agrees with itself, moved by a lag. So blocks (ECB) and periods of a keystream
 * show. Control: the cipher of noise at the same lag, which has the same padding and repeats what the format repeats.
 */
import type { Raster } from '../../shared/types.ts';
import { percent } from '../images.ts';
import { aboveControl, certain, constantPicture, dark, noisePicture, worthwhile } from './_samples.ts';
import type { BlackBoxAttack, Finding, Laboratory } from './types.ts';

/** Samples that agree with those `lag` places later. */
function repeats(data: Raster['data'], lag: number): number {
  let count = 0;
  for (let j = lag; j < data.length; j++) if (data[j] === data[j - lag]) count++;
  return count;
}

const longestLag = 2048;

/** The lag at which a constant picture repeats itself most, against noise. */
export function strongestLag(
  constant: Raster['data'],
  noise: Raster['data'],
): { lag: number; share: number; z: number } {
  let best = { lag: 0, share: 0, z: 0 };
  const end = Math.min(longestLag, Math.floor(Math.min(constant.length, noise.length) / 2));
  for (let lag = 1; lag <= end; lag++) {
    const n = Math.min(constant.length, noise.length) - lag;
    const same = repeats(constant, lag);
    const z = aboveControl(same, repeats(noise, lag), n);
    if (z > best.z + 0.5) best = { lag, share: same / n, z };
  }
  return best;
}

async function run(laboratory: Laboratory): Promise<Finding> {
  const { shape, seed } = laboratory;
  const oracle = laboratory.oracle(0);
  const plains = [
    constantPicture(shape, dark),
    constantPicture(shape, 200),
    noisePicture(shape, seed, 'repetition'),
  ];
  const [black, grey, noise] = (await oracle.encrypt(plains)) as [Raster, Raster, Raster];
  const [one, two] = [strongestLag(black.data, noise.data), strongestLag(grey.data, noise.data)];
  const best = one.z >= two.z ? one : two;
  const broken = best.z > certain && best.share > worthwhile;
  return {
    broken,
    queries: broken ? 1 : oracle.queries,
    share: broken ? best.share : 0,
    finding: broken
      ? `the cipher of a constant picture repeats itself after ${best.lag} samples, in ${percent(best.share)} of its samples: equal parts of a picture stay equal, or the keystream has a period`
      : `the cipher of a constant picture does not repeat itself at any lag up to ${longestLag} samples`,
    details: { lags: [one, two] },
    ...(broken && { pictures: { 'cipher-of-a-constant-picture': one.z >= two.z ? black : grey } }),
  };
}

export const repetition: BlackBoxAttack = {
  idea: 'looks for repeated blocks and for a period in the cipher of a constant picture',
  queries: () => 3,
  run,
};
