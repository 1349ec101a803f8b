/**
 * What several seeds of one variant say: mean and sample standard deviation, and whether two variants differ, by a
 * paired t test over the seeds that both have (Student 1908).
 */
import jStat from 'jstat';
import { deviation, mean } from '../../shared/stats.ts';

export interface MeanSd {
  readonly n: number;
  /** null without a value. */
  readonly mean: number | null;
  /** With n - 1; null below two values. */
  readonly sd: number | null;
}

export function meanSd(values: readonly number[]): MeanSd {
  const n = values.length;
  if (n === 0) return { n, mean: null, sd: null };
  if (n === 1) return { n, mean: values[0]!, sd: null };
  if (values.every((v) => v === values[0])) return { n, mean: values[0]!, sd: 0 }; // a sum leaves 2e-18
  return { n, mean: mean(values), sd: deviation(values) };
}

export interface PairedTest {
  readonly pairs: number;
  /** Mean of a - b. */
  readonly difference: number;
  /** Two-sided; 1 where all differences are 0; null below two pairs, or where all are one other number: no spread. */
  readonly p: number | null;
}

/** Of values of the same seeds, in the same order. */
export function pairedTest(a: readonly number[], b: readonly number[]): PairedTest {
  const { n, mean, sd } = meanSd(a.map((value, i) => value - b[i]!));
  const difference = mean ?? 0;
  if (sd === null) return { pairs: n, difference, p: null };
  if (sd <= 1e-12 * Math.abs(difference)) return { pairs: n, difference, p: difference === 0 ? 1 : null };
  const t = Math.abs(difference) / (sd / Math.sqrt(n));
  return { pairs: n, difference, p: 2 * jStat.studentt.cdf(-t, n - 1) };
}
