/** A run of the SP 800-22 battery as a table of text: the command `nist`. */
import type { Correction, SubTestSummary, Summary } from '../nist/summary.ts';
import { fewest, uniformityLimit } from '../nist/summary.ts';
import type { TestName } from '../nist/types.ts';

export interface DescribedRun {
  readonly source: string;
  readonly bits: number;
  readonly sequences: number;
  readonly unusedBits: number;
  readonly advice?: readonly string[];
  readonly summary: Summary;
}

const count = (n: number, what: string): string => `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`;

/** One line a test, then the verdict over all tests. */
export function describeNist(run: DescribedRun): string {
  const { summary } = run;
  const unused = run.unusedBits > 0 ? `, ${count(run.unusedBits, 'bit')} at the end unused` : '';
  const tests = [...new Set(summary.subTests.map(({ test }) => test))];
  return [
    `${run.source}: ${count(run.sequences, 'sequence')} of ${count(run.bits, 'bit')}${unused}`,
    ...columns([heads, ...tests.map((test) => line(test, summary.subTests))]),
    ...summary.notApplicable.map(
      ({ test, sequences, reason }) =>
        `no p-value of ${test} in ${count(sequences, 'sequence')}, the first time because ${reason}`,
    ),
    ...(run.advice ?? []).map((sentence) => `advice: ${sentence}`),
    ...together(summary),
  ].join('\n');
}

const heads = ['test', 'sub-tests', 'm', 'passed', 'accepted', 'outside', 'P_T', 'smallest p'];

/** Of several sub-tests the lowest proportion, P_T and p-value. */
function line(test: TestName, all: readonly SubTestSummary[]): string[] {
  const subTests = all.filter((one) => one.test === test);
  const worst = subTests.reduce((low, one) => (one.proportion < low.proportion ? one : low));
  const uniformity = subTests.map((one) => one.uniformity).filter((p) => p !== null);
  const from = subTests.length > 1 ? 'from ' : '';
  return [
    test,
    String(subTests.length),
    String(worst.m),
    `${from}${worst.passed}/${worst.m}`,
    `${worst.interval[0].toFixed(4)}..${worst.interval[1].toFixed(4)}`,
    String(subTests.filter(({ inside }) => !inside).length),
    uniformity.length > 0 ? from + probability(Math.min(...uniformity)) : '-',
    probability(Math.min(...subTests.map(({ smallest }) => smallest))),
  ];
}

const probability = (p: number): string => (p >= 1e-4 || p === 0 ? p.toFixed(6) : p.toExponential(2));

function together({ subTests, sequences, alpha, outside, corrections, verdict }: Summary): string[] {
  const { pValues, proportions, uniformity } = corrections;
  const uneven = subTests.filter((one) => one.uniformity !== null && one.uniformity < uniformityLimit).length;
  return [
    `${outside.count} of ${subTests.length} sub-tests lie outside the accepted proportion; ` +
      `ideal data put ${outside.expected.toFixed(1)} there on average.`,
    ...(uniformity ? [`${uneven} sub-tests have P_T below ${uniformityLimit}.`] : [fewText(sequences)]),
    ...looked('p-value', pValues),
    ...looked('proportion', proportions),
    ...looked('P_T', uniformity),
    verdict === 'rejected'
      ? `verdict at level ${alpha}, corrected for all these looks: NOT random bits`
      : `verdict at level ${alpha}, corrected for all these looks: consistent with random bits`,
    'Passing SP 800-22 does not show security.',
  ];
}

const fewText = (sequences: number): string =>
  `Proportions and P_T mean something from ${fewest} sequences on, here ${sequences}; one p-value is no result.`;

function looked(what: string, correction: Correction | null): string[] {
  if (!correction) return [];
  const { looks, smallest, limit, rejected } = correction;
  const side = rejected ? 'below' : 'not below';
  return [
    `smallest ${what} of ${looks.toLocaleString('en')}: ${probability(smallest)}, ${side} the Sidak limit ${limit.toExponential(2)}`,
  ];
}

function columns(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join('  ')
      .trimEnd(),
  );
}
