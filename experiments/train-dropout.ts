/**
 * Does dropout help MobileNetV2, and does its best rate depend on the learning rate? Fresh pictures at 64x64.
 *   npm run sweep -- experiments/train-dropout.ts
 * The same without a file, each cell in the same form:
 *   npm run train -- --net mobilenetv2 --size 64 --dates fresh --epochs 4 --set dropout=0,0.1,0.2 --set lr=1e-3,3e-3 --set seed=1,2
 * Cost: 12 cells, an estimated 3 minutes each on two cores.
 */
import type { Sweep } from '../src/sweep/sweep.ts';
import type { TrainCell } from '../src/sweep/works/train.ts';

export default {
  name: 'train-dropout',
  question: 'Which dropout rate trains MobileNetV2 best?',
  work: 'train',
  base: { net: 'mobilenetv2', size: 64, dates: 'fresh', epochs: 4 },
  grid: { dropout: [0, 0.1, 0.2], lr: [1e-3, 3e-3] },
  seeds: [1, 2],
  rank: [
    { by: 'r2', better: 'higher' },
    { by: 'key_bits', better: 'higher' },
  ],
} satisfies Sweep<TrainCell>;
