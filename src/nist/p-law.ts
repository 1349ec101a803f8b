/**
 * The law of a p-value on ideal bits, for tests with few values of their statistic: F(x) = P(p < x). Over thousands of
 * sequences the steps of F show in P_T and in the proportions: of 97 matrices of 32 x 32 bits, which 100,000 bits have,
 * the rank test gives no p in some tenths as often as in others.
 *   frequency  ones ~ Binomial(n, 1/2)
 *   rank       exact tails of three classes (rank.ts)
 *   dft        counts ~ normal of variance 0.95 0.05 n / 3.8, in whole numbers
 *   cusum      whole z
 */

import { erfc, normalCdf } from './_special.ts';
import { binomialMass } from './binomial.ts';
import { cusumP } from './cusum.ts';
import { dftMean, dftVariance } from './dft.ts';
import { rankTails } from './rank.ts';
import type { TestName } from './types.ts';

export type Law = (x: number) => number;

/** Attainable p-values, ascending, with the probability of each and of all below. */
interface Step {
  readonly p: number;
  readonly upTo: number;
}

const laws: Partial<Record<TestName, (n: number) => readonly Step[]>> = {
  frequency: frequencySteps,
  rank: (n) => rankTails(Math.floor(n / 1024))?.steps.map((p) => ({ p, upTo: p })) ?? [],
  dft: dftSteps,
  cusum: (n) => descending(1, 6 * Math.sqrt(n), (z) => cusumP(z, n)).map((p) => ({ p, upTo: p })),
};

const known = new Map<string, Law | null>();

/** null: p is continuous enough, P(p < x) = x. */
export function lawOf(test: TestName, n: number): Law | null {
  const key = `${test}/${n}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const steps = laws[test]?.(n) ?? [];
  const law = steps.length === 0 ? null : (x: number): number => below(steps, x);
  known.set(key, law);
  return law;
}

/** Probability of all steps with p < x, by bisection. */
function below(steps: readonly Step[], x: number): number {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]!.p < x) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : steps[low - 1]!.upTo;
}

/** p of the whole numbers from `first` to `last`, smallest p first. */
const descending = (first: number, last: number, p: (k: number) => number): number[] =>
  Array.from({ length: Math.ceil(last) - first + 1 }, (_, at) => p(Math.ceil(last) - at));

/** Steps of a statistic |k - mean| with whole k: masses of both sides, from the outermost inwards. */
function twoSided(
  mean: number,
  reach: number,
  mass: (k: number) => number,
  p: (k: number) => number,
): Step[] {
  const all = [];
  for (let k = Math.ceil(mean - reach); k <= Math.floor(mean + reach); k++)
    all.push({ p: p(k), mass: mass(k) });
  all.sort((a, b) => a.p - b.p);
  let upTo = 0;
  return all.map(({ p, mass }) => {
    upTo += mass;
    return { p, upTo };
  });
}

function frequencySteps(n: number): Step[] {
  const sd = Math.sqrt(n) / 2;
  const mass = binomialMass(n, 1 / 2);
  return twoSided(n / 2, 8 * sd, mass.at, (k) => erfc(Math.abs(2 * k - n) / Math.sqrt(2 * n)));
}

function dftSteps(n: number): Step[] {
  const [mean, sd] = [dftMean(n), Math.sqrt(dftVariance(n))];
  const mass = (k: number): number => normalCdf((k + 0.5 - mean) / sd) - normalCdf((k - 0.5 - mean) / sd);
  return twoSided(mean, 8 * sd, mass, (k) => erfc(Math.abs(k - mean) / sd / Math.SQRT2));
}
