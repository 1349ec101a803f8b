/**
 * The paper's Tables 1-7 with small networks: metadata images of 64x64 (the text encoder's smallest whole
 * scale), a few thousand pairs.
 *   npm run reproduce-tables
 * Cost: about 4 minutes on 2 CPU cores with the native engine, of which 3 train the four networks; within
 * 10 minutes on the wasm fallback, whose networks are labelled undertrained.
 * Expect: R2 of 0.97 or more for every target (seed 1 gave 0.976 to 0.996).
 */
import type { Profile } from '../src/reproduce/profile.ts';

export default {
  name: 'quick',
  train: { size: 64, batch: 32, valPairs: 256, lr: 1e-3 },
  nets: {
    resnet18: { pairs: 3072, epochs: 2 },
    mobilenetv2: { pairs: 3072, epochs: 3 },
  },
  fallback: { batch: 16, valPairs: 64, maxSeconds: 75 },
  timingRepeats: 5,
} satisfies Profile;
