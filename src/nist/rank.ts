/**
 * Binary matrix rank test, SP 800-22 rev 1a, section 2.5: N = floor(n / 1024) matrices of 32 x 32 bits over GF(2),
 * classes rank 32, 31, less; P(rank r) = 2^(r(64-r)-1024) prod_{i<r} (1-2^(i-32))^2 / (1-2^(i-r)), section 3.5.
 * p = P(chi2 at least as large), exact by the multinomial law of the three counts up to 20,000 matrices; beyond them, and
 * with `reference`, exp(-chi2 / 2), the law of 2 degrees of freedom. At least 38 matrices: 38,912 bits.
 */
import { chiSquared, needBits, withDefaults } from './_check.ts';
import { binomialMass } from './binomial.ts';
import type { Bits } from './bits.ts';
import type { NistOptions, TestResult } from './types.ts';

const side = 32;

/** @throws InputError below 38,912 bits */
export function rank(bits: Bits, options?: Partial<NistOptions>): TestResult {
  const checked = withDefaults(options);
  needBits('rank', bits, 38 * side * side, checked, side * side);
  const matrices = Math.floor(bits.n / (side * side));
  const counts = [0, 0, 0];
  for (let k = 0; k < matrices; k++) counts[Math.min(side - rankOf(bits.words, k * side), 2)]!++;
  const chi2 = chiSquared(counts, classes(), matrices);
  const exact = checked.reference ? null : rankTails(matrices);
  const p = exact?.tail(chi2) || Math.exp(-chi2 / 2);
  return { test: 'rank', subTests: [{ name: '', p }], statistics: { chi2, counts } };
}

/** Of rank 32, 31, less. */
function classes(): [number, number, number] {
  const [full, less] = [probability(side), probability(side - 1)];
  return [full, less, 1 - full - less];
}

export interface RankTails {
  /** P(chi2 >= value); 0 beyond the counts that matter. */
  tail(value: number): number;
  /** Every p that occurs, ascending. */
  readonly steps: readonly number[];
}

const mostMatrices = 20_000;
const tailsOf = new Map<number, RankTails | null>();

/** null beyond 20,000 matrices. */
export function rankTails(matrices: number): RankTails | null {
  const found = tailsOf.get(matrices);
  if (found !== undefined) return found;
  const tails = matrices > mostMatrices ? null : computeTails(matrices);
  tailsOf.set(matrices, tails);
  return tails;
}

/** chi2 of counts that differ by rounding alone. */
const rounding = 1 - 1e-9;

function computeTails(matrices: number): RankTails {
  const outcomes = outcomesOf(matrices).sort((a, b) => b.chi2 - a.chi2);
  const values: number[] = [];
  const steps: number[] = [];
  let sum = 0;
  for (const { chi2, mass } of outcomes) {
    sum += mass;
    if (values.length > 0 && chi2 >= values.at(-1)! * rounding) steps[steps.length - 1] = sum;
    else {
      values.push(chi2);
      steps.push(sum);
    }
  }
  return { steps, tail: (value) => steps[values.findLastIndex((one) => one >= value * rounding)] ?? 0 };
}

/** Every pair of counts within 12 sd: ranks 32 ~ Binomial(N, p1), of the others ranks 31 ~ Binomial(N - a, p2 / (1 - p1)). */
function outcomesOf(matrices: number): { chi2: number; mass: number }[] {
  const pi = classes();
  const first = binomialMass(matrices, pi[0]);
  return Array.from({ length: matrices + 1 }, (_, a) => a)
    .filter((a) => first.at(a) > 1e-20)
    .flatMap((a) => {
      const second = binomialMass(matrices - a, pi[1] / (1 - pi[0]));
      return Array.from({ length: matrices - a + 1 }, (_, b) => ({
        chi2: chiSquared([a, b, matrices - a - b], pi, matrices),
        mass: first.at(a) * second.at(b),
      })).filter(({ mass }) => mass > 1e-22);
    });
}

const basis = new Int32Array(side);

/** Rank of the 32 words from `from` on, by a basis with one vector per leading bit. */
function rankOf(words: Uint32Array, from: number): number {
  basis.fill(0);
  let found = 0;
  for (let i = from; i < from + side; i++) {
    let row: number = words[i]!;
    while (row !== 0) {
      const lead = Math.clz32(row);
      if (basis[lead] === 0) {
        basis[lead] = row;
        found++;
        break;
      }
      row ^= basis[lead]!;
    }
  }
  return found;
}

/** Probability that a random 32 x 32 matrix over GF(2) has rank r. */
export function probability(r: number): number {
  let product = 2 ** (r * (2 * side - r) - side * side);
  for (let i = 0; i < r; i++) product *= (1 - 2 ** (i - side)) ** 2 / (1 - 2 ** (i - r));
  return product;
}
