/**
 * Longest run of ones in a block, SP 800-22 rev 1a, sections 2.4 and 3.4. Blocks of M bits (8 from 128 bits on, 128
 * from 6,272, 10,000 from 750,000), each in a class by its longest run; chi-square over the K + 1 classes.
 * Class probabilities: P(longest <= k) = q_M; q_j = q_(j-1) - q_(j-k-2) / 2^(k+2), as the first run of k+1 ones ends at
 * bit j with a zero before it and none earlier. `reference` takes the program's printed ones: 4 decimals at M = 10,000, off by up to 0.0016,
 * 9 or 10 at M = 128, exact at M = 8 (where the document's own example uses 4).
 */
import { chiSquared, chiSquareTail, needBits, withDefaults } from './_check.ts';
import type { Bits } from './bits.ts';
import type { NistOptions, TestResult } from './types.ts';

interface Classes {
  readonly from: number;
  readonly M: number;
  /** The first class holds runs up to `low`, the last from `high` on. */
  readonly low: number;
  readonly high: number;
  /** Of NIST's program. */
  readonly printed: readonly number[];
}

const classes: readonly Classes[] = [
  {
    from: 750_000,
    M: 10_000,
    low: 10,
    high: 16,
    printed: [0.0882, 0.2092, 0.2483, 0.1933, 0.1208, 0.0675, 0.0727],
  },
  {
    from: 6272,
    M: 128,
    low: 4,
    high: 9,
    printed: [0.1174035788, 0.242955959, 0.249363483, 0.17517706, 0.102701071, 0.112398847],
  },
  { from: 0, M: 8, low: 1, high: 4, printed: [0.21484375, 0.3671875, 0.23046875, 0.1875] },
];

/** @throws InputError below 128 bits */
export function longestRun(bits: Bits, options?: Partial<NistOptions>): TestResult {
  const checked = withDefaults(options);
  needBits('longest-run', bits, 128, checked, 8);
  const kind = classes.find(({ from }) => bits.n >= from)!;
  const blocks = Math.floor(bits.n / kind.M);
  const counts = countClasses(bits.values, kind, blocks);
  const pi = checked.reference ? kind.printed : probabilities(kind);
  const chi2 = chiSquared(counts, pi, blocks);
  const p = chiSquareTail(chi2, pi.length - 1);
  return { test: 'longest-run', subTests: [{ name: '', p }], statistics: { chi2, counts, M: kind.M } };
}

function countClasses(values: Uint8Array, { M, low, high }: Classes, blocks: number): number[] {
  const counts = new Array<number>(high - low + 1).fill(0);
  for (let b = 0; b < blocks; b++) {
    const longest = longestOnes(values, b * M, (b + 1) * M);
    counts[Math.min(Math.max(longest, low), high) - low]!++;
  }
  return counts;
}

function longestOnes(values: Uint8Array, from: number, to: number): number {
  let longest = 0;
  let run = 0;
  for (let i = from; i < to; i++) {
    run = (run + 1) & -values[i]!; // 0 at a zero; no branch to mispredict: 5 ms for 30 on a million bits
    if (run > longest) longest = run;
  }
  return longest;
}

/** Exact probabilities of the classes. */
export function longestRunProbabilities(M: 8 | 128 | 10_000): number[] {
  return probabilities(classes.find((kind) => kind.M === M)!);
}

function probabilities({ M, low, high }: Classes): number[] {
  const upTo = Array.from({ length: high - low }, (_, i) => noLongerThan(low + i, M));
  return [...upTo, 1].map((share, i) => share - (i > 0 ? upTo[i - 1]! : 0));
}

/** P(no run of ones longer than k among M > k bits). */
function noLongerThan(k: number, M: number): number {
  const q = new Float64Array(M + 1).fill(1, 0, k + 1);
  q[k + 1] = 1 - 2 ** -(k + 1);
  for (let j = k + 2; j <= M; j++) q[j] = q[j - 1]! - q[j - k - 2]! * 2 ** -(k + 2);
  return q[M]!;
}
