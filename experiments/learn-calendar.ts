/**
 * What the networks can learn: target `calendar` at 64x64, no picture seen twice.
 *   npm run train -- experiments/learn-calendar.ts --net resnet18
 *   npm run train -- experiments/learn-calendar.ts --net mobilenetv2
 * Cost: 81,920 images (ResNet-18) and 131,072 (MobileNetV2); measured alone at batch 64, 2 CPU cores take 165 and
 * 355 images/s, which makes 8.3 and 6.2 minutes. Aim: R2 of 0.998 on unseen dates in the worst of the three Lorenz
 * parameters. Seed 1 gave ResNet-18 0.9993.
 */
import type { Experiment } from '../src/models/config.ts';

export default {
  size: 64,
  target: 'calendar',
  dates: 'fresh',
  pairs: 8192,
  valPairs: 1024,
  lr: 1e-3,
  warmup: 0.05,
  nets: {
    resnet18: { batch: 64, epochs: 10 },
    mobilenetv2: { batch: 32, epochs: 16 },
  },
} satisfies Experiment;
