/** Public sub-path `medchaos/metrics`: image-encryption metrics, each with its ideal-cipher expectation. */
export { channelHistograms, histogram } from './_histogram.ts';
export {
  type AuditResult,
  type AuditTest,
  auditRow,
  auditTests,
  type PublishedRow,
  type Sense,
} from './audit.ts';
export { chiSquare, chiSquareOf, expectedChiSquare } from './chi-square.ts';
export {
  correlation,
  type Direction,
  directions,
  expectedCorrelation,
  measureCorrelation,
} from './correlation.ts';
export { differential, differentialLimits, expectedDifferentialUaci } from './differential.ts';
export { entropy, entropyOf, expectedEntropy } from './entropy.ts';
export { expectedLocalEntropy, localEntropy, quotedInterval } from './local-entropy.ts';
export { expectedMse, mse } from './mse.ts';
export * as nist from './nist/index.ts';
export { expectedNpcr, npcr } from './npcr.ts';
export { measureCell, measureDecrypted } from './paper.ts';
export { expectedPsnr, psnr, psnrOf } from './psnr.ts';
export { residual, residualUnit } from './residual.ts';
export { type Expectation, type Measured, type MeasureName, measureNames } from './types.ts';
export { expectedUaci, uaci } from './uaci.ts';
