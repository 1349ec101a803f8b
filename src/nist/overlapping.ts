/**
 * Overlapping template matching, SP 800-22 rev 1a, sections 2.8 and 3.8: windows of m ones in each of floor(n / M)
 * blocks of M bits; classes 0, 1, .., 4, at least 5 matches; chi-square with 5 degrees of freedom. m = 9, M = 1032.
 * Class probabilities are exact: a chain over (ones at the end, matches so far), M steps; at m = 9, M = 1032 rounded
 * to the six decimals that NIST's program carries (Hamano and Kaneko 2007, IEICE Trans. E90-A:1788), which moves p by
 * at most 2e-5 (e: 0.159032, unrounded 0.159037). The program then overwrites them, and so does `reference`, by
 * eta = (M-m+1) / 2^(m+1), P(0) = e^-eta, P(u) = (e^-eta / 2^u) sum_{l=1..u} C(u-1, l-1) eta^l / l!, the rest to the
 * last class: 0.3679 for 0.3641, p = 0.110434 on e. At least 1,000,000 bits.
 */
import { chiSquared, chiSquareTail, needBits, needInteger, withDefaults } from './_check.ts';
import type { Bits } from './bits.ts';
import type { NistOptions, TestResult } from './types.ts';

const K = 5;

/** At m = 9, M = 1032. */
const published = [0.364091, 0.185659, 0.139381, 0.100571, 0.0704323, 0.139865];

/** @throws InputError below 1,000,000 bits */
export function overlapping(bits: Bits, options?: Partial<NistOptions>): TestResult {
  const checked = withDefaults(options);
  const { templateM: m, overlappingM: M } = checked;
  needInteger('templateM', m, 2, 16);
  needInteger('overlappingM', M, m, 2 ** 20);
  needBits('overlapping', bits, 1_000_000, checked, M);
  const blocks = Math.floor(bits.n / M);
  const counts = countClasses(bits.values, m, M, blocks);
  const pi = checked.reference ? programProbabilities(m, M) : probabilities(m, M);
  const chi2 = chiSquared(counts, pi, blocks);
  const p = chiSquareTail(chi2, K);
  return { test: 'overlapping', subTests: [{ name: '', p }], statistics: { chi2, counts } };
}

function countClasses(values: Uint8Array, m: number, M: number, blocks: number): number[] {
  const counts = new Array<number>(K + 1).fill(0);
  for (let b = 0; b < blocks; b++) {
    let matches = 0;
    let run = 0;
    for (let i = b * M; i < (b + 1) * M; i++) {
      run = (run + 1) & -values[i]!;
      if (run >= m) matches++;
    }
    counts[Math.min(matches, K)]!++;
  }
  return counts;
}

const probabilities = (m: number, M: number): readonly number[] =>
  m === 9 && M === 1032 ? published : overlappingProbabilities(m, M);

const known = new Map<string, number[]>();

/** Exact probabilities of 0, 1, .., 4, and at least 5 windows of m ones among M bits. */
export function overlappingProbabilities(m: number, M: number): number[] {
  const key = `${m}/${M}`;
  const found = known.get(key) ?? chain(m, M);
  known.set(key, found);
  return found;
}

/** state[run][matches], run = ones at the end, at most m. */
function chain(m: number, M: number): number[] {
  const empty = () => Array.from({ length: m + 1 }, () => new Float64Array(K + 1));
  let state = empty();
  state[0]![0] = 1;
  for (let step = 0; step < M; step++) {
    const next = empty();
    state.forEach((row, run) => {
      const longer = Math.min(run + 1, m);
      row.forEach((share, matches) => {
        next[0]![matches]! += share / 2;
        next[longer]![longer === m ? Math.min(matches + 1, K) : matches]! += share / 2;
      });
    });
    state = next;
  }
  return Array.from({ length: K + 1 }, (_, u) => state.reduce((sum, row) => sum + row[u]!, 0));
}

function programProbabilities(m: number, M: number): number[] {
  const eta = (M - m + 1) / 2 ** (m + 1);
  const pi = Array.from({ length: K }, (_, u) => compound(u, eta));
  return [...pi, 1 - pi.reduce((sum, share) => sum + share, 0)];
}

/** Geometric numbers of matches in a Poisson number of clumps. */
function compound(u: number, eta: number): number {
  if (u === 0) return Math.exp(-eta);
  let [sum, term] = [0, eta]; // C(u-1, l-1) eta^l / l! at l = 1
  for (let l = 1; l <= u; l++) {
    sum += term;
    term *= ((u - l) / l) * (eta / (l + 1));
  }
  return (Math.exp(-eta) / 2 ** u) * sum;
}
