/** Every metric that is one number, in the order of tables. A new metric: its file, and its line here. */
import { chiSquareMetric, histogramVarianceMetric } from './chi-square.ts';
import { correlationMetrics } from './correlation.ts';
import { entropyMetric } from './entropy.ts';
import { localEntropyMetric } from './local-entropy.ts';
import { maeMetric } from './mae.ts';
import { mseMetric } from './mse.ts';
import { npcrMetric } from './npcr.ts';
import { psnrMetric } from './psnr.ts';
import { residualMetric } from './residual.ts';
import { ssimMetric } from './ssim.ts';
import type { Metric } from './types.ts';
import { uaciMetric } from './uaci.ts';

export const metrics: Readonly<Record<string, Metric>> = {
  uaci: uaciMetric,
  npcr: npcrMetric,
  mse: mseMetric,
  psnr: psnrMetric,
  entropy: entropyMetric,
  corr_h: correlationMetrics.horizontal,
  corr_v: correlationMetrics.vertical,
  corr_d: correlationMetrics.diagonal,
  residual: residualMetric,
  local_entropy: localEntropyMetric,
  chi2_cipher: chiSquareMetric,
  histogram_variance: histogramVarianceMetric,
  ssim: ssimMetric,
  mae: maeMetric,
};
