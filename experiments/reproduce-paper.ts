/**
 * The paper's Tables 1-7 with networks at the paper's input size, 224x224x3.
 *   npm run reproduce-tables -- --profile paper
 * Cost: 8192 pairs x 6 epochs: by the measured 22 (ResNet-18) and 33 (MobileNetV2) images/s on 2 CPU cores
 * 37 and 25 minutes a network, about 2 hours for the four; interrupted, the same command goes on.
 * Expect: R2 above 0.99 for every target.
 */
import type { Profile } from '../src/run/profile.ts';

export default {
  name: 'paper',
  train: { size: 224, batch: 32, valPairs: 512, lr: 1e-3, pairs: 8192, epochs: 6 },
  nets: { resnet18: {}, mobilenetv2: {} },
  fallback: { size: 64, batch: 16, valPairs: 64, maxSeconds: 300 },
  timingRepeats: 15,
} satisfies Profile;
