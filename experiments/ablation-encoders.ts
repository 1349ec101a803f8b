/**
 * How should the date be drawn? `text` as two lines of digits, `fields` as grey columns, `bits` as black and white ones.
 *   npm run sweep -- experiments/ablation-encoders.ts --results results/reference/ablation-encoders
 */
import type { Sweep } from '../src/sweep/sweep.ts';
import type { AblationConfig } from '../src/sweep/works/ablation.ts';

export default {
  name: 'ablation-encoders',
  question: 'Which picture of the date: text, grey fields, or bits?',
  work: 'ablation',
  base: {
    source: 'trained',
    map: 'lorenz',
    net: 'mobilenetv2',
    pairs: 2048,
    valPairs: 256,
    epochs: 3,
    dates: 512,
    sequences: 8,
  },
  grid: { encoder: ['text', 'fields', 'bits'] },
  seeds: [1, 2, 3],
  rank: [
    { by: 'r2', better: 'higher' },
    { by: 'keys_seconds', better: 'higher' },
  ],
} satisfies Sweep<AblationConfig>;
