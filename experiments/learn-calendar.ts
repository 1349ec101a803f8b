/**
 * What the networks can learn: target `calendar` at 64x64, no picture seen twice.
 *   npm run train -- experiments/learn-calendar.ts --net resnet18
 *   npm run train -- experiments/learn-calendar.ts --net mobilenetv2
 * Cost: 81,920 images, at 165 (ResNet-18) and 355 (MobileNetV2) images/s on 2 CPU cores 8 and 4 minutes.
 * Aim: R2 of 0.998 on unseen dates in the worst of the three Lorenz parameters.
 */
import type { TrainConfig } from '../src/models/config.ts';

export default {
  size: 64,
  target: 'calendar',
  dates: 'fresh',
  pairs: 8192,
  epochs: 10,
  batch: 64,
  valPairs: 1024,
  lr: 1e-3,
  warmup: 0.05,
} satisfies Partial<TrainConfig>;
