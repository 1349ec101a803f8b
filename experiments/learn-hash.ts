/**
 * What no network can learn: target `hash`, SHA-256 of the date, otherwise as learn-calendar.ts.
 *   npm run train -- experiments/learn-hash.ts --net mobilenetv2
 * Cost: 16,384 images, a minute on 2 CPU cores. Expect R2 of 0 or below: a near-constant key.
 */
import type { Experiment } from '../src/training/config.ts';

export default {
  size: 64,
  target: 'hash',
  dates: 'fresh',
  pairs: 8192,
  epochs: 2,
  batch: 64,
  valPairs: 1024,
  lr: 1e-3,
  warmup: 0.05,
} satisfies Experiment;
