/**
 * Differential NPCR and UACI: two cipher images whose plain images differ in one pixel (Wu, Noonan, Agaian 2011,
 * Cyber Journals JSAT, April). Ideal, F = 255 or 65535, N samples (not RGB pixels):
 *   NPCR mean F/(F+1), variance F / ((F+1)^2 N);
 *   UACI mean (F+2)/(3F+3), variance (F+2)(F^2+2F+3) / (18 (F+1)^2 F N).
 * Passing is necessary, not sufficient. NPCR is tested two-sided as well: too high is as non-random as too low.
 * The same expectations hold for one image under two neighbouring keys, where the keystreams part at once. They do not
 * hold for a plain image beside a wrong decryption: that UACI depends on the plain image (see `uaci`).
 */
import { InputError } from '../shared/errors.ts';
import type { Depth, Raster } from '../shared/types.ts';
import { differences } from './_differences.ts';
import { entry } from './_measure.ts';
import { avalanche } from './avalanche.ts';
import { expectedNpcr, npcrOf, npcrTails } from './npcr.ts';
import { lowerP, pText } from './p-value.ts';
import { checkPair, largestSample } from './raster.ts';
import { against, type Expectation, type Family, type Measured } from './types.ts';
import { uaciOf } from './uaci.ts';

/** Standard normal quantiles z(1 - alpha) and z(1 - alpha/2). */
const quantiles = {
  0.05: { oneSided: 1.6448536269514722, twoSided: 1.959963984540054 },
  0.01: { oneSided: 2.3263478740408408, twoSided: 2.5758293035489004 },
  0.001: { oneSided: 3.090232306167813, twoSided: 3.2905267314919255 },
} as const;
export type Level = keyof typeof quantiles;

/** Expectation of UACI, percent, of two independent uniform images of N samples. */
export function expectedDifferentialUaci(n: number, depth: Depth = 8): Expectation {
  const F = largestSample(depth);
  const variance = ((F + 2) * (F * F + 2 * F + 3)) / (18 * (F + 1) ** 2 * F * n);
  return { mean: (100 * (F + 2)) / (3 * F + 3), sd: 100 * Math.sqrt(variance) };
}

/**
 * UACI of a mean over trials of which each compares its cipher image with the one of the trial before. Two neighbours share
 * an image and correlate by 1/10 (of uniform a, b, c the covariance of |a - b| and |b - c| is 1/180, the variance 1/18):
 * the sd of a mean of 5 is sqrt(1.16) = 1.077 times that of independent trials. NPCR has no such term.
 */
export function expectedChainedUaci(n: number, trials: number, depth: Depth = 8): Expectation {
  const { mean, sd } = expectedDifferentialUaci(n, depth);
  return { mean, sd: sd * Math.sqrt((1 + (2 * (trials - 1)) / (10 * trials)) / trials) };
}

/** Acceptance limits at a level, percent: the paper's one-sided lower NPCR bound, and two-sided intervals. */
export function differentialLimits(n: number, alpha: Level, depth: Depth = 8) {
  const quantile = quantiles[alpha];
  if (!quantile)
    throw new InputError(`"alpha" expected 0.05, 0.01 or 0.001, got ${alpha}; choose one of these levels`);
  const forNpcr = expectedNpcr(n, depth);
  const interval = ({ mean, sd }: Expectation): [number, number] => [
    mean - quantile.twoSided * sd,
    mean + quantile.twoSided * sd,
  ];
  return {
    npcrLower: forNpcr.mean - quantile.oneSided * forNpcr.sd,
    npcr: interval(forNpcr),
    uaci: interval(expectedDifferentialUaci(n, depth)),
  };
}

/** NPCR and UACI of two cipher images beside their ideal. @throws InputError if the shapes differ */
export function differential(a: Raster, b: Raster): { npcr: Measured; uaci: Measured } {
  checkPair(a, b, 'first cipher', 'second cipher');
  const sums = differences(a, b);
  return {
    npcr: against(npcrOf(sums), expectedNpcr(sums.n, a.depth)),
    uaci: against(uaciOf(sums, a.depth), expectedDifferentialUaci(sums.n, a.depth)),
  };
}

export interface KeySensitivity {
  /** Percent of samples that differ. */
  readonly npcr: Measured;
  /** Mean difference, percent of the largest sample. */
  readonly uaci: Measured;
  /** Share of bits that differ, 0..1. */
  readonly avalanche: Measured;
}

/**
 * @param a cipher image of a plain image under one key
 * @param b cipher image of the same plain image under the other key
 * @throws InputError if the shapes differ or one is empty
 */
export const keySensitivity = (a: Raster, b: Raster): KeySensitivity => ({
  ...differential(a, b),
  avalanche: avalanche(a, b),
});

/** Wu, Noonan and Agaian's one-sided p beside the two-sided one. */
export const differentialFamily: Family = ({ cipher, second }) => {
  if (!second)
    throw new InputError('"differential" expected a second cipher image, got none; give --second CIPHER2');
  return Object.entries(keySensitivity(cipher, second)).map(([name, found]) => {
    const exact = name === 'npcr' ? npcrTails(differences(cipher, second), cipher.depth) : null;
    const pLower = exact?.lower ?? lowerP(found.z!);
    const remark = `one-sided, too low: p ${pText(pLower)}`;
    const unit = name === 'avalanche' ? '' : '%';
    return entry(`differential_${name}`, unit, found, {
      pLower,
      remark,
      ...(exact && { p: exact.twoSided }),
    });
  });
};
