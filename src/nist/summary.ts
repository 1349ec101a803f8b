/**
 * Summary over M sequences, SP 800-22 rev 1a, section 4.2. Per sub-test, over its m p-values at level a:
 *   proportion of p >= a, accepted within (1-a) +- 3 sqrt(a (1-a) / m);
 *   P_T = igamc(9/2, chi2/2) of the p-values' histogram in 10 bins, accepted from 0.0001, meaningful from m = 55.
 * Where p takes few values its tenths are not alike: P_T and the proportion go by the law of p at this length (p-law.ts),
 * unless `reference` is set.
 * One by one these mislead: of 188 sub-tests some fall outside by chance. The verdict therefore corrects by Sidak:
 * among k looks at ideal data none is below 1 - (1 - level)^(1/k) with probability 1 - level if they are independent,
 * a higher one if they depend positively, as many here do. It looks at the smallest of all p-values, and from m = 55
 * on at each proportion (exact binomial, two-sided) and each P_T, each of the three at a third of the level.
 */

import { evenTenthsTail } from './_even-tenths.ts';
import { igamc } from './_special.ts';
import type { SequenceReport } from './battery.ts';
import { binomialMass } from './binomial.ts';
import { type Law, lawOf } from './p-law.ts';
import type { TestName } from './types.ts';

/** Fewest p-values for P_T, and for proportions in the verdict. */
export const fewest = 55;
/** NIST's threshold of P_T. */
export const uniformityLimit = 1e-4;

export interface SubTestSummary {
  readonly test: TestName;
  readonly name: string;
  /** Sequences that gave a p-value. */
  readonly m: number;
  readonly passed: number;
  readonly proportion: number;
  /** Where the proportion is accepted; cut to [0, 1]. */
  readonly interval: readonly [number, number];
  readonly inside: boolean;
  /** Two-sided exact binomial p-value of the number passed. */
  readonly proportionP: number;
  /** How many p-values in [0, 0.1), .., [0.9, 1]. */
  readonly bins: readonly number[];
  /** P_T; null below 55 p-values. */
  readonly uniformity: number | null;
  /** The p-value of the same bins by its exact law, up to 100 p-values in even tenths: the verdict uses it. */
  readonly uniformityP: number | null;
  readonly smallest: number;
}

/** A Sidak-corrected look at many p-values. */
export interface Correction {
  readonly looks: number;
  /** Per-look level. */
  readonly limit: number;
  readonly smallest: number;
  readonly rejected: boolean;
}

export interface Summary {
  readonly sequences: number;
  readonly alpha: number;
  readonly subTests: readonly SubTestSummary[];
  /** Tests without a p-value for some sequences, and why the first time. */
  readonly notApplicable: readonly { test: TestName; sequences: number; reason: string }[];
  /** Sub-tests outside their interval, and as many as ideal data would have there on average. */
  readonly outside: { readonly count: number; readonly expected: number };
  readonly corrections: {
    readonly pValues: Correction | null;
    readonly proportions: Correction | null;
    readonly uniformity: Correction | null;
  };
  /** `rejected` if any correction rejects; `none` without a single p-value. */
  readonly verdict: 'consistent' | 'rejected' | 'none';
}

/** Per-look level of `looks` independent looks at a family level. */
export const sidak = (level: number, looks: number): number => -Math.expm1(Math.log1p(-level) / looks);

/**
 * @param reports one per sequence
 * @param alpha level of a single test and of the verdict, in (0, 0.5)
 */
export function summarise(
  reports: readonly SequenceReport[],
  alpha = 0.01,
  { bits, reference = false }: SummaryOptions = {},
): Summary {
  const groups = [...gather(reports).values()];
  const law = (test: TestName): Law => (bits && !reference ? lawOf(test, bits) : null) ?? even;
  const subTests = groups.map((group) => summariseOne(group, law(group.test), alpha));
  const corrections = correct(
    groups.flatMap(({ p }) => p),
    subTests,
    alpha,
  );
  const rejected = Object.values(corrections).some((one) => one?.rejected);
  return {
    sequences: reports.length,
    alpha,
    subTests,
    notApplicable: missing(reports),
    outside: {
      count: subTests.filter(({ inside }) => !inside).length,
      expected: subTests.reduce((sum, { m, test }) => sum + chanceOutside(m, alpha, law(test)(alpha)), 0),
    },
    corrections,
    verdict: subTests.length === 0 ? 'none' : rejected ? 'rejected' : 'consistent',
  };
}

export interface SummaryOptions {
  /** Length of a sequence; P_T and proportions then go by the law of p at this length. */
  readonly bits?: number;
  readonly reference?: boolean;
}

const even: Law = (x) => x;

interface Group {
  readonly test: TestName;
  readonly name: string;
  readonly p: number[];
}

function gather(reports: readonly SequenceReport[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const outcome of reports.flat()) {
    if ('notApplicable' in outcome) continue;
    for (const { name, p } of outcome.subTests) {
      const key = `${outcome.test}/${name}`;
      const group = groups.get(key) ?? { test: outcome.test, name, p: [] };
      group.p.push(p);
      groups.set(key, group);
    }
  }
  return groups;
}

function summariseOne({ test, name, p }: Group, law: Law, alpha: number): SubTestSummary {
  const m = p.length;
  const passed = p.filter((value) => value >= alpha).length;
  const interval = proportionInterval(m, alpha);
  const proportion = passed / m;
  const bins = histogram(p);
  return {
    test,
    name,
    m,
    passed,
    proportion,
    interval,
    inside: proportion >= interval[0] && proportion <= interval[1],
    proportionP: binomialP(m - passed, m, law(alpha)),
    bins,
    uniformity: m < fewest ? null : uniformityOf(bins, m, tenthsOf(law)),
    uniformityP: m < fewest ? null : exactUniformity(bins, m, law),
    smallest: Math.min(...p),
  };
}

/** (1-a) +- 3 sqrt(a (1-a) / m), cut to [0, 1]. */
export function proportionInterval(m: number, alpha: number): [number, number] {
  const reach = 3 * Math.sqrt((alpha * (1 - alpha)) / m);
  return [Math.max(0, 1 - alpha - reach), Math.min(1, 1 - alpha + reach)];
}

function histogram(p: readonly number[]): number[] {
  const bins = new Array<number>(10).fill(0);
  for (const value of p) bins[Math.min(9, Math.floor(10 * value))]!++;
  return bins;
}

/** Shares of p in [0, 0.1), .., [0.9, 1]. */
function tenthsOf(law: Law): number[] {
  const edges = Array.from({ length: 11 }, (_, k) => (k === 10 ? 1 : law(k / 10)));
  return edges.slice(1).map((edge, k) => edge - edges[k]!);
}

const evenTenths = new Array<number>(10).fill(0.1);

/**
 * P_T of a histogram of m p-values in 10 bins.
 * @param shares of each bin over ideal bits
 */
export function uniformityOf(
  bins: readonly number[],
  m: number,
  shares: readonly number[] = evenTenths,
): number {
  const cells = atLeastOne(
    bins,
    shares.map((share) => m * share),
  );
  const chi2 = cells.reduce((sum, { count, expected }) => sum + (count - expected) ** 2 / expected, 0);
  return cells.length < 2 ? 1 : igamc((cells.length - 1) / 2, chi2 / 2);
}

function exactUniformity(bins: readonly number[], m: number, law: Law): number {
  const chi2 = (10 / m) * bins.reduce((sum, count) => sum + count ** 2, 0) - m;
  const exact = law === even ? evenTenthsTail(chi2, m) : null;
  return exact ?? uniformityOf(bins, m, tenthsOf(law));
}

/** Neighbouring bins together until each expects a p-value: below it chi-square has another law. */
function atLeastOne(bins: readonly number[], expected: readonly number[]) {
  const cells: { count: number; expected: number }[] = [];
  let open = { count: 0, expected: 0 };
  bins.forEach((count, k) => {
    open = { count: open.count + count, expected: open.expected + expected[k]! };
    if (open.expected < 1) return;
    cells.push(open);
    open = { count: 0, expected: 0 };
  });
  const last = cells.pop() ?? { count: 0, expected: 0 };
  return [...cells, { count: last.count + open.count, expected: last.expected + open.expected }];
}

/** Two-sided p-value of `failed` among m where each fails with probability alpha. */
function binomialP(failed: number, m: number, alpha: number): number {
  const mass = binomialMass(m, alpha);
  const tails = [mass.sum((k) => +(k >= failed)), mass.sum((k) => +(k <= failed))];
  return Math.min(1, 2 * Math.min(...tails));
}

/** Probability that ideal data leave the interval. */
function chanceOutside(m: number, alpha: number, failing: number): number {
  const [low, high] = proportionInterval(m, alpha);
  return binomialMass(m, failing).sum((failed) => +(1 - failed / m < low || 1 - failed / m > high));
}

function correct(all: readonly number[], subTests: readonly SubTestSummary[], alpha: number) {
  const enough = subTests.filter(({ m }) => m >= fewest);
  const level = enough.length > 0 ? alpha / 3 : alpha;
  const uniformity = enough.map((one) => one.uniformityP!);
  return {
    pValues: correction(all, level),
    proportions: correction(
      enough.map((one) => one.proportionP),
      level,
    ),
    uniformity: correction(uniformity, level),
  };
}

function correction(p: readonly number[], level: number): Correction | null {
  if (p.length === 0) return null;
  const limit = sidak(level, p.length);
  const smallest = p.reduce((least, value) => Math.min(least, value), 1);
  return { looks: p.length, limit, smallest, rejected: smallest < limit };
}

function missing(reports: readonly SequenceReport[]): Summary['notApplicable'] {
  const found = new Map<TestName, { test: TestName; sequences: number; reason: string }>();
  for (const outcome of reports.flat()) {
    if (!('notApplicable' in outcome)) continue;
    const { test, notApplicable } = outcome;
    const { sequences, reason } = found.get(test) ?? { sequences: 0, reason: notApplicable };
    found.set(test, { test, sequences: sequences + 1, reason });
  }
  return [...found.values()];
}
