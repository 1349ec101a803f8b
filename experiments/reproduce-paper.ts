/**
 * The paper's Tables 1-7 with networks at the paper's input size, 224x224x3.
 *   npm run reproduce-tables -- --profile paper
 * Cost, estimated: 4096 pairs x 2 epochs at 26 (ResNet-18) and 40 (MobileNetV2) images/s on 2 CPU cores take 5 and
 * 3 minutes a network, half an hour in all with attacks and peers; interrupted, the same command goes on. Expect: R2
 * of the quick profile (above 0.97) or better.
 */
import type { Profile } from '../src/run/profile.ts';

export default {
  name: 'paper',
  train: { size: 224, batch: 32, valPairs: 512, lr: 1e-3, pairs: 4096, epochs: 2 },
  nets: { resnet18: {}, mobilenetv2: {} },
  fallback: { size: 64, batch: 16, valPairs: 64, maxSeconds: 300 },
  timingRepeats: 15,
} satisfies Profile;
