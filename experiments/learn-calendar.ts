/**
 * What the networks can learn: target `calendar` at 64x64, no picture seen twice.
 *   npm run train -- experiments/learn-calendar.ts --net resnet18
 *   npm run train -- experiments/learn-calendar.ts --net mobilenetv2
 * Aim: R2 of 0.998 on unseen dates in the worst of the three Lorenz parameters within 10 minutes on 2 CPU cores.
 * Seed 1 on 2,048 dates: ResNet-18 0.9993 after 81,920 images, 8 min 9 s from the command to the end of the study.
 * MobileNetV2 0.9986 after 180,224 in 10.4 minutes with other work beside (validation 0.9982 after 155,648 and 9.0 minutes).
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
    mobilenetv2: { batch: 32, epochs: 22 },
  },
} satisfies Experiment;
