/** NIST SP 800-22 rev 1a (Bassham et al. 2010, doi 10.6028/NIST.SP.800-22r1a): 15 tests of randomness, 188 p-values. */

export { InputError } from '../shared/errors.ts';
export { erfc, igamc, normalCdf } from './_special.ts';
export { approximateEntropy } from './approximate-entropy.ts';
export { battery, type NotApplicable, type SequenceReport, tests } from './battery.ts';
export { type Bits, bitsFromBytes, bitsFromText } from './bits.ts';
export { blockFrequency } from './block-frequency.ts';
export { cusum } from './cusum.ts';
export { dft } from './dft.ts';
export { frequency } from './frequency.ts';
export { linearComplexity } from './linear-complexity.ts';
export { longestRun } from './longest-run.ts';
export { nonOverlapping } from './non-overlapping.ts';
export { overlapping } from './overlapping.ts';
export { randomExcursions } from './random-excursions.ts';
export { randomExcursionsVariant } from './random-excursions-variant.ts';
export { rank } from './rank.ts';
export { runs } from './runs.ts';
export { serial } from './serial.ts';
export {
  type Correction,
  proportionInterval,
  type SubTestSummary,
  type Summary,
  type SummaryOptions,
  sidak,
  summarise,
  uniformityOf,
} from './summary.ts';
export {
  type NistOptions,
  nistDefaults,
  type SubTest,
  type TestName,
  type TestResult,
  testNames,
} from './types.ts';
export { type UniversalShape, universal } from './universal.ts';
