/**
 * The paper's Tables 1-7 with networks at the paper's input size, 224x224x3.
 *   npm run reproduce-tables -- --profile paper
 * Cost, estimated: 8192 pairs x 3 epochs at 26 (ResNet-18) and 40 (MobileNetV2) images/s on 2 CPU cores take 16 and
 * 10 minutes a network, an hour for the four; interrupted, the same command goes on. Expect: R2 of the quick
 * profile (above 0.97) or better.
 */
import type { Profile } from '../src/run/profile.ts';

export default {
  name: 'paper',
  train: { size: 224, batch: 32, valPairs: 512, lr: 1e-3, pairs: 8192, epochs: 3 },
  nets: { resnet18: {}, mobilenetv2: {} },
  fallback: { size: 64, batch: 16, valPairs: 64, maxSeconds: 300 },
  timingRepeats: 15,
} satisfies Profile;
