/** `medchaos/metrics` in a browser: all of index.ts but `nist`, which is `medchaos/nist`. */

export { InputError } from '../shared/errors.ts';
export type { Random } from '../shared/random.ts';
export type { Depth, Raster } from '../shared/types.ts';
export type { Differences } from './_differences.ts';
export {
  type AuditResult,
  type AuditTest,
  auditRow,
  auditTests,
  type PublishedRow,
  type Sense,
} from './audit.ts';
export { avalanche, expectedAvalanche } from './avalanche.ts';
export { type BitPlane, type BitPlanes, bitPlanes, type PlanePair } from './bit-planes.ts';
export {
  chiSquare,
  chiSquareOf,
  expectedChiSquare,
  expectedHistogramVariance,
  histogramVariance,
  histogramVarianceOf,
} from './chi-square.ts';
export {
  correlation,
  type Direction,
  directions,
  expectedCorrelation,
  measureCorrelation,
} from './correlation.ts';
export type { Level } from './differential.ts';
export {
  differential,
  differentialLimits,
  expectedChainedUaci,
  expectedDifferentialUaci,
  type KeySensitivity,
  keySensitivity,
} from './differential.ts';
export { channelEntropies, entropy, entropyOf, expectedEntropy } from './entropy.ts';
export { expectedGlcm, type Glcm, type GlcmOptions, glcm, glcmOffsets, type Offset } from './glcm.ts';
export { channelHistograms, histogram } from './histogram.ts';
export {
  dateBits,
  type EffectiveEntropy,
  effectiveEntropy,
  entropyOfCount,
  float32Bits,
  keyFileBits,
  orderBits,
  outputBits,
} from './key-space.ts';
export { expectedLocalEntropy, localEntropy, quotedInterval } from './local-entropy.ts';
export { expectedMae, mae } from './mae.ts';
export { metrics } from './metrics.ts';
export { expectedMse, mse } from './mse.ts';
export { expectedNpcr, npcr } from './npcr.ts';
export {
  binomialTails,
  chiSquareP,
  entropyP,
  histogramP,
  lowerP,
  twoSidedP,
  twoSidedQuantile,
} from './p-value.ts';
export { measureCell, measureDecrypted } from './paper.ts';
export { expectedPsnr, psnr, psnrOf } from './psnr.ts';
export { fisherInterval, type SampledCorrelation, sampledCorrelation } from './random-pairs.ts';
export { checkPair } from './raster.ts';
export { residual, residualUnit } from './residual.ts';
export {
  type MetricsOptions,
  type MetricsResult,
  measureEverything,
  sectionNames,
  sections,
  type Verdict,
} from './sections.ts';
export { ssim } from './ssim.ts';
export type { Entry, Settings } from './types.ts';
export {
  type Expectation,
  type Images,
  type Measured,
  type MeasureName,
  type Metric,
  measureNames,
  type Pair,
} from './types.ts';
export { expectedUaci, uaci } from './uaci.ts';
