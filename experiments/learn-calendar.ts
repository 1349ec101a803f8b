/**
 * What the networks can learn: target `calendar` at 64x64, no picture seen twice.
 *   npm run train -- experiments/learn-calendar.ts --net resnet18
 *   npm run train -- experiments/learn-calendar.ts --net mobilenetv2
 * Aim: R2 of 0.998 on unseen dates in the worst of the three Lorenz parameters within 10 minutes on 2 CPU cores.
 * Seed 1 on 2,048 dates, from the command to the end of the study: ResNet-18 0.9992 after 65,536 images in 8 min 59 s
 * (49,152 give 0.9977), MobileNetV2 0.9989 after 114,688 in 6 min 6 s (with
 * its dropout of 0.2, batch 32 and lr 1e-3 it had 0.9986 after 180,224).
 */
import type { Experiment } from '../src/training/config.ts';

export default {
  size: 64,
  target: 'calendar',
  dates: 'fresh',
  pairs: 8192,
  valPairs: 1024,
  lr: 1e-3,
  warmup: 0.05,
  nets: {
    resnet18: { batch: 64, epochs: 8 },
    mobilenetv2: { batch: 64, epochs: 14, lr: 3e-3, dropout: 0 },
  },
} satisfies Experiment;
