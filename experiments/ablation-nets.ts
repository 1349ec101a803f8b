/**
 * Which network? All with the same few steps, far from the quick profile's; the time is part of the answer.
 *   npm run sweep -- experiments/ablation-nets.ts --results results/reference/ablation-nets
 */
import type { Sweep } from '../src/sweep/sweep.ts';
import type { AblationConfig } from '../src/sweep/works/ablation.ts';

export default {
  name: 'ablation-nets',
  question: 'Which network, after the same small training?',
  work: 'ablation',
  base: { source: 'trained', map: 'lorenz', pairs: 2048, valPairs: 256, epochs: 3, dates: 512, sequences: 8 },
  grid: { net: ['resnet18', 'mobilenetv2', 'resnet34'] },
  seeds: [1, 2, 3],
  rank: [
    { by: 'r2', better: 'higher' },
    { by: 'train_s', better: 'lower' },
  ],
} satisfies Sweep<AblationConfig>;
