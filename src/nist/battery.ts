/** All 15 tests on one sequence. */
import { InputError } from '../shared/errors.ts';
import { approximateEntropy } from './approximate-entropy.ts';
import type { Bits } from './bits.ts';
import { blockFrequency } from './block-frequency.ts';
import { cusum } from './cusum.ts';
import { dft } from './dft.ts';
import { frequency } from './frequency.ts';
import { linearComplexity } from './linear-complexity.ts';
import { longestRun } from './longest-run.ts';
import { nonOverlapping } from './non-overlapping.ts';
import { overlapping } from './overlapping.ts';
import { randomExcursions } from './random-excursions.ts';
import { randomExcursionsVariant } from './random-excursions-variant.ts';
import { rank } from './rank.ts';
import { runs } from './runs.ts';
import { serial } from './serial.ts';
import { type NistOptions, type TestName, type TestResult, testNames } from './types.ts';
import { universal } from './universal.ts';

type NistTest = (bits: Bits, options?: Partial<NistOptions>) => TestResult;

/** The tests by name. */
export const tests = {
  frequency,
  'block-frequency': blockFrequency,
  runs,
  'longest-run': longestRun,
  rank,
  dft,
  'non-overlapping': nonOverlapping,
  overlapping,
  universal,
  'linear-complexity': linearComplexity,
  serial,
  'approximate-entropy': approximateEntropy,
  cusum,
  'random-excursions': randomExcursions,
  'random-excursions-variant': randomExcursionsVariant,
} satisfies Record<TestName, NistTest>;

/** A test that the sequence is too short for, or whose walk returns too seldom. */
export interface NotApplicable {
  readonly test: TestName;
  readonly notApplicable: string;
}

/** One per chosen test, in the document's order. */
export type SequenceReport = readonly (TestResult | NotApplicable)[];

/**
 * Runs the battery: 188 p-values of 15 tests at the defaults, from 1,000,000 bits on.
 * @param chosen the tests to run; all unless given
 */
export function battery(
  bits: Bits,
  options?: Partial<NistOptions>,
  chosen: readonly TestName[] = testNames,
): SequenceReport {
  return chosen.map((test) => {
    try {
      return tests[test](bits, options);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return { test, notApplicable: error.message };
    }
  });
}
